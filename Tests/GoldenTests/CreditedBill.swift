import Base
import Contracts
import Rating
import Settlement
import Workflow

/// A period as it was billed, with a credit note on its charges.
struct CreditedBill {
  private let invoice: IssuedInvoice
  private let note: CreditNote
  private let corrections: InvoiceCorrections

  /// What the note took back of the lines of the period.
  var credited: Credited { corrections.credited }

  /// A note on these parts; without any, on all that is left of the invoice.
  init(_ contract: Contract, _ month: RatedMonth, by parts: [CreditNote.Part]?) throws {
    let document = try Invoice(
      contract: contract,
      customer: Customer(Node(["name": "Acme"]), key: CustomerKey("acme")), month: month.month,
      period: month.period, zone: .utc, rules: .init(contractVersion: 1, meterVersions: [:]),
      lines: MonthRating.lines(month.lines, evidence: [:])
    ).document
    invoice = try IssuedInvoice(
      document, key: Invoice.key(contract: contract.key, month: month.month),
      number: InvoiceNumber(series: "INV", sequence: 1), month: month.month)
    note = try CreditNote(of: invoice, parts: parts, reason: "table")
    let issued = try IssuedCreditNote(note.document, in: contract.currency)
    corrections = try InvoiceCorrections(of: invoice, later: [], notes: [invoice.key: [issued]])
  }

  /// A note on half of what is left of each charge, of half a cent the whole one; nil where there
  /// is none. What was clawed back of a charge is not left of it.
  init?(half month: RatedMonth, _ contract: Contract) throws {
    let shares = month.lines.flatMap(\.shares).filter { $0.month == month.month }
    let parts = try month.lines.filter(\.shares.isEmpty).compactMap { line in
      let back = shares.filter { $0.line == line.key && $0.amount.amountMinor < 0 }
      let left = try back.reduce(month.left(of: line.key)) { try $0 + $1.amount }
      let half = try Money(rounding: left.fixed.ratio / Ratio(2), contract.currency)
      return half.amountMinor > 0 ? CreditNote.Part(line: line.key, amount: half.fixed) : nil
    }
    guard !parts.isEmpty else { return nil }
    try self.init(contract, month, by: parts)
  }

  /// What a clause's lines come to with the note on them, and with what the next invoice corrects
  /// once the period is `known` as it is then.
  func owed(of clause: String, knowing known: RatedMonth) throws -> Money {
    let corrected = try corrections.lines(MonthRating.lines(known.lines, evidence: [:]))
    let billed = invoice.lines.filter { $0.clause == clause }.map(\.billed.amount)
    let back = note.lines.filter { $0.of.clause == clause }.map(\.amount)
    let later = corrected.map(\.rated).filter { $0.clause == clause }.map(\.amount)
    return try (billed + back + later).reduce(.zero(known.currency)) { try $0 + $1 }
  }
}
