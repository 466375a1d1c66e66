package import Base
import Contracts
package import Settlement

/// A snapshot that writes, within one act: it sees what it has written, and all of it is kept or
/// nothing. It decides nothing: whoever calls it has checked.
package protocol Books: Snapshot {
  /// Who acts, and when.
  var author: Author { get }
  /// Writes a draft, unless the same is there already, or its period was closed meanwhile.
  /// `rated` is when its rating began.
  func store(_ draft: InvoiceDraft, ratedAt rated: Instant, by author: Author) throws(Fault)
    -> StoredDraft
  /// Deletes a draft that has nothing left to settle.
  func withdraw(_ draft: StoredInvoice, by author: Author) throws(Fault)
  /// Notes that a held draft may be finalised, whatever it is held for now.
  func release(_ draft: StoredInvoice) throws(Fault)
  /// The next number of a series. It has no gaps: it is given only if the act is kept.
  func nextNumber(_ series: String) throws(Fault) -> InvoiceNumber
  /// Closes a draft under a number, for ever.
  func close(_ draft: StoredInvoice, as number: InvoiceNumber) throws(Fault)
  /// Issues a credit note, or the document that voids one, under a number.
  func issue(_ document: IssuedDocument, as number: InvoiceNumber) throws(Fault)
  /// Notes what happened to an invoice, in the chain of all that happened to invoices.
  func record(_ event: InvoiceEvent) throws(Fault)
  /// Enters what moved in the ledger, in its chain.
  func post(
    _ entry: LedgerEntry, of customer: CustomerKey, on day: CivilDate, by author: Author
  ) throws(Fault)
  /// Keeps an adjustment under a number of its own, or withdraws one.
  func grant(_ adjustment: StoredAdjustment) throws(Fault) -> StoredAdjustment
  func withdraw(adjustment number: Int, by author: Author) throws(Fault)
  /// Makes documents the newest versions of the catalog, and `after` what is agreed once the act is
  /// kept.
  func adopt(_ entries: [CatalogVersion], making after: CatalogState) throws(Fault) -> CatalogState
  /// What was answered to a key; nil if it was not used. A fault if it belongs to another request.
  func response(_ key: IdempotencyKey) throws(Fault) -> IdempotentResponse?
  func store(_ response: IdempotentResponse, _ key: IdempotencyKey) throws(Fault)
  /// Notes that a token is used or revoked until it would have expired; false if it was before.
  /// Those are given whose time has surely passed: they are forgotten.
  func use(_ token: String, until: Instant) throws(Fault) -> (isNew: Bool, expired: [String])
  /// Does a part of the act that is taken back by itself if it fails.
  func step<Value>(_ body: () throws -> Value) throws -> Value
}

extension Books {
  package func author(_ reason: String?) -> Author {
    Author(author.name, at: author.at, reason: reason)
  }
}

/// What is issued beside invoices.
package enum IssuedDocument: Sendable {
  case creditNote(CreditNote)
  case reversal(CreditNoteReversal)
}
