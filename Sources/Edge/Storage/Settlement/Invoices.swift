package import Base
import Contracts
import GRDB
package import Settlement

/// An invoice as it is kept: where it stands, and its document.
package struct KeptInvoice: Hashable, Sendable {
  /// What has happened since it was closed, in minor units as the customer owes them.
  package struct Account: Hashable, Sendable {
    package let credited: Int64
    package let paid: Int64
    /// In dispute.
    package let held: Int64
    package let due: CivilDate?
  }

  package let key: InvoiceKey
  package let contract: ContractKey
  package let customer: CustomerKey
  package let month: BillingMonth
  package let status: InvoiceStatus
  package let number: InvoiceNumber?
  package let rated: Instant
  package let finalised: Instant?
  package let total: Money
  package let periodEnd: Instant
  /// The last event of the log that it rests on.
  package let lastEvent: Int64?
  package let account: Account
  /// Goes up with everything that happens to it.
  package let lastChange: Int64
  /// What somebody must look at before a draft is finalised, or could have before it was; and what
  /// of it somebody has released.
  package let reasons: [HoldReason]
  package let released: [HoldReason]
  /// Whether a reason that holds the draft is not released.
  package let isHeld: Bool
  /// The text of the document, as it is in the database: see `statement`.
  package let document: String
  /// The digest that the document must have; nil where it was held against it already, and of a
  /// draft.
  let unproven: String?

  /// What is still owed; nothing where it is a draft or void.
  package var open: Money {
    let paid = Int128(account.credited) + Int128(account.paid)
    return status == .final
      ? Money(minor: total.amountMinor - paid, total.currency) : .zero(total.currency)
  }

  /// Whether something that nobody disputes is owed after the day it was due.
  package func isOverdue(on day: CivilDate) -> Bool {
    guard let due = account.due, due < day else { return false }
    return open.amountMinor - Int128(account.held) > 0
  }

  /// What was billed, line by line; only of an invoice that has a number.
  package func billed() throws -> BilledInvoice {
    guard let number else {
      throw Fault(.wrongInvoiceStatus, "the invoice is a draft; it has to be final for this")
    }
    return try BilledInvoice(statement(), key: key, number: number, month: month)
  }

  /// The document; a fault where it is not the one that was issued.
  package func statement() throws -> JSON {
    if let unproven, Digest(of: document.utf8).hex != unproven {
      throw ProvenTable.damaged("invoice \(key)")
    }
    return try JSON(parsing: Array(document.utf8))
  }

  /// The sum of the lines, before tax.
  package func net() throws -> Money {
    let document = try statement()
    let fixed = try document["net"]?.stringValue.map { try Fixed($0) }
    return fixed.map { Money(minor: $0.units, total.currency) } ?? total
  }
}

/// Drafts and final invoices. That a final one never changes is held by the database itself.
package struct Invoices: Sendable {
  let store: Store

  package init(_ store: Store) { self.store = store }

  package func find(_ key: InvoiceKey) throws -> KeptInvoice? {
    try store.pool.read { try Invoices.find(key, $0) }
  }

  package func get(_ key: InvoiceKey) throws -> KeptInvoice {
    try store.pool.read { try Invoices.get(key, $0) }
  }

  /// The one that holds for a month; nil where there is none, or all are void.
  package func current(_ contract: ContractKey, _ month: BillingMonth) throws -> KeptInvoice? {
    let newest = try store.pool.read { try Invoices.newest(contract, month, $0) }
    return newest?.status == .void ? nil : newest
  }

  /// What happened to an invoice, in order.
  package func history(_ key: InvoiceKey) throws -> [JSON] {
    try store.pool.read { try InvoiceEvents.bodies(of: key, $0) }
  }
}

extension Invoices {
  struct Kept {
    let key: InvoiceKey
    let outcome: BillingDesk.Result.Outcome
    let total: Money
    var reasons: [HoldReason] = []
    var isHeld = false
  }

  /// A draft as it will be written: an invoice takes four times as much memory.
  struct Draft: Sendable {
    let contract: Contract
    let month: BillingMonth
    let periodEnd: Instant
    let net: Money
    let tax: Money
    let total: Money
    let document: String
    /// The last event of the log that it may rest on.
    let lastEvent: Int64
    let reasons: [HoldReason]
    let charges: PeriodCharges

