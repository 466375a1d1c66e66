import Base
import Contracts
import Rating
import Testing

@Suite("Recurring fees of public billing systems")
struct RecurringFeeTableTests {
  struct Case: Sendable, CustomStringConvertible {
    let interval: String
    let day: String
    let name: String
    let start: String
    let end: String?
    let target: String
    let amount: String
    var description: String { "\(name): each \(interval) on day \(day) from \(start) to \(target)" }
  }

  static let cases: [Case] = {
    var terms: [Substring] = []
    return recurringFeeTable.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard line.hasPrefix("  ") else {
        terms = words
        return nil
      }
      return Case(
        interval: String(terms[0]), day: String(terms[2]), name: String(words[0]),
        start: String(words[1]), end: words[2] == "-" ? nil : String(words[2]),
        target: String(words[3]), amount: String(words[4]))
    }
  }()

  /// The lines of every month up to the target, without the intervals that start behind it.
  @Test("As many intervals are due up to a day", arguments: cases)
  func amount(_ fee: Case) throws {
    let terms = RecurringFeeTerms(
      amount: try Fixed("1"),
      every: try #require(RecurringFeeTerms.Interval(rawValue: fee.interval)), due: .advance,
      day: Int(fee.day), proration: .day)
    let (start, target) = (try date(fee.start), try date(fee.target))
    let term = Period(
      start: ZoneRules.utc.startOfDay(start),
      end: try fee.end.map { ZoneRules.utc.startOfDay(try date($0)) } ?? .latest)
    let first = BillingMonth(year: start.year, month: start.month)!
    let last = BillingMonth(year: target.year, month: target.month)!
    var sum = Ratio.zero
    for month in BillingMonth.all(in: first...last) {
      let scope = ClauseScope(
        "fee", in: try Currency("USD"), RatingWindows(month, term: term, zone: .utc))
      for line in try RecurringFee(terms, scope).lines()
      where line.key <= "fee/\(target)" {
        sum = try sum + line.quantity.rounded(to: 9).ratio
      }
    }
    #expect(try sum == Fixed(fee.amount).ratio)
  }

  @Test("The table is there, whole")
  func count() {
    #expect(Self.cases.count == 66)
    #expect(Set(Self.cases.map(\.name)).count == 66)
  }

  private func date(_ text: String) throws -> CivilDate { try Node.date(Node(.string(text))) }
}
