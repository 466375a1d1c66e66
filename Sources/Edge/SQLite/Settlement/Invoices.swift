import Base
import Contracts
import GRDB
import Settlement

/// Drafts and final invoices. That a final one never changes is held by the database itself.
enum Invoices {
  /// Writes the draft, unless the same stands there already, or the month was closed meanwhile.
  /// Where the one before is void, it is another issue.
  static func keep(
    _ draft: InvoiceDraft, ratedAt rated: Instant, by author: Author, _ db: Database
  ) throws -> StoredDraft {
    let before = try newestToReplace(draft.contract.key, draft.month, db)
    if let before, before.status == .final {
      return StoredDraft(key: before.key, outcome: .final, total: before.total)
    }
    let released = before?.status == .draft ? before!.released : []
    let isHeld = !draft.reasons.holding(released: released).isEmpty
    if let before, before.status == .draft, before.document == draft.document,
      before.reasons == draft.reasons
    {
      return StoredDraft(
        key: before.key, outcome: .unchanged, total: before.total, reasons: draft.reasons,
        isHeld: isHeld)
    }
    let key =
      before?.status == .draft
      ? before!.key : try nextKey(draft.contract.key, draft.month, db)
    try db.cachedStatement(
      sql: """
        INSERT INTO invoice
          (key, contract, customer, month, period_end, status, currency, total, document, rated,
            last_event, reasons, is_held, charges)
        VALUES (?, ?, ?, ?, ?, 'draft', ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (key) DO UPDATE SET customer = excluded.customer,
          period_end = excluded.period_end, currency = excluded.currency, total = excluded.total,
          document = excluded.document, rated = excluded.rated,
          last_event = excluded.last_event, reasons = excluded.reasons,
          is_held = excluded.is_held, charges = excluded.charges
        """
    ).execute(arguments: [
      key.text, draft.contract.key.text, draft.contract.customer.text, draft.month.description,
      draft.periodEnd.microsecondsSinceEpoch, draft.total.currency.code, draft.total.description,
      draft.document, rated.microsecondsSinceEpoch, draft.lastEvent,
      draft.reasons.text, isHeld, draft.charges.json.text,
    ])
    try InvoiceEvents.append(
      InvoiceEvent(
        .drafted, of: key, by: author, amount: draft.total, reasons: draft.reasons), db)
    return StoredDraft(
      key: key, outcome: .drafted, total: draft.total, reasons: draft.reasons, isHeld: isHeld)
  }

  /// Takes away a draft that has nothing left to settle.
  static func withdraw(_ draft: StoredInvoice, by author: Author, _ db: Database) throws {
    try db.execute(sql: "DELETE FROM invoice WHERE key = ?", arguments: [draft.key.text])
    try InvoiceEvents.append(
      InvoiceEvent(.withdrawn, of: draft.key, by: author, amount: draft.total), db)
  }

  /// Closes a draft under a number.
  static func close(
    _ draft: StoredInvoice, as number: InvoiceNumber, now: Instant, _ db: Database
  ) throws {
    try db.cachedStatement(
      sql: """
        UPDATE invoice SET status = 'final', series = ?, sequence = ?, finalised = ?
        WHERE key = ?
        """
    ).execute(
      arguments: [number.series, number.sequence, now.microsecondsSinceEpoch, draft.key.text])
    try ProvenTable.invoice.prove(
      draft.key.text, log: LogChain.note(through: draft.lastEvent ?? 0, db), db: db)
  }

  static func nextNumber(_ series: String, _ db: Database) throws -> InvoiceNumber {
    let sequence = try Int.fetchOne(
      db,
      sql: """
        INSERT INTO number_series (series, last) VALUES (?, 1)
        ON CONFLICT (series) DO UPDATE SET last = last + 1 RETURNING last
        """, arguments: [series])!
    return InvoiceNumber(series: series, sequence: sequence)
  }

