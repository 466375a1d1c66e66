package import Base
import Contracts
import GRDB
import Metering
import Rating
import Settlement
import Workflow

/// Drafts that wait for somebody to look at them.
extension SettlementDesk {
  /// Lets a held draft be finalised, whatever it is held for now. What it is held for after another
  /// rating is something else.
  package func release(
    _ key: InvoiceKey, reason: String, _ transaction: MoneyTransaction
  ) throws -> KeptInvoice {
    let db = transaction.db
    let draft = try Invoices.get(key, db)
    guard draft.status == .draft, draft.isHeld else {
      let standing =
        draft.status == .draft ? "a draft that is not held" : draft.status.rawValue
      throw Fault(.wrongInvoiceStatus, "the invoice is \(standing); nothing is to be released")
    }
    let released = draft.reasons.holding(released: draft.released)
    try db.execute(
      sql: "UPDATE invoice SET released = ?, is_held = 0 WHERE key = ?",
      arguments: [draft.reasons.filter(\.holds).text, key.text])
    try InvoiceEvents.append(
      InvoiceEvent(
        .released, of: key, by: transaction.author(reason), amount: draft.total,
        document: Digest(of: draft.document.utf8), reasons: released), db)
    return try Invoices.get(key, db)
  }
}

extension Invoices {
  /// How many drafts wait for a release.
  package func heldCount() throws -> Int {
    try store.pool.read {
      try Int.fetchOne($0, sql: "SELECT count(*) FROM invoice WHERE is_held")!
    }
  }

  /// A fee for a year has one in thirteen months at least.
  private static let monthsBefore = 13

  /// What the final periods before a month came to, the newest first.
  static func charges(
    of contract: ContractKey, before month: BillingMonth, _ db: Database
  ) throws -> [PeriodCharges] {
    try String.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT charges FROM invoice_standing
          WHERE contract = ? AND month < ? AND status = 'final' AND NOT is_void
            AND charges IS NOT NULL
          ORDER BY month DESC LIMIT \(monthsBefore)
          """), arguments: [contract.text, month.description]
    ).map { text in try PeriodCharges(Node(JSON(parsing: Array(text.utf8)))) }
  }
}

extension [HoldReason] {
  /// As they are kept; nil where there are none.
  var text: String? { isEmpty ? nil : JSON.array(map(\.json)).text }

  init(text: String?) throws {
    let list = try text.map { try JSON(parsing: [UInt8]($0.utf8)) }
    let elements: [JSON] = list?.elements ?? []
    self = try elements.map { (element) throws in try HoldReason(Node(element)) }
  }
}
