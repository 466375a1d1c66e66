import Base
import Metering
import TestSupport
import Testing

struct UsageTests {
  /// Order, batching and splitting change nothing: sums of sums are the sum.
  @Test func addsUpInAnyOrderAndGrouping() {
    var random = SeededRandom(seed: 12)
    let parts = (0..<100).map { _ in
      Usage(count: random.number(0...9), units: Int128(random.number(Int64.min...Int64.max)))
    }
    func sum(_ parts: some Sequence<Usage>) -> Usage {
      var total = Usage()
      for part in parts { total.add(part) }
      return total
    }
    let total = sum(parts)
    #expect(sum(parts.shuffled(using: &random)) == total)
    let halves = [sum(parts[..<37]), sum(parts[37...])]
    #expect(sum(halves) == total)
    var rest = total
    rest.add(-halves[0].tally)
    #expect(rest == halves[1])
  }

  @Test func theLargestValuesOfManyEventsFit() {
    var total = Usage()
    for _ in 0..<1000 { total.add(Usage(count: 1, units: Int128(Int64.max))) }
    #expect(total == Usage(count: 1000, units: 1000 * Int128(Int64.max)))
  }

  @Test func isTheCountOrTheSumOfItsMeter() throws {
    let usage = Usage(count: 3, units: 4500)
    let count = MeterDefinition(
      key: try MeterKey("m"), eventTypes: [], aggregation: .count, unit: MeasureUnit("cycles"))
    let sum = MeterDefinition(
      key: try MeterKey("m"), eventTypes: [],
      aggregation: .sum(try NumberTerms(value: "/n", places: 3)), unit: .second)
    #expect(MeteredUsage(count, usage).value.description == "3")
    #expect(MeteredUsage(sum, usage).value.description == "4.500")
  }
}
