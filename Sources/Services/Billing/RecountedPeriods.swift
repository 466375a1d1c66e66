import Base
import Contracts
import Settlement
import Workflow

/// What is final stays as its meters counted it. Where somebody finds out that a meter was wrong,
/// the periods that are to be counted again are named, one by one.
extension BillingService {
  /// Notes that the periods a run names are counted by the meters that serve, where others do.
  func recount(
    _ request: BillingRequest, _ state: CatalogState, by name: String, at now: Instant
  ) throws {
    guard !request.recount.isEmpty else { return }
    try home.act(by: name, at: now) { books in
      for key in request.recount.sorted() {
        let invoice = try BillingService.final(key, books)
        try state.unreadable.check(invoice.contract)
        guard !request.isDryRun, let history = state.catalog.histories[invoice.contract],
          try !RatingContext(state, books).pins(invoice.contract, invoice.month).areServing
        else { continue }
        let versions = meterVersions(
          of: invoice.contract, in: invoice.month, history.newest.billing, state)
        try books.record(
          InvoiceEvent(
            .recounted, of: key, by: books.author(request.description), amount: invoice.total,
            meters: versions))
      }
    }
  }

  private static func final(_ key: InvoiceKey, _ snapshot: any Snapshot) throws -> StoredInvoice {
    guard let invoice = try snapshot.find(key), invoice.status == .final else {
      throw Fault(
        .unknownReference, "there is no final invoice `\(key)` to count again", at: "/recount")
    }
    return invoice
  }
}
