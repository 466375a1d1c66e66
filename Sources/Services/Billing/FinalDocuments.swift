import Base
import Contracts
import Rating
import Settlement
import Workflow

/// The final invoices of a contract that are not void, by month, with the credit notes on them that
/// were not taken back. Each document is read once.
final class FinalDocuments {
  let invoices: [StoredInvoice]
  /// By the invoices that they are on, in order.
  let notes: [InvoiceKey: [IssuedCreditNote]]
  private let numbers: [(month: BillingMonth, number: InvoiceNumber)]
  private var read: [InvoiceKey: IssuedInvoice] = [:]
  private var credited: [BillingMonth: Credited]?

  /// Credit notes are not asked for where there are none.
  init(_ contract: ContractKey, hasNotes: Bool = true, _ snapshot: any Snapshot) throws {
    let invoices = try snapshot.invoices(.finals(contract))
    let kept = try hasNotes ? snapshot.creditNotes(.inForce(contract)) : []
    let byKey = Dictionary(uniqueKeysWithValues: invoices.map { ($0.key, $0) })
    var notes: [InvoiceKey: [IssuedCreditNote]] = [:]
    for note in kept {
      notes[note.invoice, default: []].append(try note.read())
    }
    self.invoices = invoices
    self.notes = notes
    numbers = kept.compactMap { note in byKey[note.invoice].map { ($0.month, note.number) } }
  }

  func billed(_ invoice: StoredInvoice) throws -> IssuedInvoice {
    if let known = read[invoice.key] { return known }
    let billed = try invoice.billed()
    read[invoice.key] = billed
    return billed
  }

  /// All but one.
  func others(than invoice: InvoiceKey) throws -> [IssuedInvoice] {
    try invoices.filter { $0.key != invoice }.map(billed)
  }

  func corrections(of invoice: StoredInvoice) throws -> InvoiceCorrections {
    try InvoiceCorrections(
      of: billed(invoice), later: others(than: invoice.key), notes: notes)
  }

  /// What credit notes took back of a month, wherever that was billed.
  func credited(_ month: BillingMonth) throws -> Credited? { try allCredited()[month] }

  /// The same of each month up to one, of those of which they took anything.
  func credited(through month: BillingMonth) throws -> [BillingMonth: Credited] {
    try allCredited().filter { $0.key <= month }
  }

  private func allCredited() throws -> [BillingMonth: Credited] {
    if let credited { return credited }
    let months = Dictionary(uniqueKeysWithValues: invoices.map { ($0.key.text, $0.month) })
    var all: [BillingMonth: Credited] = [:]
    for invoice in invoices {
      for note in notes[invoice.key] ?? [] {
        for (piece, amount) in try note.takenBack(of: billed(invoice)) {
          guard let month = months[piece.invoice] else { continue }
          var credited = all[month] ?? Credited(in: amount.currency)
          try credited.add(amount, to: piece.piece)
          all[month] = credited
        }
      }
    }
    credited = all
    return all
  }

  /// The credit notes on months before one: later figures rest on them.
  func noteNumbers(before month: BillingMonth) -> [InvoiceNumber] {
    numbers.filter { $0.month < month }.map(\.number)
  }
}
