import Base
import Contracts
import Rating
import Testing

struct PrepaidCreditTests {
  private static func grant(
    _ name: String, _ amount: String, _ priority: Int, from: String, until: String? = nil
  ) throws -> PrepaidCreditTerms.Grant {
    .init(
      name: name, amount: try Fixed(amount), priority: priority, from: try BillingMonth(from),
      until: try until.map { try BillingMonth($0) })
  }

  private static func credit() throws -> PrepaidCredit {
    try PrepaidCredit(
      [
        grant("never expires", "50", 1, from: "2026-01"),
        grant("expires in June", "40", 1, from: "2026-01", until: "2026-07"),
        grant("older", "30", 1, from: "2025-12", until: "2026-03"),
        grant("newer", "20", 1, from: "2026-01", until: "2026-03"),
        grant("given", "10", 0, from: "2026-02"),
      ], in: Currency("EUR"))
  }

  /// `due: grant amount left` of each month.
  @Test func drawsByPriorityThenExpiryThenAge() throws {
    var credit = try Self.credit()
    var story: [String] = []
    for (month, due) in [
      ("2026-01", 3500), ("2026-02", 2000), ("2026-03", 1000), ("2026-04", -500),
      ("2026-07", 10_000),
    ] as [(String, Int128)] {
      let draws = try credit.draw(Money(minor: due, Currency("EUR")), in: BillingMonth(month))
      story += draws.map { "\(month) \($0.grant): \($0.amount), left \($0.left)" }
    }
    #expect(
      story == [
        "2026-01 older: 30.00, left 0.00", "2026-01 newer: 5.00, left 15.00",
        "2026-02 given: 10.00, left 0.00", "2026-02 newer: 10.00, left 5.00",
        // What was left of the newer one expired with February.
        "2026-03 expires in June: 10.00, left 30.00", "2026-07 never expires: 50.00, left 0.00",
      ])
    #expect(try credit.left(in: BillingMonth("2026-07")).amountMinor == 0)
    #expect(try credit.left(in: BillingMonth("2026-05")).amountMinor == 3000)
  }

  @Test(arguments: [0, 1, 4999, 5000, 9999, 15_000, 1_000_000] as [Int128])
  func neverDrawsMoreThanIsDueOrThere(due: Int128) throws {
    var credit = try Self.credit()
    let month = try BillingMonth("2026-02")
    let before = try credit.left(in: month).amountMinor
    let drawn = try credit.draw(Money(minor: due, Currency("EUR")), in: month)
      .reduce(0) { $0 + $1.amount.amountMinor }
    #expect(drawn == min(due, before))
    #expect(try credit.left(in: month).amountMinor == before - drawn)
  }
}
