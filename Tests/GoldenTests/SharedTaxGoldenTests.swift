import Base
import Contracts
import Rating
import Settlement
import Testing
import Workflow

/// What changes the total carries the taxes of the lines that it falls on: each line is named by
/// the tax on it, and each figure is found by hand, by the rule of the largest remainder.
struct SharedTaxGoldenTests {
  private static let rates = [
    "t22": "0.22", "t20": "0.20", "t19": "0.19", "t10": "0.10", "t7": "0.07",
  ]

  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// By their taxes.
    var fees = ["t20": "100.00", "t10": "100.00"]
    var clauses = ""
    var invoicing: JSON?
    /// Goodwill.
    var given: String?
    var taxes = ["0.10 on 75.00 = 7.50", "0.20 on 75.00 = 15.00"]
    var total = "172.50"
  }

  private static let thirds = ["t22": "33.34", "t20": "33.33", "t10": "33.33"]
  private static let oneToTwo = ["t20": "100.00", "t10": "200.00"]

  static let cases = [
    Case(
      testDescription: "nothing", taxes: ["0.10 on 100.00 = 10.00", "0.20 on 100.00 = 20.00"],
      total: "230.00"),
    Case(
      testDescription: "a coupon of an amount",
      clauses: "{key: x, kind: discount, coupons: [{name: c, amount: 50}]}"),
    Case(
      testDescription: "a coupon in per cent",
      clauses: "{key: x, kind: discount, coupons: [{name: c, percent: 25}]}"),
    Case(
      testDescription: "a coupon for one clause",
      clauses: "{key: x, kind: discount, clauses: [t20], coupons: [{name: c, amount: 50}]}",
      taxes: ["0.10 on 100.00 = 10.00", "0.20 on 50.00 = 10.00"], total: "170.00"),
    Case(
      testDescription: "a maximum", clauses: "{key: x, kind: maximumSpend, amount: 150}"),
    Case(
      testDescription: "prepaid credit that was given",
      clauses: "{key: x, kind: prepaidCredit, grants: [{name: g, amount: 50, from: 2026-01}]}"),
    Case(
      testDescription: "a service credit",
      clauses: """
        {key: x, kind: availabilityGuarantee, energy: {actual: made, lost: missed},
         bands: [{atLeast: 95, percent: 0}, {percent: 25}]}
        """),
    Case(
      testDescription: "a malus",
      clauses: "{key: x, kind: bonusMalus, meter: made, target: 100, malus: {slope: 2.5}}"),
    Case(
      testDescription: "a bonus",
      clauses: "{key: x, kind: bonusMalus, meter: made, target: 80, bonus: {slope: 2.5}}",
      taxes: ["0.10 on 125.00 = 12.50", "0.20 on 125.00 = 25.00"], total: "287.50"),
    Case(
      testDescription: "a holdback",
      clauses: """
        {key: s, kind: scorecard, span: quarter,
         kpis: [{name: k, weight: 1, meter: made, threshold: 0, target: 100}]},
        {key: x, kind: holdback, percent: 25, scorecard: s}
        """),
    Case(testDescription: "goodwill", given: "-50.00"),
    Case(testDescription: "a document's maximum", invoicing: ["maximum": "150.00"]),
    Case(
      testDescription: "a document's minimum", fees: oneToTwo, invoicing: ["minimum": "360.00"],
      taxes: ["0.10 on 240.00 = 24.00", "0.20 on 120.00 = 24.00"], total: "408.00"),
    Case(
      testDescription: "a minimum", fees: oneToTwo,
      clauses: "{key: x, kind: minimumCommitment, amount: 360}",
      taxes: ["0.10 on 240.00 = 24.00", "0.20 on 120.00 = 24.00"], total: "408.00"),
    // 10.01 by 33.34, 33.33 and 33.33: 3.33 each, and a cent to the first two that lost most.
    Case(
      testDescription: "thirds", fees: thirds,
      clauses: "{key: x, kind: discount, coupons: [{name: c, amount: 10.01}]}",
      taxes: ["0.10 on 30.00 = 3.00", "0.20 on 29.99 = 6.00", "0.22 on 30.00 = 6.60"],
      total: "105.59"),
    // Documents, sample 02: -2,410.60 and -63.00.
    Case(
      testDescription: "the sample of documents, 3.4", fees: ["t19": "48211.90", "t7": "1260.00"],
      clauses: "{key: x, kind: discount, coupons: [{name: c, amount: 2473.60}]}",
      taxes: ["0.07 on 1197.00 = 83.79", "0.19 on 45801.30 = 8702.25"], total: "55784.34"),
  ]

  @Test("What is taken off, or added, has the taxes of the lines it falls on", arguments: cases)
  func shared(_ agreed: Case) throws {
    let invoice = try Self.invoice(agreed)
    let taxes = invoice.taxes.map { "\($0.tax.rate) on \($0.base) = \($0.amount)" }.sorted()
    #expect(taxes == agreed.taxes)
    #expect("\(invoice.total)" == agreed.total)
    // Credited whole, no cent stays behind.
    let billed = try IssuedInvoice(
      invoice.document, key: Invoice.key(contract: invoice.contract.key, month: invoice.month),
      number: InvoiceNumber(series: "INV", sequence: 1), month: invoice.month)
    let note = try CreditNote(of: billed, parts: nil, reason: "test")
    #expect("\(note.total)" == "-\(agreed.total)")
    #expect(
      note.taxes.map { "\($0.tax.rate) on \($0.base) = \($0.amount)" }.sorted()
        == agreed.taxes.map { $0.replacing("on ", with: "on -").replacing("= ", with: "= -") })
  }

  private static func invoice(_ agreed: Case) throws -> Invoice {
    // The first is the one that is named first in `rates`, from the highest on.
    let fees = agreed.fees.sorted { rates[$0.key]! > rates[$1.key]! }
    let list = fees.map { "{key: \($0.key), kind: flatFee, amount: \"\($0.value)\"}" }
    let others = agreed.clauses.isEmpty ? [] : [agreed.clauses]
    var contract = try RatedContract(
      "[\((list + others).joined(separator: ",\n"))]", from: "2026-01",
      invoicing: agreed.invoicing,
      taxes: .array(
        fees.map { ["tax": .string($0.key), "clauses": [.string($0.key)]] }))
    try contract.show("made", "90", in: "2026-01")
    try contract.show("missed", "10", in: "2026-01")
    let month = try contract.months(through: "2026-01")[0]
    var lines = MonthRating.lines(month.lines, evidence: [:])
    if let given = agreed.given {
      let amount = Money(minor: try Fixed(given).units, month.currency)
      lines.append(
        InvoiceLine(
          try .goodwill(key: "goodwill/1", clause: "goodwill", reason: "test", amount: amount),
          evidence: [], origin: .adjustment(1)))
    }
    return try Invoice(
      contract: contract.contract,
      customer: Customer(Node(["name": "Acme"]), key: CustomerKey("acme")), month: month.month,
      period: month.period, zone: .utc, rules: .init(contractVersion: 1, meterVersions: [:]),
      lines: lines, taxes: taxes())
  }

  private static func taxes() throws -> [TaxKey: Tax] {
    try rates.reduce(into: [:]) { taxes, rate in
      let key = try TaxKey(rate.key)
      taxes[key] = try Tax(
        Node([
          "name": .string(rate.key), "category": "S",
          "rates": [["from": "2020-01-01", "rate": .string(rate.value)]],
        ]), key: key)
    }
  }
}
