/// A calendar month, `2013-01`; only with a zone does it become a period of time.
package struct BillingMonth: Hashable, Comparable, Sendable {
  package let year: Int
  package let month: Int

  package init?(year: Int, month: Int) {
    guard (1...9999).contains(year), (1...12).contains(month) else { return nil }
    self.year = year
    self.month = month
  }

  /// Reads `2013-01`.
  package init(_ text: String) throws(Fault) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].utf8.count == 4, parts[1].utf8.count == 2,
      text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (48...57).contains($0) }),
      let year = Int(parts[0]), let month = Int(parts[1]),
      let value = BillingMonth(year: year, month: month)
    else { throw Fault(.invalidValue, "`\(text.prefix(40))` is not a month such as 2013-01") }
    self = value
  }

  /// The month that holds `instant` on a calendar in that zone.
  package init(containing instant: Instant, in zone: ZoneRules) {
    let date = zone.date(at: instant)
    self = BillingMonth(year: date.year, month: date.month)!
  }

  /// The months before and after; the ends of the calendar stay where they are.
  package var next: BillingMonth { advanced(by: 1) }
  package var previous: BillingMonth { advanced(by: -1) }

  package func advanced(by months: Int) -> BillingMonth {
    let index = min(max(year * 12 + month - 1 + months, 12), 9999 * 12 + 11)
    return BillingMonth(year: index / 12, month: index % 12 + 1)!
  }

  /// From local midnight of the first day to local midnight of the next month's first day.
  package func period(in zone: ZoneRules) -> Period {
    Period(start: zone.startOfDay(firstDay), end: zone.startOfDay(next.firstDay))
  }

  package var firstDay: CivilDate { CivilDate(year: year, month: month, day: 1)! }

  package static func < (left: BillingMonth, right: BillingMonth) -> Bool {
    (left.year, left.month) < (right.year, right.month)
  }
}

extension BillingMonth: CustomStringConvertible {
  package var description: String { "\(padded(year, to: 4))-\(padded(month, to: 2))" }
}

extension BillingMonth {
  /// Every month of the range, in order.
  package static func all(in range: ClosedRange<BillingMonth>) -> [BillingMonth] {
    let (first, last) = (range.lowerBound, range.upperBound)
    let count = (last.year - first.year) * 12 + last.month - first.month + 1
    return (0..<count).map(first.advanced(by:))
  }
}
