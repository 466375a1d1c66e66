package import Base
package import Settlement

/// Which invoices are asked for.
package struct InvoiceFilter: Sendable {
  /// Where the money for an invoice is.
  package enum Payment: String, CaseIterable, Sendable {
    case open, paid, disputed
    /// For an engine as `open`: whether it is overdue, the day in its contract's zone says.
    case overdue
  }

  package var number: InvoiceNumber?
  package var customer: CustomerKey?
  package var months: ClosedRange<BillingMonth>?
  package var status: InvoiceStatus?
  /// Whether it is a draft that waits for a release.
  package var isHeld: Bool?
  package var payment: Payment?
  /// Rated anew, or something happened to it, at this time or later.
  package var changedSince: Instant?
  /// Those due before that day alone.
  package var dueBefore: CivilDate?

  package init(
    number: InvoiceNumber? = nil,
    customer: CustomerKey? = nil, months: ClosedRange<BillingMonth>? = nil,
    status: InvoiceStatus? = nil, isHeld: Bool? = nil, payment: Payment? = nil,
    changedSince: Instant? = nil
  ) {
    self.number = number
    self.customer = customer
    self.months = months
    self.status = status
    self.isHeld = isHeld
    self.payment = payment
    self.changedSince = changedSince
  }
}
