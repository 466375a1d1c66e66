import Base
import Contracts
import Settlement
import Testing

@testable import Rating

/// Taxes per customer and clause, and what is left of them when an invoice is credited.
struct TaxGoldenTests {
  private static let march = BillingMonth(year: 2013, month: 3)!
  private static let june = BillingMonth(year: 2013, month: 6)!

  /// Three lines of 0.33: rounded once on their sum, the tax is 0.20; line by line it were 0.21.
  @Test func aTaxIsRoundedOnceOnTheSumOfItsLines() throws {
    let invoice = try Self.invoice(["power 0.33", "power 0.33", "power 0.33"])
    #expect(Self.taxes(of: invoice) == ["VAT S 0.20 on 0.99 = 0.20"])
    #expect(invoice.total.description == "1.19")
  }

  @Test(arguments: [
    (#""taxes":[{"tax":"vat"}]"#, "", ["VAT S 0.20 on 150.00 = 30.00"], "180.00"),
    (
      #""taxes":[{"tax":"vat"},{"tax":"reduced","clauses":["parts"]}]"#, "",
      ["VAT S 0.20 on 100.00 = 20.00", "Reduced VAT S 0.07 on 50.00 = 3.50"], "173.50"
    ),
    (
      #""taxes":[{"tax":"reduced","clauses":["parts"]}]"#, "",
      ["Reduced VAT S 0.07 on 50.00 = 3.50"], "153.50"
    ),
    (
      #""taxes":[{"tax":"vat"}]"#,
      #""taxExemption":{"category":"AE","reason":"Reverse charge"}"#,
      ["VAT AE 0.00 on 150.00 = 0.00, Reverse charge"], "150.00"
    ),
    (#""note":"no tax""#, "", [], "150.00"),
  ])
  func theContractSaysWhichTaxAndTheCustomerWhyNot(
    contract: String, customer: String, taxes: [String], total: String
  ) throws {
    let invoice = try Self.invoice(
      ["power 100.00", "parts 50.00"], contract: contract, customer: customer)
    #expect(Self.taxes(of: invoice) == taxes)
    #expect(invoice.total.description == total)
  }

  /// The rate of the month's last day holds; a correction keeps that of the month it corrects.
  @Test func eachLineHasTheRateOfItsMonth() throws {
    let corrections = try InvoiceCorrections(of: Self.billed(["power 90.00"]), later: [])
      .lines([Self.line("power 100.00")])
    let invoice = try SettlementGolden.invoice(
      Self.june, [Self.line("power 100.00")] + corrections, contract: #""taxes":[{"tax":"vat"}]"#)
    #expect(
      Self.taxes(of: invoice) == [
        "VAT S 0.21 on 100.00 = 21.00", "VAT S 0.20 on 10.00 = 2.00",
      ])
    let early = BillingMonth(year: 2006, month: 12)!
    #expect(throws: Fault(.unknownReference, "no rate of the tax `vat` holds on 2006-12-31")) {
      try SettlementGolden.invoice(
        early, [Self.line("power 1.00")], contract: #""taxes":[{"tax":"vat"}]"#)
    }
  }

  /// Credited cent by cent, the tax comes back to the cent: each note rounds the sum so far.
  @Test func creditNotesLeaveNoCentBehind() throws {
    let invoice = try Self.billed(["power 0.33", "power 0.33", "power 0.33"])
    var notes: [InvoiceKey: [IssuedCreditNote]] = [:]
    var rows: [String] = []
    for place in 0..<3 {
      let part = CreditNote.Part(line: invoice.lines[place].key, amount: try Fixed("0.33"))
      let note = try CreditNote(of: invoice, parts: [part], reason: "test", notes: notes)
      rows.append("\(note.net) \(note.tax) \(note.total)")
      notes[invoice.key, default: []].append(
        try IssuedCreditNote(note.document, in: invoice.currency))
    }
    #expect(rows == ["-0.33 -0.07 -0.40", "-0.33 -0.06 -0.39", "-0.33 -0.07 -0.40"])
    let whole = try CreditNote(of: invoice, parts: nil, reason: "test")
    #expect("\(whole.net) \(whole.tax) \(whole.total)" == "-0.99 -0.20 -1.19")
    #expect(
      throws: Fault(.wrongInvoiceStatus, "nothing of the invoice is left to credit")
    ) {
      try CreditNote(of: invoice, parts: nil, reason: "test", notes: notes)
    }
  }

  /// What an entry moves is in balance, whatever the signs.
  @Test func theLedgerIsInBalance() throws {
    let invoice = try Self.billed(["power 100.00", "parts -30.00"])
    let note = try CreditNote(of: invoice, parts: nil, reason: "test")
    let entries = [
      try LedgerEntry.finalised(invoice), try .voided(invoice),
      try .credited(note, InvoiceNumber(series: "CN", sequence: 1)),
      try .paid(invoice.key, invoice.total, reference: "bank"),
    ]
    let rows = entries.map { entry in
      entry.postings.map { "\($0.account) \($0.debit)" }.joined(separator: ", ")
    }
    #expect(
      rows == [
        "receivable 84.00, revenue.usage -70.00, taxPayable -14.00",
        "receivable -84.00, revenue.usage 70.00, taxPayable 14.00",
        "receivable -84.00, revenue.usage 70.00, taxPayable 14.00",
        "cash 84.00, receivable -84.00",
      ])
  }

  private static func invoice(
    _ lines: [String], contract: String = #""taxes":[{"tax":"vat"}]"#, customer: String = ""
  ) throws -> Invoice {
    try SettlementGolden.invoice(
      march, lines.enumerated().map { try line($1, number: $0) }, contract: contract,
      customer: customer)
  }

  private static func billed(_ lines: [String]) throws -> IssuedInvoice {
    try IssuedInvoice(
      invoice(lines).document, key: Invoice.key(contract: ContractKey("pbh"), month: march),
      number: InvoiceNumber(series: "INV", sequence: 1), month: march)
  }

  /// `power 12.50`: a line of that clause over that amount.
  private static func line(_ text: String, number: Int = 0) throws -> InvoiceLine {
    let words = text.split(separator: " ")
    let amount = Money(minor: try Fixed(words[1]).units, try Currency("EUR"))
    let clause = String(words[0])
    return InvoiceLine(
      RatedLine(
        key: "\(clause)/\(number)", clause: clause, stage: .usage, asset: nil, assets: nil,
        description: clause, quantity: .one,
        unit: "month", amount: amount, derivation: Derivation(steps: [], sentence: "Given."),
        waterfall: try Waterfall(running: [("given", try amount.fixed.ratio)], line: amount),
        meters: [], flags: []), evidence: [])
  }

  private static func taxes(of invoice: Invoice) -> [String] {
    invoice.taxes.map { sum in
      "\(sum.tax.name) \(sum.tax.category.rawValue) \(sum.tax.rate) on \(sum.base) = \(sum.amount)"
        + (sum.tax.reason.map { ", \($0)" } ?? "")
    }
  }
}
