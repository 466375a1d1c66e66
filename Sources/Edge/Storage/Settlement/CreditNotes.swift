package import Base
import Contracts
import GRDB
package import Settlement

/// A credit note as it is kept.
package struct KeptCreditNote: Sendable {
  /// What took it back.
  package struct Reversal: Sendable {
    package let number: InvoiceNumber
    package let issued: Instant
    package let total: Money
    package let document: String
  }

  package let number: InvoiceNumber
  package let invoice: InvoiceKey
  package let issued: Instant
  package let total: Money
  package let document: String
  /// Nil where it stands.
  package let reversal: Reversal?

  func read() throws -> IssuedCreditNote {
    try IssuedCreditNote(JSON(parsing: Array(document.utf8)), in: total.currency)
  }
}

extension SettlementDesk {
  /// Takes back some lines of a final invoice, in part or whole, or without `parts` all that is
  /// left of it. What of a dispute is credited leaves it; that of the line `resolving` is left to
  /// the caller.
  package func credit(
    _ key: InvoiceKey, _ parts: [CreditNote.Part]?, reason: String, resolving: String? = nil,
    _ transaction: MoneyTransaction
  ) throws -> KeptCreditNote {
    let db = transaction.db
    let invoice = try final(key, db)
    let documents = try FinalDocuments(invoice.contract, db)
    let disputes = try InvoiceEvents.disputes(of: key, in: invoice.total.currency, db)
      .filter { $0.line != resolving }
    let before = try disputes.isEmpty ? nil : claims(on: invoice, [], db)
    let note = try CreditNote(
      of: documents.billed(invoice), parts: parts, reason: reason,
      others: documents.others(than: key), notes: documents.notes)
    let number = try Invoices.nextNumber(InvoiceNumber.creditNotes, db)
    let author = transaction.author(reason)
    try CreditNotes.insert(note, number, author.at, db)
    _ = try note.total.storedMinor
    try InvoiceEvents.append(
      InvoiceEvent(
        .credited, of: key, by: author, amount: try -note.total, reference: number.description,
        document: Digest(of: note.document.text.utf8)), db)
    try Ledger.append(
      .credited(note, number), of: invoice.customer, on: day(of: invoice, at: author.at),
      by: author, db)
    if let before {
      // What another dispute was granted is not what these claim.
      let named = resolving == nil ? parts ?? [] : []
      try reduce(disputes, of: key, by: named, before: before, author, db)
    }
    return try CreditNotes.get(number, db)
  }

  /// Takes a credit note back that was issued in error: what it gave back is owed again, by a
  /// document of its own.
  package func voidCreditNote(
    _ number: InvoiceNumber, reason: String, _ transaction: MoneyTransaction
  ) throws -> KeptCreditNote {
    let db = transaction.db
    let kept = try CreditNotes.get(number, db)
    guard kept.reversal == nil else {
      throw Fault(
        .wrongInvoiceStatus, "\(number) was taken back already, by \(kept.reversal!.number)")
    }
    let invoice = try final(kept.invoice, db)
    let (note, billed) = (try kept.read(), try invoice.billed())
    let reversal = try CreditNoteReversal(of: note, number, reason: reason)
    let author = transaction.author(reason)
    let own = try Invoices.nextNumber(InvoiceNumber.invoices, db)
    try CreditNotes.insert(reversal, own, author.at, db)
    try InvoiceEvents.append(
      InvoiceEvent(
        .creditVoided, of: invoice.key, by: author, amount: reversal.total,
        reference: own.description, creditNote: number.description,
        document: Digest(of: reversal.document.text.utf8)), db)
    try Ledger.append(
      .creditVoided(note, of: billed, own), of: invoice.customer,
      on: day(of: invoice, at: author.at), by: author, db)
    return try CreditNotes.get(number, db)
  }
}

