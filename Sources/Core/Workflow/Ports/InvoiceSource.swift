package import Base
package import Settlement

/// Which invoices are wanted.
package enum InvoiceQuery: Sendable {
  /// Those of these keys that there are.
  case keys([InvoiceKey])
  /// The last issue of a period, whatever became of it; none if there is no issue.
  case newest(ContractKey, BillingMonth)
  /// All final ones of a contract that are not void, by period.
  case finals(ContractKey)
  /// Those of a contract, not void, whose periods ended after a moment; by the ends of the periods.
  case endingAfter(ContractKey, Instant, onlyCorrecting: Bool, limit: Int?)
  /// At most `limit` after a key, in the order of the keys.
  case list(InvoiceFilter, after: InvoiceKey?, limit: Int)
}

/// Invoices and what happened to them, as they are kept. A document that is not the one that was
/// issued is a fault, not a value.
package protocol InvoiceSource {
  func invoices(_ query: InvoiceQuery) throws(Fault) -> [StoredInvoice]
  /// What happened to an invoice, in order.
  func history(_ key: InvoiceKey) throws(Fault) -> [JSON]
  /// The issues of a contract that are not void, without their documents, by period and issue.
  func outlines(_ contract: ContractKey) throws(Fault) -> [InvoiceOutline]
  /// The status of the last issue of each period of a contract.
  func statuses(_ contract: ContractKey) throws(Fault) -> [BillingMonth: InvoiceStatus]
  /// Whether the last issue of a period was closed, whatever became of it since.
  func isClosed(_ contract: ContractKey, _ month: BillingMonth) throws(Fault) -> Bool
  /// What the final periods before one came to, the newest first; some of them.
  func charges(
    of contract: ContractKey, before month: BillingMonth
  ) throws(Fault) -> [PeriodCharges]
  /// The versions of meters by which a final period counts, as its invoice or a later act names
  /// them, with the key of that invoice; nil if the period is not final.
  func meterVersions(
    _ contract: ContractKey, _ month: BillingMonth
  ) throws(Fault) -> (invoice: InvoiceKey, versions: JSON)?
  /// By contract the first period that was to be counted again.
  func recounted() throws(Fault) -> [ContractKey: BillingMonth]
  /// How many drafts wait for a release.
  func heldCount() throws(Fault) -> Int
}

/// Credit notes, adjustments, payments and the ledger.
package protocol LedgerSource {
  func creditNotes(_ query: CreditNoteQuery) throws(Fault) -> [StoredCreditNote]
  /// When a credit note on the invoices of each contract was last issued or voided, in
  /// microseconds; contracts without notes are left out.
  func lastCreditNotes() throws(Fault) -> [ContractKey: Int64]
  /// Whether a credit note on an invoice of a contract was issued or voided after an invoice was
  /// last written as a draft.
  func hasCreditNote(
    on contract: ContractKey, afterDraftOf invoice: InvoiceKey
  ) throws(Fault) -> Bool
  func adjustments(_ query: AdjustmentQuery) throws(Fault) -> [StoredAdjustment]
  func payments(of invoice: StoredInvoice) throws(Fault) -> [StoredPayment]
  /// A payment of the same customer, day, amount and reference that was not taken back; nil if
  /// there is none.
  func payment(
    like payment: PaymentEntry, _ amount: Money, as invoice: StoredInvoice
  ) throws(Fault) -> (invoice: String, payment: Int)?
  func ledger(_ query: LedgerQuery) throws(Fault) -> [StoredLedgerEntry]
  /// What final invoices of a contract hold back, up to a period, in minor units.
  func heldBack(_ contract: ContractKey, through month: BillingMonth) throws(Fault) -> Int64
}

/// Which credit notes are wanted.
package enum CreditNoteQuery: Sendable {
  case number(InvoiceNumber)
  /// Those on the invoices of a contract that were not voided, in order.
  case inForce(ContractKey)
  /// At most `limit` after a number, in order.
  case list(
    number: InvoiceNumber?, invoice: InvoiceKey?, customer: CustomerKey?, after: Int, limit: Int)
}

/// Which adjustments are wanted.
package enum AdjustmentQuery: Sendable {
  case number(Int)
  /// All of a period, in order, those that were withdrawn among them.
  case period(ContractKey, BillingMonth)
  /// At most `limit` after a number, in order.
  case list(contract: ContractKey?, month: BillingMonth?, after: Int, limit: Int)
}

/// Which entries of the ledger are wanted: at most `limit` after a number, in order.
package struct LedgerQuery: Sendable {
  package var invoice: InvoiceKey?
  package var customer: CustomerKey?
  package var after: Int64
  package var limit: Int

  package init(invoice: InvoiceKey?, customer: CustomerKey?, after: Int64, limit: Int) {
    self.invoice = invoice
    self.customer = customer
    self.after = after
    self.limit = limit
  }
}
