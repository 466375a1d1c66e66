import Base
import Contracts
import Rating
import Testing

struct UsageChargeTests {
  private func line(_ quantity: String, _ terms: UsageChargeTerms) throws -> RatedLine {
    try UsageCharge(
      terms, ClauseScope("calls", in: Currency("EUR"), SampleMonth.windows),
      quantity: Fixed(quantity).ratio, unit: "calls"
    ).line()
  }

  private func terms(
    free: String? = nil, percent: String? = nil, discount: String? = nil, minimum: String? = nil,
    maximum: String? = nil
  ) throws -> UsageChargeTerms {
    func fixed(_ text: String?) throws -> Fixed? { try text.map { try Fixed($0) } }
    return try UsageChargeTerms(
      meter: MeterKey("calls"), price: .perUnit(rate: Fixed("0.335")), free: fixed(free),
      discountPercent: fixed(percent), discountAmount: fixed(discount), minimum: fixed(minimum),
      maximum: fixed(maximum))
  }

  /// First what is free, then the percentage, the amount, the most and the least.
  @Test func takesOffInOrder() throws {
    let all = try terms(free: "100", percent: "10", discount: "20", minimum: "5", maximum: "200")
    #expect(try line("0", all).amount.description == "5.00")
    #expect(try line("100", all).amount.description == "5.00")
    #expect(try line("300", all).amount.description == "40.30")
    #expect(try line("100000", all).amount.description == "200.00")
  }

  @Test func roundsOnce() throws {
    #expect(try line("1", terms()).amount.description == "0.34")
    #expect(try line("3", terms(percent: "50")).amount.description == "0.50")
    #expect(try line("10", terms(discount: "100")).amount.description == "0.00")
  }

  /// What goes back is neither free, nor discounted, nor held up by a minimum.
  @Test func creditsAsItIs() throws {
    let all = try terms(free: "100", percent: "10", discount: "20", minimum: "5", maximum: "200")
    #expect(try line("-10", all).amount.description == "-3.35")
  }

  @Test(arguments: ["0", "7", "99.5", "300", "123456.789"])
  func telescopes(quantity: String) throws {
    for terms in [
      try terms(), try terms(percent: "33"), try terms(discount: "7.77", minimum: "50"),
      try terms(free: "10", percent: "1", maximum: "100"),
    ] {
      let line = try line(quantity, terms)
      var sum = Money.zero(line.amount.currency)
      for bar in line.waterfall.bars { sum = try sum + bar.amount }
      #expect(sum == line.amount)
    }
  }

  @Test func explainsItself() throws {
    let line = try line("300", terms(free: "100", percent: "10", minimum: "5"))
    #expect(line.derivation.sentence == "300 calls, 200 of them billed, make 60.30 EUR.")
    #expect(
      line.derivation.steps.map { "\($0.name): \($0.formula) = \($0.exact)" } == [
        "free units: q = max(0, value - free) = 200", "price: at 0.335 = 67",
        "discount of 10 %: a = a - a * 10 / 100 = 60.3", "line: amount = round(amount) = 60.3",
      ])
    #expect(line.waterfall.bars.map(\.label) == ["price", "discount of 10 %"])
  }

  @Test func overflowsWithAName() throws {
    let terms = UsageChargeTerms(
      meter: try MeterKey("calls"), price: .perUnit(rate: try Fixed("999999999999.999999999999")))
    let huge = try Ratio(Int128.max, over: 7)
    let error = #expect(throws: Fault.self) {
      try UsageCharge(terms, SampleMonth.scope, quantity: huge, unit: "calls").line()
    }
    #expect(error?.code == .overflow)
  }
}
