import Base
import Metering
import Rating
import TestSupport
import Testing

struct UsageTableTests {
  static let period = SampleMonth.windows.period

  static func table(_ units: Int64, unit: String, places: Int = 0) throws -> UsageTable {
    UsageTable([
      UsageRequest(try MeterKey("m"), period): try SampleMonth.sum(
        "m", units, unit: unit, places: places)
    ])
  }

  /// A meter's units, its unit and places, and the hours they make.
  @Test(
    arguments: [
      (3600, "s", 0, "1"), (2_205_000, "s", 0, "612.5"), (90, "min", 0, "1.5"), (7, "h", 0, "7"),
      (1_500, "h", 3, "1.5"), (1, "s", 0, "1/3600"), (0, "min", 0, "0"),
    ] as [(Int64, String, Int, String)])
  func knowsTheHoursOfAMeterOfTime(
    units: Int64, unit: String, places: Int, hours: String
  ) throws {
    let table = try Self.table(units, unit: unit, places: places)
    #expect(try table.hours(UsageRequest(MeterKey("m"), Self.period)).description == hours)
  }

  @Test func aMeterThatCountsSomethingElseHasNoHours() throws {
    let table = try Self.table(7, unit: "kWh")
    #expect(
      fault { try table.hours(UsageRequest(MeterKey("m"), Self.period)) }
        == Fault(.invalidValue, "meter `m` counts `kWh`, not s, min or h"))
  }

  @Test func aMeterOrAWindowThatIsNotThereIsAFaultNeverAZero() throws {
    let table = try Self.table(7, unit: "s")
    #expect(
      fault { try table.usage(UsageRequest(MeterKey("n"), Self.period)) }?.code
        == .unknownReference)
    let year = SampleMonth.windows.year
    #expect(
      fault { try table.usage(UsageRequest(MeterKey("m"), year)) }?.code == .unknownReference)
  }
}
