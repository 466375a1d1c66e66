package import Base
import Contracts
import Metering
import Rating
package import Settlement
package import Workflow

/// Drafts that wait for somebody to look at them.
extension FinanceService {
  /// Lets a held draft be finalised, whatever it is held for now. What it is held for after another
  /// rating is something else.
  package func release(
    _ key: InvoiceKey, reason: String, _ books: any Books
  ) throws -> StoredInvoice {
    let draft = try books.invoice(key)
    guard draft.status == .draft, draft.isHeld else {
      let standing =
        draft.status == .draft ? "a draft that is not held" : draft.status.rawValue
      throw Fault(.wrongInvoiceStatus, "the invoice is \(standing); nothing is to be released")
    }
    let released = draft.reasons.holding(released: draft.released)
    try books.release(draft)
    try books.record(
      InvoiceEvent(
        .released, of: key, by: books.author(reason), amount: draft.total,
        document: Digest(of: draft.document.utf8), reasons: released))
    return try books.invoice(key)
  }
}
