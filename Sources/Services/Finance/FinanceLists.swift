package import Base
package import Settlement
package import Workflow

/// What finance looks up.
extension FinanceService {
  /// At most `limit` invoices after a key, in the order of the keys.
  package func invoices(
    _ filter: InvoiceFilter, after: InvoiceKey?, limit: Int
  ) throws -> [StoredInvoice] {
    try home.read { try $0.invoices(.list(filter, after: after, limit: limit)) }
  }

  package func find(_ key: InvoiceKey) throws -> StoredInvoice? {
    try home.read { try $0.find(key) }
  }

  package func invoice(_ key: InvoiceKey) throws -> StoredInvoice {
    try home.read { try $0.invoice(key) }
  }

  /// What happened to an invoice, in order.
  package func history(_ key: InvoiceKey) throws -> [JSON] {
    try home.read { try $0.history(key) }
  }

  /// What was paid of an invoice, payment by payment.
  package func payments(_ key: InvoiceKey) throws -> [StoredPayment] {
    try home.read { try $0.payments(of: $0.invoice(key)) }
  }

  /// How many drafts wait for a release.
  package func heldCount() throws -> Int { try home.read { try $0.heldCount() } }

  /// At most `limit` adjustments after a number, in order, those that were withdrawn among them.
  package func adjustments(
    contract: ContractKey?, month: BillingMonth?, after: Int, limit: Int
  ) throws -> [StoredAdjustment] {
    try home.read {
      try $0.adjustments(.list(contract: contract, month: month, after: after, limit: limit))
    }
  }

  /// At most `limit` credit notes after a number, in order.
  package func creditNotes(
    number: InvoiceNumber? = nil, invoice: InvoiceKey? = nil, customer: CustomerKey? = nil,
    after: Int, limit: Int
  ) throws -> [StoredCreditNote] {
    try home.read {
      try $0.creditNotes(
        .list(number: number, invoice: invoice, customer: customer, after: after, limit: limit))
    }
  }

  package func creditNote(_ number: InvoiceNumber) throws -> StoredCreditNote {
    try home.read { try $0.creditNote(number) }
  }

  package func ledger(_ query: LedgerQuery) throws -> [StoredLedgerEntry] {
    try home.read { try $0.ledger(query) }
  }
}
