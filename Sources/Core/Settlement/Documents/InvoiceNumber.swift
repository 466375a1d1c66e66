package import Base

/// The number finance knows a document by: given at finalisation, without gaps within its series.
package struct InvoiceNumber: Hashable, Sendable, CustomStringConvertible {
  /// The series of invoices, and that of credit notes.
  package static let invoices = "INV"
  package static let creditNotes = "CN"

  /// The series of a sum: one by which the customer is owed is a credit note. Source: domain,
  /// section 3, order in a run.
  package static func series(for total: Money) -> String {
    total.amountMinor < 0 ? creditNotes : invoices
  }

  package let series: String
  package let sequence: Int

  package init(series: String, sequence: Int) {
    precondition(sequence > 0, "numbers start at one")
    self.series = series
    self.sequence = sequence
  }

  /// Reads `INV-000001` or `CN-000001`; there are no other series.
  package init(_ text: String) throws(Fault) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, [Self.invoices, Self.creditNotes].contains(String(parts[0])),
      let sequence = Int(parts[1]), sequence > 0
    else {
      throw Fault(.invalidValue, "`\(text.prefix(40))` is not a number such as INV-000001")
    }
    self.init(series: String(parts[0]), sequence: sequence)
    guard description == text else {
      throw Fault(.invalidValue, "`\(text.prefix(40))` is not a number such as INV-000001")
    }
  }

  /// `INV-000001`; longer where six digits no longer hold it.
  package var description: String { "\(series)-\(padded(sequence, to: 6))" }
}

/// Where an invoice stands in its life.
package enum InvoiceStatus: String, CaseIterable, Sendable {
  /// May be rated anew at any time.
  case draft
  /// Numbered and immutable.
  case final
  /// Final, and taken back as a whole: its number stays, and nothing is owed for it.
  case void
}
