import Base
import Contracts
import GRDB
import Settlement

/// What is final stays as its meters counted it. Where somebody finds out that a meter was wrong,
/// the periods that are to be counted again are named, one by one.
extension BillingDesk {
  /// Notes that the periods a run names are counted by the meters that serve, where others do.
  func recount(_ request: BillingRequest, _ state: CatalogState, by author: Author) throws {
    guard !request.recount.isEmpty else { return }
    try store.write { db in
      for key in request.recount.sorted() {
        let invoice = try BillingDesk.final(key, db)
        try state.unreadable.check(invoice.contract)
        guard !request.isTrial, let history = state.catalog.histories[invoice.contract],
          try !Look(state, db).pins(invoice.contract, invoice.month).areServing
        else { continue }
        let versions = meterVersions(
          of: invoice.contract, in: invoice.month, history.newest.billing, state)
        try InvoiceEvents.append(
          InvoiceEvent(
            .recounted, of: key, by: author, amount: invoice.total, meters: versions), db)
      }
    }
  }

  private static func final(_ key: InvoiceKey, _ db: Database) throws -> KeptInvoice {
    guard let invoice = try Invoices.find(key, db), invoice.status == .final else {
      throw Fault(
        .danglingReference, "there is no final invoice `\(key)` to count again", at: "/recount")
    }
    return invoice
  }
}
