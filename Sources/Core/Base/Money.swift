/// An amount in the minor unit of its currency. Sums of money are never rounded again.
package struct Money: Hashable, Sendable {
  package let amountMinor: Int128
  package let currency: Currency

  package init(minor amountMinor: Int128, _ currency: Currency) {
    self.amountMinor = amountMinor
    self.currency = currency
  }

  /// The one rounding of a line: half away from zero to the currency's minor unit.
  package init(rounding exact: Ratio, _ currency: Currency) throws(Fault) {
    self.init(minor: try exact.rounded(to: currency.minorDigits).units, currency)
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
