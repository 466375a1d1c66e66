package import Base
package import Settlement
package import Workflow

/// What finance looks up.
extension FinanceService {
  /// Whether something that nobody disputes is owed after the day it was due, by the days of the
  /// contract's zone; nil if nobody can say which zone that is.
  package func isOverdue(_ invoice: StoredInvoice, at now: Instant) -> Bool? {
    guard invoice.account.due != nil else { return false }
    // Of a contract on a damaged page nothing is said; it is named elsewhere.
    let day = try? billing.day(of: invoice, at: now, home.agreements)
    return day.map(invoice.isOverdue)
  }

  /// At most `limit` invoices after a key, in the order of the keys.
  package func invoices(
    _ filter: InvoiceFilter, after: InvoiceKey?, limit: Int, at now: Instant
  ) throws -> [StoredInvoice] {
    guard filter.payment == .overdue else {
      return try home.read { try $0.invoices(.list(filter, after: after, limit: limit)) }
    }
    var (wanted, found, last) = (filter, [StoredInvoice](), after)
    // It is nowhere later than fourteen hours after UTC.
    wanted.dueBefore = ZoneRules.utc.date(at: now.advanced(bySeconds: 14 * 3600))
    while found.count < limit {
      let some = try home.read {
        try $0.invoices(.list(wanted, after: last, limit: max(limit, 100)))
      }
      found += some.filter { isOverdue($0, at: now) ?? false }
      guard let next = some.last?.key, some.count >= max(limit, 100) else { break }
      last = next
    }
    return Array(found.prefix(limit))
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
