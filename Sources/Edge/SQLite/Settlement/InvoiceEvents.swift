import Base
import GRDB
import Settlement

/// What happened to invoices: one chain over all of them.
enum InvoiceEvents {
  static func append(_ event: InvoiceEvent, _ db: Database) throws {
    try ChainedTable.append(event.json.text, to: .invoiceEvents, db)
  }

  /// What happened to one invoice, in order, as it is kept.
  static func bodies(of invoice: InvoiceKey, _ db: Database) throws -> [JSON] {
    try String.fetchAll(
      db, sql: "SELECT body FROM invoice_event WHERE invoice = ? ORDER BY sequence",
      arguments: [invoice.text]
    ).map { try JSON(parsing: Array($0.utf8)) }
  }

  /// Whether a credit note on any invoice of a contract came, or was taken back, after an invoice
  /// was last written as a draft.
  static func hasNote(
    on contract: ContractKey, behindDraftOf invoice: InvoiceKey, _ db: Database
  ) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT EXISTS (
            SELECT 1 FROM invoice JOIN invoice_event AS note ON note.invoice = invoice.key
            WHERE invoice.contract = ?1 AND note.kind IN ('credited', 'creditVoided')
              AND note.sequence > (
                SELECT coalesce(max(sequence), 0) FROM invoice_event
                WHERE invoice = ?2 AND kind = 'drafted'))
          """), arguments: [contract.text, invoice.text])!
  }

  /// By contract the first period that was to be counted again.
  static func recounted(_ db: Database) throws -> [ContractKey: BillingMonth] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT contract, min(month)
        FROM invoice_event AS event JOIN invoice ON invoice.key = event.invoice
        WHERE kind = 'recounted' GROUP BY contract
        """)
    return try rows.reduce(into: [:]) { recounted, row in
      recounted[try ContractKey(row[0] as String)] = try BillingMonth(row[1] as String)
    }
  }
}

/// The tables whose rows vouch for those before them.
enum ChainedTable: String, CaseIterable {
  case invoiceEvents = "invoice_event"
  case ledger = "ledger_entry"
  case proofs = "row_proof"

  /// The number that the next row will have.
  func next(_ db: Database) throws -> Int64 { try last(db).sequence + 1 }

  private func last(_ db: Database) throws -> (sequence: Int64, digest: String) {
    var last = (sequence: Int64(0), digest: HashChain.start)
    try RawStatement(
      "SELECT sequence, digest FROM \(rawValue) ORDER BY sequence DESC LIMIT 1", db
    ).forEach { row in
      last = (row.number(0), row.text(1))
      return false
    }
    return last
  }

  static func append(_ body: String, to table: ChainedTable, _ db: Database) throws {
    let last = try table.last(db)
    try db.cachedStatement(
      sql: "INSERT INTO \(table.rawValue) (sequence, body, digest) VALUES (?, ?, ?)"
    ).execute(arguments: [last.sequence + 1, body, HashChain.digest(body, after: last.digest)])
  }

  /// The first row that does not follow from the one before it; nil where all do.
  func firstBroken(_ db: Database) throws -> Int64? {
    var (previous, sequence) = (HashChain.start, Int64(0))
    let rows = try Row.fetchCursor(
      db, sql: "SELECT sequence, body, digest FROM \(rawValue) ORDER BY sequence")
    while let row = try rows.next() {
      sequence += 1
      let digest: String = row[2]
      guard row[0] == sequence, digest == HashChain.digest(row[1], after: previous) else {
        return row[0]
      }
      previous = digest
    }
    return nil
  }
}
