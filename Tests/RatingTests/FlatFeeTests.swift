import Base
import Contracts
import Rating
import Testing

struct FlatFeeTests {
  private func line(
    _ from: String, _ until: String, isProrated: Bool = true, month: Int = 1,
    zone: ZoneRules = .utc
  ) throws -> RatedLine {
    let term = Period(
      start: try Node.instant(Node(.string(from))), end: try Node.instant(Node(.string(until))))
    let windows = RatingWindows(
      BillingMonth(year: 2013, month: month)!, term: term, zone: zone)
    let terms = FlatFeeTerms(amount: try Fixed("100.00"), isProrated: isProrated)
    return try FlatFee(terms, ClauseScope("fee", in: Currency("EUR"), windows)).line()
  }

  @Test(arguments: [
    ("2012-01-01T00:00:00Z", "2014-01-01T00:00:00Z", "100.00", "1"),
    ("2013-01-16T00:00:00Z", "2014-01-01T00:00:00Z", "51.61", "16/31"),
    ("2012-01-01T00:00:00Z", "2013-01-11T12:00:00Z", "33.87", "21/62"),
    ("2013-01-10T00:00:00Z", "2013-01-20T00:00:00Z", "32.26", "10/31"),
  ])
  func costsThePartThatIsCovered(
    from: String, until: String, amount: String, share: String
  ) throws {
    let line = try line(from, until)
    #expect(line.amount.description == amount)
    #expect(line.quantity.description == share)
    #expect(try self.line(from, until, isProrated: false).amount.description == "100.00")
  }

  /// March of New York has an hour less; half of it by the clock on the wall is not half of it.
  @Test func countsTheSecondsThereAre() throws {
    let newYork = ZoneRules(
      name: "America/New_York", initialOffsetSeconds: -18_000,
      changes: [.init(secondsSinceEpoch: 1_362_898_800, offsetSeconds: -14_400)])
    let line = try line("2013-03-16T16:00:00Z", "2014-01-01T00:00:00Z", month: 3, zone: newYork)
    #expect(line.quantity.description == "372/743")
  }
}
