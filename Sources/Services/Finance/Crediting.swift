package import Base
package import Settlement
package import Workflow

extension FinanceService {
  /// Takes back some lines of a final invoice, in part or whole, or without `parts` all that is
  /// left of it. What of a dispute is credited leaves it; that of the line `resolving` is left to
  /// the caller.
  package func credit(
    _ key: InvoiceKey, _ parts: [CreditNote.Part]?, reason: String, resolving: String? = nil,
    _ books: any Books
  ) throws -> StoredCreditNote {
    let invoice = try final(key, books)
    let documents = try FinalDocuments(invoice.contract, books)
    let disputes = try books.disputes(of: invoice)
      .filter { $0.line != resolving }
    let before = try disputes.isEmpty ? nil : claims(on: invoice, [], books)
    let note = try CreditNote(
      of: documents.billed(invoice), parts: parts, reason: reason,
      others: documents.others(than: key), notes: documents.notes)
    let number = try books.nextNumber(InvoiceNumber.creditNotes)
    let author = books.author(reason)
    try books.issue(.creditNote(note), as: number)
    _ = try note.total.storedMinor
    try books.record(
      InvoiceEvent(
        .credited, of: key, by: author, amount: try -note.total, reference: number.description,
        document: Digest(of: note.document.text.utf8)))
    try books.post(
      .credited(note, number), of: invoice.customer,
      on: billing.day(of: invoice, at: author.at, books.agreements), by: author)
    if let before {
      // What another dispute was granted is not what these claim.
      let named = resolving == nil ? parts ?? [] : []
      try reduce(disputes, of: key, by: named, before: before, author, books)
    }
    return try books.creditNote(number)
  }

  /// Takes a credit note back that was issued in error: what it gave back is owed again, by a
  /// document of its own.
  package func voidCreditNote(
    _ number: InvoiceNumber, reason: String, _ books: any Books
  ) throws -> StoredCreditNote {
    let kept = try books.creditNote(number)
    guard kept.reversal == nil else {
      throw Fault(
        .wrongInvoiceStatus, "\(number) was taken back already, by \(kept.reversal!.number)")
    }
    let invoice = try final(kept.invoice, books)
    let (note, billed) = (try kept.read(), try invoice.billed())
    let reversal = try CreditNoteReversal(of: note, number, reason: reason)
    let author = books.author(reason)
    let own = try books.nextNumber(InvoiceNumber.invoices)
    try books.issue(.reversal(reversal), as: own)
    try books.record(
      InvoiceEvent(
        .creditVoided, of: invoice.key, by: author, amount: reversal.total,
        reference: own.description, creditNote: number.description,
        document: Digest(of: reversal.document.text.utf8)))
    try books.post(
      .creditVoided(note, of: billed, own), of: invoice.customer,
      on: billing.day(of: invoice, at: author.at, books.agreements), by: author)
    return try books.creditNote(number)
  }
}
