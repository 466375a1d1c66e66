import Base

/// One consistent read: whatever it is asked, it answers for the same moment.
package protocol Snapshot: UsageSource, EventSource, InvoiceSource, LedgerSource, CatalogSource {
  /// The last event that its figures rest on.
  var cut: Cut { get throws(Fault) }
  /// What is agreed.
  var agreements: CatalogState { get }
}
