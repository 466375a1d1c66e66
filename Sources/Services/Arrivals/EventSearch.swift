package import Workflow

/// Looks up events of the log. Nothing a device sent is ever out of sight.
package struct EventSearch: Sendable {
  private let home: any Home

  package init(_ home: any Home) { self.home = home }

  /// At most `limit` events after the position `after`, in the order of the log.
  package func list(_ filter: EventQuery, after: Int64, limit: Int) throws -> EventList {
    guard after < .max else { return EventList() }
    return try home.read { try $0.events(filter, after: after, limit: limit) }
  }

  /// How many events the log holds: their numbers have no gaps.
  package func storedCount() throws -> Int { Int(try home.read { try $0.eventCount() }) }
}
