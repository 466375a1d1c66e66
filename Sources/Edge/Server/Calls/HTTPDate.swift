import Base

/// A moment as the header `Date` gives it: `Sun, 06 Nov 1994 08:49:37 GMT`.
/// Source: RFC 9110, section 5.6.7 (IMF-fixdate).
enum HTTPDate {
  private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  static func text(second: Int64) -> String {
    let days = Int(floorDivide(second, by: 86_400))
    let ofDay = Int(second) - days * 86_400
    let date = CivilDate(daysSinceEpoch: days)
    let weekday = weekdays[((days % 7) + 7) % 7]
    let time = [ofDay / 3600, ofDay / 60 % 60, ofDay % 60].map(twoDigits).joined(separator: ":")
    return "\(weekday), \(twoDigits(date.day)) \(months[date.month - 1]) \(date.year) \(time) GMT"
  }

  private static func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
