import Base
import Contracts
import Rating
import Testing

struct PercentageTests {
  private func line(
    _ payments: [String], rate: String = "2.5", freeAmount: String? = nil, freeEvents: Int? = nil,
    fixed: String? = nil, minimum: String? = nil, maximum: String? = nil
  ) throws -> RatedLine {
    func decimal(_ text: String?) throws -> Fixed? { try text.map { try Fixed($0) } }
    let terms = PercentageTerms(
      meter: try MeterKey("payments"), rate: .plain(try Fixed(rate)),
      freeAmount: try decimal(freeAmount),
      perEvent: PercentageTerms.PerEvent(
        free: freeEvents, fixed: try decimal(fixed), minimum: try decimal(minimum),
        maximum: try decimal(maximum)))
    let events = try payments.map { try Fixed($0).ratio }
    return try Percentage(
      terms, SampleMonth.scope, amount: events.reduce(.zero) { try $0 + $1 }, unit: "EUR",
      events: terms.readsEvents ? events : nil
    ).line()
  }

  /// Payments, and what they come to at 2.5 per cent and 0.30 each.
  @Test(arguments: [
    ([], "0.00"), (["0"], "0.00"), (["100"], "2.80"), (["100", "100"], "5.60"),
    (["0.01"], "0.30"), (["100", "-100"], "0.00"), (["-100"], "-2.80"), (["33.33"], "1.13"),
  ])
  func addsAFixedFeeToEach(payments: [String], amount: String) throws {
    #expect(try line(payments, fixed: "0.30").amount.description == amount)
  }

  @Test func takesTheFreeAmountInOrder() throws {
    #expect(try line(["60", "60", "60"], freeAmount: "100").amount.description == "2.00")
    #expect(
      try line(["60", "60", "60"], freeAmount: "100", fixed: "1").amount.description == "4.00")
    // Three free events, of which the third is free in part.
    #expect(
      try line(["60", "30", "60", "10"], freeAmount: "100", freeEvents: 3, fixed: "1")
        .amount.description == "3.50")
  }

  /// An event that is free pays no minimum; one that is billed never pays less.
  @Test func holdsEachFeeBetweenItsBounds() throws {
    let line = try line(["1", "50", "10000"], freeEvents: 1, minimum: "2", maximum: "100")
    #expect(line.amount.description == "102.00")
    #expect(line.bars == "percentage 251.25, minimum 0.75, maximum -150.00")
    #expect(line.step("free") == "1")
    #expect(line.derivation.sentence == "10051 EUR in 3 events make 102.00 EUR.")
  }

  /// What goes back is the exact negative of what it would cost, whatever the bounds.
  @Test(arguments: ["0.01", "7", "100", "99999.99"])
  func givesBackTheExactNegative(payment: String) throws {
    let paid = try line([payment], fixed: "0.3", minimum: "1", maximum: "50")
    let back = try line(["-\(payment)"], fixed: "0.3", minimum: "1", maximum: "50")
    #expect(paid.amount.amountMinor == -back.amount.amountMinor)
    #expect(try line(["-\(payment)"], freeAmount: "1000").amount.amountMinor <= 0)
  }

  /// Order does not matter where nothing is free, and neither does anything telescope wrongly.
  @Test func telescopes() throws {
    var random = Ratio.zero
    for cents in stride(from: 1, through: 40_000, by: 1777) {
      let payments = ["\(cents / 100).37", "\(cents).11", "-\(cents / 7).99"]
      let line = try line(payments, freeEvents: 1, fixed: "0.25", minimum: "0.50", maximum: "9")
      var sum = Money.zero(line.amount.currency)
      for bar in line.waterfall.bars { sum = try sum + bar.amount }
      #expect(sum == line.amount)
      random = try random + line.amount.fixed.ratio
    }
    #expect(random != .zero)
  }

  @Test func aMeterThatDoesNotSumItsEventsIsAFault() throws {
    let terms = PercentageTerms(
      meter: try MeterKey("payments"), rate: .plain(try Fixed("1")),
      perEvent: PercentageTerms.PerEvent(fixed: try Fixed("1")))
    let error = #expect(throws: Fault.self) {
      try Percentage(
        terms, SampleMonth.scope, amount: Ratio(10), unit: "EUR", events: [Ratio(10), Ratio(1)])
    }
    #expect(error?.code == .invalidValue)
  }
}
