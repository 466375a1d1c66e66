package import Base
import Foundation
import Synchronization

/// Time zones by their IANA names, as the zone database of this machine knows them.
package final class Zones: Sendable {
  /// Changes of offset outside these years do not matter to any contract.
  private static let years = 1970...2100

  private let known = Mutex<[String: ZoneRules]>([:])

  package init() {}

  package func rules(_ name: String) throws(Fault) -> ZoneRules {
    if let rules = known.withLock({ $0[name] }) { return rules }
    guard let zone = TimeZone(identifier: name), Zones.isName(name, of: zone) else {
      throw Fault(
        .invalidValue, "`\(name)` is not a zone of the IANA database, such as Europe/Berlin")
    }
    let rules = Zones.table(zone, name)
    known.withLock { $0[name] = rules }
    return rules
  }

  /// Foundation lists every name but Asia/Kolkata. `TimeZone` knows it, and reads much that is no
  /// name, such as `GMT+5`; a name has an area, and the zone goes by it.
  private static func isName(_ name: String, of zone: TimeZone) -> Bool {
    name == "UTC" || TimeZone.knownTimeZoneIdentifiers.contains(name)
      || name.contains("/") && zone.identifier == name
  }

  private static func table(_ zone: TimeZone, _ name: String) -> ZoneRules {
    let start = second(ofYear: years.lowerBound)
    let end = second(ofYear: years.upperBound)
    let initial = zone.secondsFromGMT(for: date(start))
    var changes: [ZoneRules.Change] = []
    var offset = initial
    var moment = start
    while let next = zone.nextDaylightSavingTimeTransition(after: date(moment)) {
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
