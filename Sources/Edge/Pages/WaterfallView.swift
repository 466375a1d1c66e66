package import Base

/// One line of an invoice with the way to its amount, a bar a factor.
package struct WaterfallView: Sendable {
  package struct Bar: Sendable {
    package let label: String
    package let amount: Money

    package init(label: String, amount: Money) {
      self.label = label
      self.amount = amount
    }
  }

  /// What the line is for: `Hours in use, adjusted for severity`.
  package let title: String
  package let month: BillingMonth
  /// The plain amount first, then what each factor adds or takes.
  package let bars: [Bar]
  /// The line's amount; it is the sum of the bars, so that the two cannot differ.
  package let total: Money
  /// The derivation in words.
  package let sentence: String

  /// At least one bar, all in one currency; anything else is an `invalidValue`, for the bars may
  /// be read from a document that was kept.
  package init(
    title: String, month: BillingMonth, bars: [Bar], sentence: String
  ) throws(Fault) {
    guard let currency = bars.first?.amount.currency,
      bars.allSatisfy({ $0.amount.currency == currency })
    else { throw Fault(.invalidValue, "a line has at least one bar, all in one currency") }
    self.title = title
    self.month = month
    self.bars = bars
    self.sentence = sentence
    var total = Money.zero(currency)
    for bar in bars { total = try total + bar.amount }
    self.total = total
  }
}
