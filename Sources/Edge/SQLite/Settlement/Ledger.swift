import Base
import GRDB
import Settlement
import Workflow

/// The double-entry ledger. That debits equal credits is held by the database itself.
enum Ledger {
  /// At most `limit` entries behind `after`, in order.
  static func list(_ query: LedgerQuery, _ db: Database) throws -> [StoredLedgerEntry] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT sequence, body, digest FROM ledger_entry
        WHERE sequence > ?1 AND (?2 IS NULL OR invoice = ?2) AND (?3 IS NULL OR customer = ?3)
        ORDER BY sequence LIMIT ?4
        """, arguments: [query.after, query.invoice?.text, query.customer?.text, query.limit]
    ).map { StoredLedgerEntry(sequence: $0[0], body: $0[1], digest: $0[2]) }
  }

  /// What final invoices of a contract hold back, up to a period, in minor units.
  static func heldBack(
    _ contract: ContractKey, through month: BillingMonth, _ db: Database
  ) throws -> Int64 {
    try Int64.fetchOne(
      db,
      sql: """
        SELECT coalesce(sum(debit - credit), 0)
        FROM ledger_posting JOIN ledger_entry ON ledger_entry.sequence = entry
          JOIN invoice ON invoice.key = ledger_entry.invoice
        WHERE account = 'contractAsset' AND contract = ? AND month <= ?
        """, arguments: [contract.text, month.description])!
  }

  static func append(
    _ entry: LedgerEntry, of customer: CustomerKey, on day: CivilDate, by author: Author,
    _ db: Database
  ) throws {
    let number = try ChainedTable.ledger.next(db)
    for posting in entry.postings {
      let minor = try posting.debit.storedMinor
      try db.execute(
        sql: "INSERT INTO ledger_posting (entry, account, debit, credit) VALUES (?, ?, ?, ?)",
        arguments: [number, posting.account.description, max(minor, 0), max(-minor, 0)])
    }
    try ChainedTable.append(
      entry.json(at: author.at, on: day, by: author.name, customer: customer).text, to: .ledger, db)
  }
}
