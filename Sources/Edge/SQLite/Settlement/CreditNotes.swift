import Base
import Contracts
import GRDB
import Settlement

/// The credit notes of invoices.
enum CreditNotes {
  private static let columns = """
    SELECT \(ProvenTable.creditNote.selection()), currency, reversal.sequence AS reversal,
      reversal.issued AS reversed, reversal.total AS reversal_total,
      reversal.document AS reversal_document
    FROM credit_note JOIN invoice ON invoice.key = invoice
      LEFT JOIN credit_note_reversal AS reversal ON reversal.credit_note = credit_note.sequence
    """

  /// At most `limit` behind the number `after`, in order.
  static func list(
    number: InvoiceNumber?, invoice: InvoiceKey?, customer: CustomerKey?, after: Int, limit: Int,
    _ db: Database
  ) throws -> [StoredCreditNote] {
    if let number, number.series != InvoiceNumber.creditNotes { return [] }
    return try rows(number?.sequence, invoice, customer, after: after, limit: limit, db)
  }

  private static func rows(
    _ number: Int?, _ invoice: InvoiceKey?, _ customer: CustomerKey?, after: Int, limit: Int,
    _ db: Database
  ) throws -> [StoredCreditNote] {
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

  static func find(_ number: InvoiceNumber, _ db: Database) throws -> StoredCreditNote? {
    guard number.series == InvoiceNumber.creditNotes else { return nil }
    return try Row.fetchOne(
      db, sql: "\(columns) WHERE credit_note.sequence = ?", arguments: [number.sequence]
    ).map { try kept($0, db) }
  }

  /// Those on the invoices of a contract that were not taken back, in order.
  static func inForce(of contract: ContractKey, _ db: Database) throws -> [StoredCreditNote] {
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
  static func last(_ db: Database) throws -> [ContractKey: Int64] {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT contract, max(max(credit_note.issued, coalesce(reversal.issued, 0)))
          FROM credit_note JOIN invoice ON invoice.key = invoice
            LEFT JOIN credit_note_reversal AS reversal
              ON reversal.credit_note = credit_note.sequence
          GROUP BY contract
          """))
    return try rows.reduce(into: [:]) { last, row in
      last[try ContractKey(row[0] as String)] = row[1]
    }
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

  private static func kept(_ row: Row, _ db: Database) throws -> StoredCreditNote {
    try ProvenTable.creditNote.check(row, db)
    let currency = try Currency(row["currency"] as String)
    func money(_ text: String) throws -> Money { Money(minor: try Fixed(text).units, currency) }
    let reversal: Int? = row["reversal"]
    if let reversal { try ProvenTable.creditNoteReversal.check(reversal, db: db) }
    return StoredCreditNote(
      number: InvoiceNumber(series: InvoiceNumber.creditNotes, sequence: row["sequence"]),
      invoice: try InvoiceKey(row["invoice"] as String),
      issued: Instant(microsecondsSinceEpoch: row["issued"]) ?? .latest,
      total: try money(row["total"]), document: row["document"],
      reversal: try reversal.map {
        StoredCreditNote.Reversal(
          number: InvoiceNumber(series: InvoiceNumber.invoices, sequence: $0),
          issued: Instant(microsecondsSinceEpoch: row["reversed"]) ?? .latest,
          total: try money(row["reversal_total"]), document: row["reversal_document"])
      })
  }
}
