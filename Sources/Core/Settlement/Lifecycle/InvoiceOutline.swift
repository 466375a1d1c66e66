package import Base

/// What an invoice is of, and how far in the log it has read, without its document.
package struct InvoiceOutline: Hashable, Sendable {
  package let key: InvoiceKey
  package let month: BillingMonth
  package let status: InvoiceStatus
  /// The last event in the log when it was rated.
  package let lastEvent: Int64?

  package init(
    key: InvoiceKey, month: BillingMonth, status: InvoiceStatus, lastEvent: Int64?
  ) {
    self.key = key
    self.month = month
    self.status = status
    self.lastEvent = lastEvent
  }
}
