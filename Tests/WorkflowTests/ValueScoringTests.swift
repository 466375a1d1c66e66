import Base
import Metering
import Testing
import Valuation
import Workflow

@Suite struct ValueRunTests {
  private static func plan(used: Int64, planned: Int64) throws -> ValueScoring.Plan {
    func count(_ key: String, _ count: Int64) throws -> MeteredUsage {
      MeteredUsage(
        MeterDefinition(
          key: try MeterKey(key), eventTypes: ["flight"], aggregation: .count,
          unit: MeasureUnit("flights")), Usage(count: count, units: Int128(count)))
    }
    return ValueScoring.Plan(used: try count("flown", used), planned: try count("planned", planned))
  }

  /// 65 of 100 stands in the middle of the goalposts 0.30 to 1.00.
  @Test func usedOverPlannedIsObserved() throws {
    let report = try ValueScoring.report(
      CustomerKey("acme"), months: [], plan: Self.plan(used: 65, planned: 100))
    #expect(report.score.readings.keys.map(\.id) == ["C3"])
    #expect(report.score.readings[.valueInUse]?.points.description == "50.000")
    #expect(report.score.customerCoverage.description == "0.2000")
    #expect(report.basis == [.valueInUse: "flown / planned"])
    // One dimension of ten is not enough for a number.
    #expect(report.score.composite == nil)
  }

  @Test func nothingPlannedObservesNothing() throws {
    for plan in [nil, try Self.plan(used: 0, planned: 0)] {
      let report = try ValueScoring.report(CustomerKey("acme"), months: [], plan: plan)
      #expect(report.score.readings.isEmpty)
    }
  }
}