    init(
      _ invoice: Invoice, lastEvent: Int64, reasons: [HoldReason], charges: PeriodCharges
    ) {
      self.reasons = reasons
      self.charges = charges
      contract = invoice.contract
      month = invoice.month
      periodEnd = invoice.period.end
      (net, tax, total) = (invoice.net, invoice.tax, invoice.total)
      document = invoice.document.text
      self.lastEvent = lastEvent
    }
  }

  /// Writes the draft, unless the same stands there already, or the month was closed meanwhile.
  /// Where the one before is void, it is another issue.
  static func keep(
    _ draft: Draft, ratedAt rated: Instant, by author: Author, _ db: Database
  ) throws -> Kept {
    let before = try newestToReplace(draft.contract.key, draft.month, db)
    if let before, before.status == .final {
      return Kept(key: before.key, outcome: .final, total: before.total)
    }
    let released = before?.status == .draft ? before!.released : []
    let isHeld = !draft.reasons.holding(released: released).isEmpty
    if let before, before.status == .draft, before.document == draft.document,
      before.reasons == draft.reasons
    {
      return Kept(
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
    return Kept(
      key: key, outcome: .drafted, total: draft.total, reasons: draft.reasons, isHeld: isHeld)
  }

  /// Takes away a draft that has nothing left to settle.
  static func withdraw(_ draft: KeptInvoice, by author: Author, _ db: Database) throws {
    try db.execute(sql: "DELETE FROM invoice WHERE key = ?", arguments: [draft.key.text])
    try InvoiceEvents.append(
      InvoiceEvent(.withdrawn, of: draft.key, by: author, amount: draft.total), db)
  }

  /// Closes a draft under a number.
  static func close(
    _ draft: KeptInvoice, as number: InvoiceNumber, now: Instant, _ db: Database
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

  /// The next number for a sum: one by which the customer is owed is a credit note. Source: domain,
  /// section 3, order in a run.
  static func nextNumber(for total: Money, _ db: Database) throws -> InvoiceNumber {
    try nextNumber(
      total.amountMinor < 0 ? InvoiceNumber.creditNotes : InvoiceNumber.invoices, db)
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

  /// The last final invoice of a contract, by the end of its period, among those of some months.
  static func lastFinal(
    _ contract: ContractKey, _ db: Database, where isWanted: (BillingMonth) -> Bool
  ) throws -> KeptInvoice? {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT \(standing) FROM invoice_standing
        WHERE contract = ? AND status = 'final' AND NOT is_void ORDER BY period_end DESC
        """, arguments: [contract.text])
    while let row = try rows.next() {
      if isWanted(try BillingMonth(row["month"] as String)) { return try kept(row, db) }
    }
    return nil
  }

  /// All final invoices of a contract that are not void, by month.
  static func finals(_ contract: ContractKey, _ db: Database) throws -> [KeptInvoice] {
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
  ) throws -> KeptInvoice? {
    try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT \(standing) FROM invoice_standing WHERE contract = ? AND month = ?
          ORDER BY length(key) DESC, key DESC LIMIT 1
          """), arguments: [contract.text, month.description]
    ).map { try kept($0, db) }
  }

  private static func nextKey(
    _ contract: ContractKey, _ month: BillingMonth, _ db: Database
  ) throws -> InvoiceKey {
    let issues = try Int.fetchOne(
      db.cachedStatement(sql: "SELECT count(*) FROM invoice WHERE contract = ? AND month = ?"),
      arguments: [contract.text, month.description])!
    return try Invoice.key(contract: contract, month: month, issue: issues + 1)
  }

  static func get(_ key: InvoiceKey, _ db: Database) throws -> KeptInvoice {
    guard let invoice = try find(key, db) else {
      throw Fault(.notFound, "there is no such invoice")
    }
    return invoice
  }

  static func find(_ key: InvoiceKey, _ db: Database) throws -> KeptInvoice? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT \(standing) FROM invoice_standing WHERE key = ?"),
      arguments: [key.text]
    ).map { try kept($0, db) }
  }

  /// The invoice of a row that is as it was written, or a fault. The documents of many may be left
  /// to be held against what was written where they are read.
  static func kept(
    _ row: Row, leavingDocument: Bool = false, _ db: Database
  ) throws -> KeptInvoice {
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
  static func unproven(_ row: Row, _ unproven: String? = nil) throws -> KeptInvoice {
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
    return KeptInvoice(
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
