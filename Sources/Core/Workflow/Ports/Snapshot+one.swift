package import Base
package import Settlement

extension InvoiceSource {
  /// Nil if there is none with that key.
  package func find(_ key: InvoiceKey) throws(Fault) -> StoredInvoice? {
    try invoices(.keys([key])).first
  }

  package func invoice(_ key: InvoiceKey) throws(Fault) -> StoredInvoice {
    guard let invoice = try find(key) else {
      throw Fault(.notFound, "there is no such invoice")
    }
    return invoice
  }

  /// The last issue of a period, whatever became of it; nil if there is none.
  package func newest(
    _ contract: ContractKey, _ month: BillingMonth
  ) throws(Fault) -> StoredInvoice? {
    try invoices(.newest(contract, month)).first
  }

  /// What of an invoice is in dispute.
  package func disputes(of invoice: StoredInvoice) throws -> [OpenDispute] {
    try OpenDispute.all(history(invoice.key), in: invoice.total.currency)
  }
}

extension LedgerSource {
  package func creditNote(_ number: InvoiceNumber) throws(Fault) -> StoredCreditNote {
    guard let note = try creditNotes(.number(number)).first else {
      throw Fault(.notFound, "there is no credit note \(number) on an invoice")
    }
    return note
  }
}
