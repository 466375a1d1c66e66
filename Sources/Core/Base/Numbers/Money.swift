/// An amount in the minor unit of its currency. Sums of money are never rounded again.
package struct Money: Hashable, Sendable {
  package let amountMinor: Int128
  package let currency: Currency

  package init(minor amountMinor: Int128, _ currency: Currency) {
    self.amountMinor = amountMinor
    self.currency = currency
  }

  /// The most that a line or a document may come to, in minor units. Hundreds of documents of that
  /// size still add up in 64 bits, as the ledger keeps them.
  package static let minorMax: Int128 = 10_000_000_000_000_000

  /// The one rounding of a line: half away from zero to the currency's minor unit. Throws where the
  /// amount is beyond all that is billed.
  package init(rounding exact: Ratio, _ currency: Currency) throws(Fault) {
    self.init(minor: try exact.rounded(to: currency.minorDigits).units, currency)
    try checkSize()
  }

  /// Throws where the amount is more than a document can have.
  package func checkSize() throws(Fault) {
    guard amountMinor.magnitude <= Money.minorMax.magnitude else {
      throw Fault(
        .overflow,
        "an amount of \(fixed.grouped) \(currency) is more than an invoice can have: "
          + "\(Money(minor: Money.minorMax, currency).fixed.grouped) \(currency)")
    }
  }

  package static func zero(_ currency: Currency) -> Money { Money(minor: 0, currency) }

  package static func + (left: Money, right: Money) throws(Fault) -> Money {
    precondition(left.currency == right.currency, "amounts of two currencies do not add up")
    let (sum, overflow) = left.amountMinor.addingReportingOverflow(right.amountMinor)
    guard !overflow else { throw Fault(.overflow, "a sum of money exceeds 127 bits") }
    return Money(minor: sum, left.currency)
  }

  package static func - (left: Money, right: Money) throws(Fault) -> Money {
    precondition(left.currency == right.currency, "amounts of two currencies do not add up")
    let (rest, overflow) = left.amountMinor.subtractingReportingOverflow(right.amountMinor)
    guard !overflow else { throw Fault(.overflow, "a difference of money exceeds 127 bits") }
    return Money(minor: rest, left.currency)
  }

  package var fixed: Fixed { Fixed(units: amountMinor, places: currency.minorDigits) }
}

extension Money: CustomStringConvertible {
  /// The plain number, `459039.98`, as the API writes it beside its currency.
  package var description: String { fixed.description }
}
