package import Base
import Foundation
import Synchronization
import Workflow

/// Time zones by their IANA names, as the zone database of this machine knows them.
///
/// The machine's own database is kept up to date with the machine; the copy that Foundation brings
/// is of the day it was made. It serves where there is no other.
package final class ZoneDatabase: ZoneSource {
  /// All that the database knows of the past, back to the time of the sun before clocks agreed;
  /// and so far ahead that later changes do not matter to any contract.
  private static let years = 1..<2100

  private let folder: ZoneFiles?
  private let known = Mutex<[String: ZoneRules]>([:])

  package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    folder = ZoneFiles(environment)
  }

  /// Where the rules come from, for the log: `2025b in /usr/share/zoneinfo`.
  package var source: String {
    guard let folder else { return "the copy of Foundation" }
    return "\(folder.release ?? "of an unknown release") in \(folder.path)"
  }

  /// As they were when the zone was first asked for: a database that is updated meanwhile is read
  /// after the next start.
  package func rules(_ name: String) throws(Fault) -> ZoneRules {
    if let rules = known.withLock({ $0[name] }) { return rules }
    guard let rules = try look(name) else {
      throw Fault(
        .invalidValue, "`\(name)` is not a zone of the IANA database, such as Europe/Berlin")
    }
    known.withLock { $0[name] = rules }
    return rules
  }

  private func look(_ name: String) throws(Fault) -> ZoneRules? {
    guard let folder else { return FoundationZone(name)?.rules(years: ZoneDatabase.years) }
    return try folder.file(of: name)?.rules(name, years: ZoneDatabase.years)
  }
}
