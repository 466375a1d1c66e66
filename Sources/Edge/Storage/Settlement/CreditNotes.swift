package import Base
import Contracts
import GRDB
package import Settlement

/// A credit note as it is kept.
package struct KeptCreditNote: Sendable {
  package let number: InvoiceNumber
  package let invoice: InvoiceKey
  package let issued: Instant
  package let total: Money
  package let document: String
}

extension SettlementDesk {
  /// Takes back some lines of a final invoice, in part or whole, or without `parts` all that is
  /// left of it. A dispute about a line that is credited is over with that.
  package func credit(
    _ key: InvoiceKey, _ parts: [CreditNote.Part]?, reason: String,
    _ transaction: MoneyTransaction
  ) throws -> KeptCreditNote {
    let db = transaction.db
    let invoice = try final(key, db)
    let earlier = try CreditNotes.all(of: key, db)
    let note = try CreditNote(
      of: invoice.billed(), parts: parts, reason: reason,
      earlier: earlier.map { try JSON(parsing: Array($0.document.utf8)) })
    let number = try Invoices.nextNumber(InvoiceNumber.creditNotes, db)
    let author = transaction.author(reason)
    try CreditNotes.insert(note, number, author.at, db)
    _ = try note.total.storedMinor
    try InvoiceEvents.append(
      InvoiceEvent(
        .credited, of: key, by: author, amount: try -note.total, reference: number.description,
        document: Digest(of: note.document.text.utf8)), db)
    try Ledger.append(.credited(note, number), of: invoice.customer, by: author, db)
    for line in note.lines {
      try release(line.of.key, of: invoice, as: .credited, author, db)
    }
    return try CreditNotes.all(of: key, db).last!
  }

  /// Notes that the customer disputes a line: what it comes to with its tax is not overdue until
  /// the dispute is resolved.
  package func dispute(
    _ key: InvoiceKey, line: String, reason: String, _ transaction: MoneyTransaction
  ) throws -> KeptInvoice {
    let db = transaction.db
    let invoice = try final(key, db)
    let disputed = try invoice.billed().line(line)
    guard try InvoiceEvents.held(line, of: key, db) == nil else {
      throw Fault(.wrongInvoiceStatus, "the line is in dispute already", at: "/line")
    }
    let amount = try disputed.gross
    _ = try amount.storedMinor
    try InvoiceEvents.append(
      InvoiceEvent(
        .disputed, of: key, by: transaction.author(reason),
        amount: amount.amountMinor > 0 ? amount : .zero(amount.currency), line: line), db)
    return try Invoices.get(key, db)
  }

  /// Ends a dispute: the line is upheld, or what is left of it is credited.
  package func resolve(
    _ key: InvoiceKey, line: String, as resolution: InvoiceEvent.Resolution, reason: String,
    _ transaction: MoneyTransaction
  ) throws -> KeptInvoice {
    let db = transaction.db
    let invoice = try final(key, db)
    let billed = try invoice.billed()
    _ = try billed.line(line)
    guard try InvoiceEvents.held(line, of: key, db) != nil else {
      throw Fault(.wrongInvoiceStatus, "the line is not in dispute", at: "/line")
    }
    switch resolution {
    case .upheld: try release(line, of: invoice, as: .upheld, transaction.author(reason), db)
    case .credited:
      let earlier = try CreditNotes.all(of: key, db).map {
        try JSON(parsing: Array($0.document.utf8))
      }
      let rest = try CreditNote.rest(of: line, in: billed, earlier: earlier)
      _ = try credit(
        key, [.init(line: line, amount: rest.fixed)], reason: reason, transaction)
    }
    return try Invoices.get(key, db)
  }

  /// Agrees on an amount for a month that is not closed yet. The next run includes it.
  package func adjust(
    _ adjustment: KeptAdjustment, _ transaction: MoneyTransaction
  ) throws -> KeptAdjustment {
    let newest = try Invoices.newest(adjustment.contract, adjustment.month, transaction.db)
    if let newest, newest.status == .final {
      throw Fault(
        .invoiceFinal, "\(newest.number!) is final; adjust a later month", at: "/month")
    }
    _ = try adjustment.amount.storedMinor
    return try Adjustments.insert(adjustment, transaction)
  }

  /// Reads what an adjustment says, against what is agreed.
  package func adjustment(_ node: Node) throws -> KeptAdjustment {
    var fields = try FieldReader(node)
    let key = fields.required("contract", ContractKey.read)
    let month = fields.required("month", Node.month)
    let kind: KeptAdjustment.Kind? = fields.required("kind", Node.word)
    let amount = fields.required("amount", Node.decimal)
    let reason = fields.required("reason", Node.label)
    let clause = fields.optional("clause", Node.label)
    guard fields.areSound, let key, let month, let kind, let amount, let reason else {
      throw fields.failure
    }
    let stretches = catalogs.current.catalog.histories[key]?.inForce(in: month) ?? []
    guard let contract = stretches.last?.contract,
      contract.isBilled(in: month) || contract.isOver(before: month)
    else {
      throw Fault(
        .danglingReference, "there is no contract `\(key)` in \(month)", at: "/contract")
    }
    if let clause, !contract.clauses.contains(where: { $0.key == clause }) {
      throw Fault(.danglingReference, "the contract has no clause `\(clause)`", at: "/clause")
    }
    return KeptAdjustment(
      contract: key, month: month, kind: kind, clause: clause,
      amount: try money(amount, contract.currency), reason: reason)
  }

  /// Lets go of what is held of a line; of one that is not in dispute nothing is.
  private func release(
    _ line: String, of invoice: KeptInvoice, as resolution: InvoiceEvent.Resolution,
    _ author: Author, _ db: Database
  ) throws {
    guard let held = try InvoiceEvents.held(line, of: invoice.key, db) else { return }
    try InvoiceEvents.append(
      InvoiceEvent(
        .resolved, of: invoice.key, by: author,
        amount: Money(minor: Int128(held), invoice.total.currency), line: line,
        resolution: resolution), db)
  }
}

/// The credit notes of invoices.
package struct CreditNotes: Sendable {
  private let store: Store

  package init(_ store: Store) { self.store = store }

  /// At most `limit` behind the number `after`, in order.
  package func list(
    invoice: InvoiceKey?, after: Int, limit: Int
  ) throws -> [KeptCreditNote] {
    try store.pool.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT credit_note.*, currency FROM credit_note JOIN invoice ON invoice.key = invoice
          WHERE credit_note.sequence > ?1 AND (?2 IS NULL OR invoice = ?2)
          ORDER BY credit_note.sequence LIMIT ?3
          """, arguments: [after, invoice?.text, limit]
      ).map(CreditNotes.kept)
    }
  }

  static func all(of invoice: InvoiceKey, _ db: Database) throws -> [KeptCreditNote] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT credit_note.*, currency FROM credit_note JOIN invoice ON invoice.key = invoice
        WHERE invoice = ? ORDER BY credit_note.sequence
        """, arguments: [invoice.text]
    ).map(kept)
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
  }

  private static func kept(_ row: Row) throws -> KeptCreditNote {
    let total = try Fixed(row["total"] as String)
    return KeptCreditNote(
      number: InvoiceNumber(series: InvoiceNumber.creditNotes, sequence: row["sequence"]),
      invoice: try InvoiceKey(row["invoice"] as String),
      issued: Instant(microsecondsSinceEpoch: row["issued"]) ?? .latest,
      total: Money(minor: total.units, try Currency(row["currency"] as String)),
      document: row["document"])
  }
}
