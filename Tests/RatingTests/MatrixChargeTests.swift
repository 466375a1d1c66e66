import Base
import Contracts
import Metering
import Rating
import Testing

struct MatrixChargeTests {
  private static func meter(groups: Bool = true) throws -> MeterDefinition {
    try MeterDefinition(
      Node(
        .object([
          "aggregation": "sum", "eventTypes": ["e"], "unit": "calls", "value": "/n",
          "groupBy": groups ? ["/region", "/tier"] : nil,
        ])), key: MeterKey("calls"))
  }

  private func lines(
    _ groups: [(String, Int128)], otherwise: String? = nil, hasGroups: Bool = true
  ) throws -> [String] {
    let meter = try Self.meter(groups: hasGroups)
    let terms = MatrixTerms(
      meter: meter.key,
      rows: [
        .init(group: ["eu", "1"], price: .perUnit(rate: try Fixed("0.10"))),
        .init(group: ["us", "null"], price: .perUnit(rate: try Fixed("0.20"))),
      ], otherwise: try otherwise.map { .perUnit(rate: try Fixed($0)) })
    let parts = groups.map { name, units in
      UsageResult.Part(name, UsageSeries(meter, [Usage(count: 1, units: units)]))
    }
    let all = groups.reduce(0) { $0 + $1.1 }
    let answer = UsageResult(UsageSeries(meter, [Usage(count: 1, units: all)]), parts: parts)
    return try MatrixCharge(terms, SampleMonth.scope).lines(answer).map { "\($0.key) \($0.amount)" }
  }

  @Test func everyGroupHasItsOwnPrice() throws {
    #expect(
      try lines([(#"["eu",1]"#, 100), (#"["us",null]"#, 10)]) == [
        #"power/["eu",1] 10.00"#, #"power/["us",null] 2.00"#,
      ])
    #expect(try lines([]) == ["power 0.00"], "what was not used is reported too")
  }

  @Test func aGroupWithoutAPriceIsNeverFree() throws {
    #expect(try lines([(#"["jp",1]"#, 100)], otherwise: "0.50") == [#"power/["jp",1] 50.00"#])
    let error = #expect(throws: Fault.self) { try lines([(#"["jp",1]"#, 100)]) }
    #expect(error?.detail == #"clause `power` has no price for the group ["jp",1]"#)
  }

  @Test func aMeterWithoutGroupsIsAFault() throws {
    #expect(throws: Fault.self) { try lines([], otherwise: "1", hasGroups: false) }
  }
}
