import Base
import Contracts
import Testing

struct ServiceHoursTests {
  private static let newYork = ZoneRules(
    name: "America/New_York", initialOffsetSeconds: -18_000,
    changes: [.init(secondsSinceEpoch: 1_362_898_800, offsetSeconds: -14_400)])

  private static func periods(
    _ shifts: String, _ start: String, _ end: String, _ zone: ZoneRules = .utc
  ) throws -> [String] {
    let contract: Contract = try read(
      """
      {"customer":"9E","currency":"USD","zone":"UTC","from":"2013-01-01","clauses":[
      {"key":"a","kind":"availabilityGuarantee","meter":"m","serviceHours":[\(shifts)],
       "bands":[{"percent":"0"}]}]}
      """)
    guard let terms = contract.clauses[0].terms as? AvailabilityGuaranteeTerms,
      case .states(let states) = terms.measure
    else { return [] }
    let period = Period(start: Instant(start)!, end: Instant(end)!)
    return states.serviceHours?.periods(in: period, zone: zone)
      .map { "\($0.start)/\($0.end)" } ?? []
  }

  /// 2013-03-08 was a Friday; the clocks of New York went forward on the Sunday.
  @Test func followsTheClocksOfTheZone() throws {
    let shifts = #"{"days":["friday","sunday"],"from":"01:00","until":"04:00"}"#
    #expect(
      try Self.periods(shifts, "2013-03-08T00:00:00Z", "2013-03-12T00:00:00Z", Self.newYork) == [
        "2013-03-08T06:00:00Z/2013-03-08T09:00:00Z", "2013-03-10T06:00:00Z/2013-03-10T08:00:00Z",
      ])
  }

  @Test func shiftsThatMeetAreOne() throws {
    let shifts = """
      {"days":["monday"],"from":"06:00","until":"14:00"},
      {"days":["monday"],"from":"13:00","until":"24:00"},
      {"days":["tuesday"],"from":"00:00","until":"02:00"},
      {"days":["tuesday"],"from":"05:00","until":"06:00"}
      """
    #expect(
      try Self.periods(shifts, "2013-03-04T00:00:00Z", "2013-03-06T00:00:00Z") == [
        "2013-03-04T06:00:00Z/2013-03-05T02:00:00Z", "2013-03-05T05:00:00Z/2013-03-05T06:00:00Z",
      ])
  }

  /// What lies outside of the period is cut off.
  @Test func staysInsideThePeriod() throws {
    let shifts = #"{"days":["monday"],"from":"06:00","until":"14:00"}"#
    #expect(
      try Self.periods(shifts, "2013-03-04T08:00:00Z", "2013-03-04T09:00:00Z") == [
        "2013-03-04T08:00:00Z/2013-03-04T09:00:00Z"
      ])
    #expect(try Self.periods(shifts, "2013-03-04T14:00:00Z", "2013-03-05T00:00:00Z") == [])
    #expect(try Self.periods(shifts, "2013-03-04T06:00:00Z", "2013-03-04T06:00:00Z") == [])
  }
}
