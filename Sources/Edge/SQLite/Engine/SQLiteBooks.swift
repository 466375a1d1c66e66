import Base
import Contracts
import GRDB
import Settlement
import Workflow

/// The transaction of one act.
final class SQLiteBooks: SQLiteSnapshot, Books {
  let author: Author
  private let passed: PassedTime
  private let catalogs: CatalogMemory

  init(
    _ db: Database, _ agreements: CatalogState, _ store: Store, _ catalogs: CatalogMemory,
    by author: Author
  ) {
    self.author = author
    self.catalogs = catalogs
    passed = store.passed
    super.init(db, agreements, store.disk)
  }

  func store(
    _ draft: InvoiceDraft, ratedAt rated: Instant, by author: Author
  ) throws(Fault) -> StoredDraft {
    try asked { try Invoices.keep(draft, ratedAt: rated, by: author, db) }
  }

  func withdraw(_ draft: StoredInvoice, by author: Author) throws(Fault) {
    try asked { try Invoices.withdraw(draft, by: author, db) }
  }

  func release(_ draft: StoredInvoice) throws(Fault) {
    try asked { try Invoices.release(draft, db) }
  }

  func nextNumber(_ series: String) throws(Fault) -> InvoiceNumber {
    try asked { try Invoices.nextNumber(series, db) }
  }

  func close(_ draft: StoredInvoice, as number: InvoiceNumber) throws(Fault) {
    try asked { try Invoices.close(draft, as: number, now: author.at, db) }
  }

  func issue(_ document: IssuedDocument, as number: InvoiceNumber) throws(Fault) {
    try asked {
      switch document {
      case .creditNote(let note): try CreditNotes.insert(note, number, author.at, db)
      case .reversal(let reversal): try CreditNotes.insert(reversal, number, author.at, db)
      }
    }
  }

  func record(_ event: InvoiceEvent) throws(Fault) {
    try asked { try InvoiceEvents.append(event, db) }
  }

  func post(
    _ entry: LedgerEntry, of customer: CustomerKey, on day: CivilDate, by author: Author
  ) throws(Fault) {
    try asked { try Ledger.append(entry, of: customer, on: day, by: author, db) }
  }

  func grant(_ adjustment: StoredAdjustment) throws(Fault) -> StoredAdjustment {
    try asked { try Adjustments.insert(adjustment, db) }
  }

  func withdraw(adjustment number: Int, by author: Author) throws(Fault) {
    try asked { try Adjustments.withdraw(number, by: author, db) }
  }

  func adopt(
    _ entries: [CatalogVersion], making after: CatalogState
  ) throws(Fault) -> CatalogState {
    try asked { try catalogs.adopt(entries, making: after, now: author.at, db) }
  }

  func response(_ key: IdempotencyKey) throws(Fault) -> IdempotentResponse? {
    try asked { try IdempotentResponses.find(key, db) }
  }

  func store(_ response: IdempotentResponse, _ key: IdempotencyKey) throws(Fault) {
    try asked { try IdempotentResponses.keep(response, key, author.at, passed, db) }
  }

  func use(
    _ token: String, until: Instant
  ) throws(Fault) -> (isNew: Bool, expired: [String]) {
    try asked { try RevokedTokenTable.use(token, until: until, author.at, passed, db) }
  }

  func step<Value>(_ body: () throws -> Value) throws -> Value { try db.inStep(body) }
}
