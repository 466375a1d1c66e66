package import Base
package import Contracts

/// A draft as it will be written: an invoice takes four times as much memory.
package struct InvoiceDraft: Sendable {
  package let contract: Contract
  package let month: BillingMonth
  package let periodEnd: Instant
  package let net: Money
  package let tax: Money
  package let total: Money
  package let document: String
  /// The last event of the log that it may rest on.
  package let lastEvent: Int64
  package let reasons: [HoldReason]
  package let charges: PeriodCharges

  package init(
    _ invoice: Invoice, lastEvent: Int64, reasons: [HoldReason], charges: PeriodCharges
  ) {
    self.reasons = reasons
    self.charges = charges
    contract = invoice.contract
    month = invoice.month
    periodEnd = invoice.period.end
    (net, tax, total) = (invoice.net, invoice.tax, invoice.total)
    document = invoice.document.text
    self.lastEvent = lastEvent
  }
}

/// What became of a draft that was to be written.
package struct StoredDraft: Sendable {
  package enum Outcome: Sendable {
    /// Written, or written over the draft before.
    case drafted
    /// The same draft was there already.
    case unchanged
    /// The period was closed meanwhile: the draft was not written.
    case final
  }

  package let key: InvoiceKey
  package let outcome: Outcome
  package let total: Money
  package let reasons: [HoldReason]
  package let isHeld: Bool

  package init(
    key: InvoiceKey, outcome: Outcome, total: Money, reasons: [HoldReason] = [],
    isHeld: Bool = false
  ) {
    self.key = key
    self.outcome = outcome
    self.total = total
    self.reasons = reasons
    self.isHeld = isHeld
  }
}
