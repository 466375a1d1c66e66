import Base
import Foundation

/// A time zone as Foundation's own copy of the IANA database knows it.
struct FoundationZone {
  private let name: String
  private let zone: TimeZone

  /// Foundation lists every name but Asia/Kolkata. `TimeZone` knows it, and reads much that is no
  /// name, such as `GMT+5`; a name has an area, and the zone goes by it.
  init?(_ name: String) {
    guard let zone = TimeZone(identifier: name),
      name == "UTC" || TimeZone.knownTimeZoneIdentifiers.contains(name)
        || name.contains("/") && zone.identifier == name
    else { return nil }
    self.name = name
    self.zone = zone
  }

  /// The rules within some years; what was before them is as it was at their start.
  func rules(years: Range<Int>) -> ZoneRules {
    let start = FoundationZone.second(ofYear: years.lowerBound)
    let end = FoundationZone.second(ofYear: years.upperBound)
    let initial = zone.secondsFromGMT(for: FoundationZone.date(start))
    var changes: [ZoneRules.Change] = []
    var offset = initial
    var moment = start
    while let next = zone.nextDaylightSavingTimeTransition(after: FoundationZone.date(moment)) {
      let second = Int64(next.timeIntervalSince1970)
      guard second > moment, second < end else { break }
      let changed = zone.secondsFromGMT(for: next)
      if changed != offset {
        changes.append(.init(secondsSinceEpoch: second, offsetSeconds: Int64(changed)))
      }
      (moment, offset) = (second, changed)
    }
    return ZoneRules(name: name, initialOffsetSeconds: Int64(initial), changes: changes)
  }

  private static func date(_ second: Int64) -> Date {
    Date(timeIntervalSince1970: TimeInterval(second))
  }

  private static func second(ofYear year: Int) -> Int64 {
    Int64(CivilDate(year: year, month: 1, day: 1)!.daysSinceEpoch) * 86_400
  }
}
