import Base

/// How figures are written for people. Everything is exact until it is rounded once, here, to the
/// digits that are shown; a minus is a minus, not a hyphen.
enum Figures {
  /// `4,133.6`: the exact time is in the derivation.
  static func hours(_ hours: Fixed) -> String { shown(hours, places: 1) }

  /// `2,960`.
  static func cycles(_ cycles: Fixed) -> String { shown(cycles, places: 0) }

  /// `459,039.98`.
  static func bare(_ money: Money) -> String { minus(money.fixed.grouped) }

  /// `459,040`: for charts with little room.
  static func whole(_ money: Money) -> String { shown(money.fixed, places: 0) }

  /// `459,039.98 USD`.
  static func amount(_ money: Money) -> String { bare(money) + "\u{A0}" + money.currency.code }

  /// `+45,676.65`: what a step adds or takes.
  static func signed(_ money: Money) -> String {
    (money.amountMinor > 0 ? "+" : "") + bare(money)
  }

  /// `78.6`, of 100.
  static func points(_ points: Fixed) -> String { shown(points, places: 1) }

  /// `1.110500`: a factor keeps the places it was agreed with.
  static func factor(_ factor: Fixed) -> String { minus(factor.grouped) }

  /// A share of 0 to 1 in whole per cent. Rounded down, so that what is not enough never looks it.
  static func wholePercent(_ share: Fixed) -> Int {
    Int(clamping: share.units * 100 / Rounding.powerOfTen(share.places))
  }

  static func percent(_ share: Fixed) -> String { "\(wholePercent(share))\u{A0}%" }

  /// `January 2013`.
  static func month(_ month: BillingMonth) -> String {
    "\(monthNames[month.month - 1]) \(month.year)"
  }

  /// `Jan`.
  static func shortMonth(_ month: BillingMonth) -> String {
    String(monthNames[month.month - 1].prefix(3))
  }

  /// `January to March 2013`.
  static func months(_ months: ClosedRange<BillingMonth>) -> String {
    let (first, last) = (months.lowerBound, months.upperBound)
    if first == last { return month(first) }
    let start = first.year == last.year ? monthNames[first.month - 1] : month(first)
    return "\(start) to \(month(last))"
  }

  /// The sum, or nil where the addends are of several currencies or too great to add.
  static func sum(_ amounts: [Money]) -> Money? {
    guard let first = amounts.first, amounts.allSatisfy({ $0.currency == first.currency }) else {
      return nil
    }
    return try? amounts.dropFirst().reduce(first) { try $0 + $1 }
  }

  static func sum(_ values: [Fixed]) -> Fixed? {
    let places = values.map(\.places).max() ?? 0
    var units: Int128 = 0
    for value in values {
      guard let aligned = value.exactly(places: places) else { return nil }
      let (sum, overflow) = units.addingReportingOverflow(aligned.units)
      guard !overflow else { return nil }
      units = sum
    }
    return values.isEmpty ? nil : Fixed(units: units, places: places)
  }

  private static func shown(_ value: Fixed, places: Int) -> String {
    guard value.places > places else {
      return minus((value.exactly(places: places) ?? value).grouped)
    }
    let units = Rounding.halfAwayFromZero(
      value.units, over: Rounding.powerOfTen(value.places - places))
    return minus(Fixed(units: units, places: places).grouped)
  }

  private static func minus(_ text: String) -> String {
    text.hasPrefix("-") ? "\u{2212}" + text.dropFirst() : text
  }

  private static let monthNames = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]
}
