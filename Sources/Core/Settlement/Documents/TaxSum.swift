package import Base

/// One tax of a document: the sum of the lines it falls on, and what it comes to.
///
///     amount = round(base * rate)      to the minor unit, once for each tax, category and rate
///
/// Source: EN 16931, BR-CO-17: the tax of a category is its taxable amount times its rate.
package struct TaxSum: Hashable, Sendable {
  package let tax: LineTax
  package let base: Money
  package let amount: Money

  package init(_ tax: LineTax, base: Money) throws(Fault) {
    self.tax = tax
    self.base = base
    amount = try Money(rounding: base.fixed.ratio * tax.rate.ratio, base.currency)
  }

  init(_ tax: LineTax, base: Money, amount: Money) {
    self.tax = tax
    self.base = base
    self.amount = amount
  }

  /// In the order in which the lines first name them.
  static func sums(
    _ lines: [(tax: LineTax?, amount: Money)]
  ) throws(Fault) -> [TaxSum] {
    var bases: [(tax: LineTax, base: Money)] = []
    for line in lines {
      guard let tax = line.tax else { continue }
      if let place = bases.firstIndex(where: { $0.tax == tax }) {
        bases[place].base = try bases[place].base + line.amount
      } else {
        bases.append((tax, line.amount))
      }
    }
    var sums: [TaxSum] = []
    for (tax, base) in bases { sums.append(try TaxSum(tax, base: base)) }
    return sums
  }

  var json: JSON {
    guard case .object(let members) = tax.json else { return .null }
    return .object(members + [.init("base", .text(base)), .init("amount", .text(amount))])
  }
}

extension Money {
  static func sum(_ amounts: [Money], _ currency: Currency) throws(Fault) -> Money {
    var sum = Money.zero(currency)
    for amount in amounts { sum = try sum + amount }
    return sum
  }

  package static prefix func - (amount: Money) throws(Fault) -> Money {
    try .zero(amount.currency) - amount
  }
}
