import Base
import Contracts
import Metering
import Settlement
import Testing

@testable import Rating

/// Domain rule G10: one invoice with everything on it, to the cent.
struct AssembledInvoiceGoldenTests {
  private static let april = BillingMonth(year: 2013, month: 4)!
  private static let march = BillingMonth(year: 2013, month: 3)!

  /// April as G1 has it; March was billed before 2.5 of its hours came in; what the availability
  /// guarantee, the holdback and the customer's own work come to is given.
  @Test func theWorkedExample() throws {
    let power = try Golden.lines(
      Self.terms("1.047125"), Self.usage(2_205_000, 350), in: "EUR", month: Self.april)
    let given = [
      try Self.given("availability", .availability, "-13553.34"),
      try Self.given("holdback", .holdback, "-10842.67"),
      try Self.given("co-creation", .coCreation, "-7727.67"),
    ]
    let goodwill = InvoiceLine(
      try .goodwill(
        key: "goodwill/1", clause: "goodwill", reason: "a late engine",
        amount: Self.money("-450.00")),
      evidence: [], origin: .adjustment(1))
    let lines =
      power.map { InvoiceLine($0, evidence: []) } + given + [goodwill]
      + (try Self.correctionsOfMarch())
    let invoice = try Self.invoice(Self.april, lines)
    #expect(
      Self.text(invoice) == """
          Hours in use, adjusted for severity                              120,063.35
          Cycles                                                            15,470.00
          availability                                                     -13,553.34
          holdback                                                         -10,842.67
          co-creation                                                       -7,727.67
          Goodwill: a late engine                                             -450.00
          Correction of 2013-03, INV-000003: Hours in use, adjusted fo...      490.00
          net                                                              103,449.67
          VAT 0.20 on 103,449.67                                            20,689.93
          due                                                              124,139.60
        """)
    let step = try #require(invoice.lines.last?.rated.derivation.steps.last)
    #expect(
      step.inputs.map { "\($0.name) \($0.value)" } == ["recomputed 20089.84", "billed 19599.84"])
    #expect(invoice.lines.last?.rated.quantity == (try Ratio(5, over: 2)))
  }

  /// 100 hours at 187.2000 and a severity of 1.047 were billed for March; 102.5 were flown.
  private static func correctionsOfMarch() throws -> [InvoiceLine] {
    let before = try invoice(march, rated(march, hours: "100.0"))
    let number = InvoiceNumber(series: "INV", sequence: 3)
    let billed = try BilledInvoice(
      before.document, key: Invoice.key(contract: ContractKey("pbh"), month: march),
      number: number, month: march)
    return try Corrections(of: billed, later: []).lines(rated(march, hours: "102.5"))
  }

  private static func rated(_ month: BillingMonth, hours: String) throws -> [InvoiceLine] {
    let seconds = try #require(try Fixed(hours).exactly(places: 2)).units * 36
    return try Golden.lines(terms("1.047"), usage(Int64(seconds), 0), in: "EUR", month: month)
      .filter { $0.key == "power/hours" }.map { InvoiceLine($0, evidence: []) }
  }

  /// Nothing but a factor of that size acts on the hours.
  private static func terms(_ severity: String) throws -> SeverityHoursTerms {
    SeverityHoursTerms(
      hours: try MeterKey("engine-time"), cycles: try MeterKey("cycles"),
      rate: try Fixed("180.00"), cycleRate: try Fixed("42.50"),
      index: .agreed(factor: try Fixed("1.04")),
      derate: DerateTerms(
        meter: try MeterKey("derate-time"), table: try Golden.table("0:\(severity)")))
  }

  private static func usage(_ seconds: Int64, _ cycles: Int64) throws -> [MeteredUsage] {
    [
      try Golden.sum("engine-time", seconds, "s"), try Golden.count("cycles", cycles, "cycles"),
      try Golden.sum("derate-time", 0, "percent s"),
    ]
  }

  private static func given(
    _ clause: String, _ stage: Stage, _ amount: String
  ) throws -> InvoiceLine {
    let amount = try money(amount)
    return InvoiceLine(
      RatedLine(
        key: clause, clause: clause, stage: stage, asset: nil, assets: nil, description: clause,
        quantity: .one, unit: "month",
        amount: amount, derivation: Derivation(steps: [], sentence: "Given."),
        waterfall: try Waterfall(running: [("given", try amount.fixed.ratio)], line: amount),
        meters: [], flags: []), evidence: [])
  }

  private static func money(_ text: String) throws -> Money {
    Money(minor: try Fixed(text).units, try Currency("EUR"))
  }

  private static func invoice(
    _ month: BillingMonth, _ lines: [InvoiceLine]
  ) throws -> Invoice {
    try SettlementGolden.invoice(month, lines, contract: #""taxes":[{"tax":"vat"}]"#)
  }

  private static func text(_ invoice: Invoice) -> String {
    let lines = invoice.lines.map { line in
      let text = line.rated.description
      return [
        text.count > 66 ? "\(text.prefix(60))..." : text, line.rated.amount.fixed.grouped,
      ]
    }
    let taxes = invoice.taxes.map {
      ["\($0.tax.name) \($0.tax.rate) on \($0.base.fixed.grouped)", $0.amount.fixed.grouped]
    }
    return columns(
      lines + [["net", invoice.net.fixed.grouped]] + taxes
        + [["due", invoice.total.fixed.grouped]])
  }
}

/// Invoices of one contract, made of given lines.
enum SettlementGolden {
  static let taxes = #"""
    {"vat":{"name":"VAT","category":"S",
      "rates":[{"from":"2007-01-01","rate":"0.20"},{"from":"2013-06-01","rate":"0.21"}]},
     "reduced":{"name":"Reduced VAT","category":"S","rates":[{"from":"2007-01-01","rate":"0.07"}]}}
    """#

  /// `contract` and `customer` are further members of the two documents.
  static func invoice(
    _ month: BillingMonth, _ lines: [InvoiceLine], contract: String, customer: String = ""
  ) throws -> Invoice {
    let contract = try Contract(
      Node(
        json(
          """
          {"customer":"acme","currency":"EUR","zone":"UTC","from":"2013-01-01",
           "clauses":[{"key":"power","kind":"flatFee","amount":"1.00"},
                      {"key":"parts","kind":"flatFee","amount":"1.00"}],\(contract)}
          """)), key: ContractKey("pbh"))
    let extra = customer.isEmpty ? "" : ",\(customer)"
    let customer = try Customer(Node(json("{\"name\":\"Acme\"\(extra)}")), key: CustomerKey("acme"))
    var taxes: [TaxKey: Tax] = [:]
    guard case .object(let members) = try json(Self.taxes) else { return try empty() }
    for member in members {
      let key = try TaxKey(member.name)
      taxes[key] = try Tax(Node(member.value), key: key)
    }
    return try Invoice(
      contract: contract, customer: customer, month: month, period: month.period(in: .utc),
      zone: .utc, rules: .init(contractVersion: 1, meterVersions: [:]), lines: lines, taxes: taxes)
  }

  private static func empty() throws -> Invoice { throw Fault(.invalidValue, "no taxes") }

  static func json(_ text: String) throws -> JSON { try JSON(parsing: Array(text.utf8)) }
}