  /// All final invoices of a contract that are not void, by month.
  static func finals(_ contract: ContractKey, _ db: Database) throws -> [StoredInvoice] {
    // Of a contract that begins, or of one that is billed for the first time, there are none.
    guard
      try RawStatement("SELECT 1 FROM invoice WHERE contract = ? AND status = 'final' LIMIT 1", db)
        .bind(contract.text).isAny
    else { return [] }
    return try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT \(standing) FROM invoice_standing
          WHERE contract = ? AND status = 'final' AND NOT is_void ORDER BY month
          """), arguments: [contract.text]
    ).map { try kept($0, leavingDocument: true, db) }
  }

  /// The last issue of a month, whatever has become of it.
  static func newest(
    _ contract: ContractKey, _ month: BillingMonth, _ db: Database
  ) throws -> StoredInvoice? {
    try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT \(standing) FROM invoice_standing WHERE contract = ? AND month = ?
          ORDER BY length(key) DESC, key DESC LIMIT 1
          """), arguments: [contract.text, month.description]
    ).map { try kept($0, db) }
  }

  /// Those of a contract, not void, whose periods ended after a moment, by the ends of the periods.
  static func ending(
    after moment: Instant, _ contract: ContractKey, onlyCorrecting: Bool, limit: Int?,
    _ db: Database
  ) throws -> [StoredInvoice] {
    let condition =
      onlyCorrecting ? "AND instr(document, '\"corrects\":{\"invoice\"') > 0" : ""
    return try Row.fetchAll(
      db,
      sql: """
        SELECT \(standing) FROM invoice_standing
        WHERE contract = ? AND period_end > ? AND NOT is_void \(condition)
        ORDER BY period_end LIMIT ?
        """, arguments: [contract.text, moment.microsecondsSinceEpoch, limit ?? -1]
    ).map { try kept($0, db) }
  }

  /// The versions of meters by which a final period counts: those of its invoice, or of the last
  /// act by which it was to be counted again.
  static func meterVersions(
    _ contract: ContractKey, _ month: BillingMonth, _ db: Database
  ) throws -> (invoice: InvoiceKey, versions: JSON)? {
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT key, document ->> '$.meters' FROM invoice_standing
          WHERE contract = ? AND month = ? AND status = 'final' AND NOT is_void
          ORDER BY length(key) DESC, key DESC LIMIT 1
          """), arguments: [contract.text, month.description])
    guard let row else { return nil }
    let again = try String.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT body ->> '$.meters' FROM invoice_event
          WHERE invoice = ? AND kind = 'recounted' ORDER BY sequence DESC LIMIT 1
          """), arguments: [row[0] as String])
    let named: String? = again ?? row[1]
    return (
      try InvoiceKey(row[0] as String), try named.map { try JSON(parsing: Array($0.utf8)) } ?? .null
    )
  }

  private static func nextKey(
    _ contract: ContractKey, _ month: BillingMonth, _ db: Database
  ) throws -> InvoiceKey {
    let issues = try Int.fetchOne(
      db.cachedStatement(sql: "SELECT count(*) FROM invoice WHERE contract = ? AND month = ?"),
      arguments: [contract.text, month.description])!
    return try Invoice.key(contract: contract, month: month, issue: issues + 1)
  }

  static func find(_ key: InvoiceKey, _ db: Database) throws -> StoredInvoice? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT \(standing) FROM invoice_standing WHERE key = ?"),
      arguments: [key.text]
    ).map { try kept($0, db) }
  }

  /// The invoice of a row that is as it was written, or a fault. The documents of many may be left
  /// to be held against what was written where they are read.
  static func kept(
    _ row: Row, leavingDocument: Bool = false, _ db: Database
  ) throws -> StoredInvoice {
    guard isFinal(row) else { return try unproven(row) }
    let digest = try ProvenTable.invoice.check(row, leavingDocument: leavingDocument, db)
    return try unproven(row, leavingDocument ? digest : nil)
  }

  /// What is selected of an invoice and of where it stands; `name` is that of the query it is
  /// selected from.
  static func columns(of name: String) -> String {
    ProvenTable.invoice.selection(name)
      + ", is_held, is_void, credited, paid, held, due, last_change"
  }

  /// Those of the invoices as they stand; made once, for it is asked for with each.
  static let standing = columns(of: "invoice_standing")

  /// The places of these columns: to look each up by its name takes longer than to read it.
  private enum Column: Int {
    case key, contract, customer, month, periodEnd, status, currency, total, rated, series
    case sequence, finalised, lastEvent, reasons, released, charges, document
    case isHeld, isVoid, credited, paid, held, due, lastChange
  }

  /// What a row says, whoever wrote it.
  static func unproven(_ row: Row, _ unproven: String? = nil) throws -> StoredInvoice {
    func read<Value: DatabaseValueConvertible & StatementColumnConvertible>(
      _ column: Column
    ) -> Value { row[column.rawValue] }
    func optional<Value: DatabaseValueConvertible & StatementColumnConvertible>(
      _ column: Column
    ) -> Value? { row[column.rawValue] }
    let total = try Fixed(read(.total) as String)
    let finalised: Int64? = optional(.finalised)
    let sequence: Int? = optional(.sequence)
    let due: String? = optional(.due)
    return StoredInvoice(
      key: try InvoiceKey(read(.key) as String),
      contract: try ContractKey(read(.contract) as String),
      customer: try CustomerKey(read(.customer) as String),
      month: try BillingMonth(read(.month) as String),
      status: read(.isVoid) ? .void : isFinal(row) ? .final : .draft,
      number: sequence.map { InvoiceNumber(series: read(.series), sequence: $0) },
      rated: Instant(microsecondsSinceEpoch: read(.rated)) ?? .latest,
      finalised: finalised.flatMap(Instant.init(microsecondsSinceEpoch:)),
      total: Money(minor: total.units, try Currency(read(.currency) as String)),
      periodEnd: Instant(microsecondsSinceEpoch: read(.periodEnd)) ?? .latest,
      lastEvent: optional(.lastEvent),
      account: .init(
        credited: read(.credited), paid: read(.paid), held: read(.held),
        due: try due.map { try Node.date(Node(.string($0))) }),
      lastChange: optional(.lastChange) ?? 0, reasons: try [HoldReason](text: read(.reasons)),
      released: try [HoldReason](text: read(.released)), isHeld: read(.isHeld),
      document: read(.document), unproven: unproven)
  }

  private static func isFinal(_ row: Row) -> Bool {
    row[Column.status.rawValue] == InvoiceStatus.final.rawValue
  }
}
