import Base

/// The number finance knows an invoice by: given at finalisation, without gaps within its series.
package struct InvoiceNumber: Hashable, Sendable, CustomStringConvertible {
  package let series: String
  package let sequence: Int

  package init(series: String, sequence: Int) {
    precondition(sequence > 0, "numbers start at one")
    self.series = series
    self.sequence = sequence
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
}
