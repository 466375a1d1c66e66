package import Base

/// A credit note as it is kept.
package struct StoredCreditNote: Sendable {
  /// What took it back.
  package struct Reversal: Sendable {
    package let number: InvoiceNumber
    package let issued: Instant
    package let total: Money
    package let document: String

    package init(number: InvoiceNumber, issued: Instant, total: Money, document: String) {
      self.number = number
      self.issued = issued
      self.total = total
      self.document = document
    }
  }

  package let number: InvoiceNumber
  package let invoice: InvoiceKey
  package let issued: Instant
  package let total: Money
  package let document: String
  /// Nil where it stands.
  package let reversal: Reversal?

  package init(
    number: InvoiceNumber, invoice: InvoiceKey, issued: Instant, total: Money, document: String,
    reversal: Reversal?
  ) {
    self.number = number
    self.invoice = invoice
    self.issued = issued
    self.total = total
    self.document = document
    self.reversal = reversal
  }

  package func read() throws -> IssuedCreditNote {
    try IssuedCreditNote(JSON(parsing: Array(document.utf8)), in: total.currency)
  }
}