/// The credit notes of invoices.
package struct CreditNotes: Sendable {
  private static let columns = """
    SELECT \(ProvenTable.creditNote.selection()), currency, reversal.sequence AS reversal,
      reversal.issued AS reversed, reversal.total AS reversal_total,
      reversal.document AS reversal_document
    FROM credit_note JOIN invoice ON invoice.key = invoice
      LEFT JOIN credit_note_reversal AS reversal ON reversal.credit_note = credit_note.sequence
    """

  private let store: Store

  package init(_ store: Store) { self.store = store }

  /// At most `limit` behind the number `after`, in order.
  package func list(
    number: InvoiceNumber? = nil, invoice: InvoiceKey? = nil, customer: CustomerKey? = nil,
    after: Int, limit: Int
  ) throws -> [KeptCreditNote] {
    if let number, number.series != InvoiceNumber.creditNotes { return [] }
    return try rows(number?.sequence, invoice, customer, after: after, limit: limit)
  }

  private func rows(
    _ number: Int?, _ invoice: InvoiceKey?, _ customer: CustomerKey?, after: Int, limit: Int
  ) throws -> [KeptCreditNote] {
    try store.pool.read { db in
      try Row.fetchAll(
        db,
        sql: """
          \(CreditNotes.columns)
          WHERE credit_note.sequence > ?1 AND (?2 IS NULL OR invoice = ?2)
            AND (?4 IS NULL OR credit_note.sequence = ?4) AND (?5 IS NULL OR customer = ?5)
          ORDER BY credit_note.sequence LIMIT ?3
          """, arguments: [after, invoice?.text, limit, number, customer?.text]
      ).map { try CreditNotes.kept($0, db) }
    }
  }

  package func get(_ number: InvoiceNumber) throws -> KeptCreditNote {
    try store.pool.read { try CreditNotes.get(number, $0) }
  }

  static func get(_ number: InvoiceNumber, _ db: Database) throws -> KeptCreditNote {
    let row =
      number.series == InvoiceNumber.creditNotes
      ? try Row.fetchOne(
        db, sql: "\(columns) WHERE credit_note.sequence = ?", arguments: [number.sequence]) : nil
    guard let row else { throw Fault(.notFound, "there is no credit note \(number) on an invoice") }
    return try kept(row, db)
  }

  /// Those on the invoices of a contract that were not taken back, in order.
  static func inForce(of contract: ContractKey, _ db: Database) throws -> [KeptCreditNote] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          \(columns)
          WHERE invoice.contract = ? AND reversal.sequence IS NULL ORDER BY credit_note.sequence
          """), arguments: [contract.text]
    ).map { try kept($0, db) }
  }

  /// When a credit note on the invoices of each contract was last issued or taken back, in
  /// microseconds.
  static func last(_ db: Database) throws -> [String: Int64] {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT contract, max(max(credit_note.issued, coalesce(reversal.issued, 0)))
          FROM credit_note JOIN invoice ON invoice.key = invoice
            LEFT JOIN credit_note_reversal AS reversal
              ON reversal.credit_note = credit_note.sequence
          GROUP BY contract
          """))
    return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
  }

  static func insert(
    _ note: CreditNote, _ number: InvoiceNumber, _ issued: Instant, _ db: Database
  ) throws {
    try db.execute(
      sql: """
        INSERT INTO credit_note (sequence, invoice, issued, total, document)
        VALUES (?, ?, ?, ?, ?)
        """,
      arguments: [
        number.sequence, note.invoice.key.text, issued.microsecondsSinceEpoch,
        note.total.description, note.document.text,
      ])
    try ProvenTable.creditNote.prove(number.sequence, db: db)
  }

  static func insert(
    _ reversal: CreditNoteReversal, _ number: InvoiceNumber, _ issued: Instant, _ db: Database
  ) throws {
    try db.execute(
      sql: """
        INSERT INTO credit_note_reversal (sequence, credit_note, issued, total, document)
        VALUES (?, ?, ?, ?, ?)
        """,
      arguments: [
        number.sequence, reversal.number.sequence, issued.microsecondsSinceEpoch,
        reversal.total.description, reversal.document.text,
      ])
    try ProvenTable.creditNoteReversal.prove(number.sequence, db: db)
  }

  private static func kept(_ row: Row, _ db: Database) throws -> KeptCreditNote {
    try ProvenTable.creditNote.check(row, db)
    let currency = try Currency(row["currency"] as String)
    func money(_ text: String) throws -> Money { Money(minor: try Fixed(text).units, currency) }
    let reversal: Int? = row["reversal"]
    if let reversal { try ProvenTable.creditNoteReversal.check(reversal, db: db) }
    return KeptCreditNote(
      number: InvoiceNumber(series: InvoiceNumber.creditNotes, sequence: row["sequence"]),
      invoice: try InvoiceKey(row["invoice"] as String),
      issued: Instant(microsecondsSinceEpoch: row["issued"]) ?? .latest,
      total: try money(row["total"]), document: row["document"],
      reversal: try reversal.map {
        KeptCreditNote.Reversal(
          number: InvoiceNumber(series: InvoiceNumber.invoices, sequence: $0),
          issued: Instant(microsecondsSinceEpoch: row["reversed"]) ?? .latest,
          total: try money(row["reversal_total"]), document: row["reversal_document"])
      })
  }
}
