import Base
import Contracts
import Rating
import Testing

/// The least and the most a month comes to, and coupons.
struct SpendTests {
  private static let currency = try! Currency("EUR")

  private static func money(_ text: String) throws -> Money {
    Money(minor: try #require(Fixed(text).exactly(places: 2)).units, currency)
  }

  /// The scope of a contract from a day of January 2013 on.
  private static func scope(from day: String = "2013-01-01") throws -> ClauseScope {
    let term = Period(start: ZoneRules.utc.startOfDay(try date(day)), end: .latest)
    return ClauseScope("c", in: currency, RatingWindows(SampleMonth.month, term: term, zone: .utc))
  }

  private static func date(_ text: String) throws -> CivilDate {
    try Node.date(Node(.string(text)))
  }

  @Test(arguments: [
    ("0.00", "2013-01-01", "1000.00"), ("999.99", "2013-01-01", "0.01"),
    ("1000.00", "2013-01-01", "0.00"), ("1234.56", "2013-01-01", "0.00"),
    ("-10.00", "2013-01-01", "1010.00"), ("0.00", "2013-01-16", "516.13"),
  ])
  func whatIsMissingIsCharged(reached: String, from: String, amount: String) throws {
    let line = try MinimumCommitment(
      MinimumCommitmentTerms(amount: Fixed("1000")), Self.scope(from: from)
    ).line(reached: Self.money(reached))
    #expect(line.amount.description == amount)
    #expect(line.stage == .minimum)
    #expect(
      try line.waterfall.bars.reduce(.zero(Self.currency)) { try $0 + $1.amount } == line.amount)
  }

  @Test(arguments: [
    ("0.00", "2013-01-01", "0.00"), ("1000.00", "2013-01-01", "0.00"),
    ("1000.01", "2013-01-01", "-0.01"), ("-5.00", "2013-01-01", "0.00"),
    ("1000.00", "2013-01-16", "-483.87"),
  ])
  func whatIsAboveIsTakenOff(spent: String, from: String, amount: String) throws {
    let line = try MaximumSpend(
      MaximumSpendTerms(amount: Fixed("1000"), proration: .day), Self.scope(from: from)
    ).line(spent: Self.money(spent))
    #expect(line.amount.description == amount)
    #expect(line.stage == .cap)
  }

  @Test func couponsMultiplyAndNeverTakeMoreThanThereIs() throws {
    let coupons = try [
      DiscountTerms.Coupon(name: "five off", cut: .amount(Fixed("5.00"))),
      .init(name: "ten", cut: .percent(Fixed("10"))),
      .init(name: "over", cut: .percent(Fixed("50")), until: BillingMonth("2013-01")),
      .init(
        name: "a third", cut: .percent(Fixed("33.3")), from: BillingMonth("2013-01"),
        until: BillingMonth("2013-02")),
    ]
    func bars(_ sum: String, _ coupons: [DiscountTerms.Coupon]) throws -> String {
      let line = try Discount(DiscountTerms(coupons: coupons), Self.scope())
        .line(of: Self.money(sum))
      return "\(line.amount): \(line.bars)"
    }
    #expect(
      try bars("100.00", coupons) == "-44.97: ten -10.00, a third -29.97, five off -5.00")
    #expect(try bars("3.00", coupons) == "-3.00: ten -0.30, a third -0.90, five off -1.80")
    #expect(try bars("-50.00", coupons) == "0.00: ten 0.00, a third 0.00, five off 0.00")
    #expect(try bars("100.00", []) == "0.00: discount 0.00")
    #expect(try bars("100.00", coupons.reversed()).hasPrefix("-44.97: "))
  }
}
