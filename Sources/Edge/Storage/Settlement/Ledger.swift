package import Base
import GRDB
import Settlement

/// One entry as it is kept.
package struct KeptLedgerEntry: Sendable {
  package let sequence: Int64
  package let body: String
  package let digest: String
}

/// The double-entry ledger. That debits equal credits is held by the database itself.
package struct Ledger: Sendable {
  private let store: Store

  package init(_ store: Store) { self.store = store }

  /// At most `limit` entries behind `after`, in order.
  package func list(
    invoice: InvoiceKey?, customer: CustomerKey?, after: Int64, limit: Int
  ) throws -> [KeptLedgerEntry] {
    try store.pool.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT sequence, body, digest FROM ledger_entry
          WHERE sequence > ?1 AND (?2 IS NULL OR invoice = ?2) AND (?3 IS NULL OR customer = ?3)
          ORDER BY sequence LIMIT ?4
          """, arguments: [after, invoice?.text, customer?.text, limit]
      ).map { KeptLedgerEntry(sequence: $0[0], body: $0[1], digest: $0[2]) }
    }
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

extension Money {
  /// In minor units, as the database sums them up; an amount beyond 62 bits is a fault.
  var storedMinor: Int64 {
    get throws(Fault) {
      guard abs(amountMinor) < 1 << 62 else {
        throw Fault(.overflow, "an amount of money exceeds 62 bits")
      }
      return Int64(amountMinor)
    }
  }
}
