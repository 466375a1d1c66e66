import Foundation
import GRDB

/// Looks at the database from outside, without a line of the product's code.
struct Audit {
  /// One sentence for each promise that was broken.
  let complaints: [String]
  let storedCount: Int

  /// The file may be in use by the server: this connection only reads.
  init(_ database: String, of devices: [Device]) throws {
    var configuration = Configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(path: database, configuration: configuration)
    defer { try? queue.close() }
    (complaints, storedCount) = try queue.read { db in
      let (names, events) = (try Audit.names(db), try Audit.events(db))
      var stored: [String: [Int]] = [:]
      for event in events { stored[names[event.source]!, default: []].append(Int(event.id)!) }
      let complaints = try Audit.integrity(db) + Audit.buckets(events, names, db)
      return (complaints + Audit.compare(stored, devices), events.count)
    }
  }

  private static func names(_ db: Database) throws -> [Int: String] {
    let rows = try Row.fetchAll(db, sql: "SELECT id, text FROM name")
    return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
  }

  private static func events(_ db: Database) throws -> [PageReading.Event] {
    var events: [PageReading.Event] = []
    let pages = try Row.fetchCursor(
      db, sql: "SELECT first, events, received, body FROM event_page ORDER BY first")
    while let page = try pages.next() {
      let body: Data = page[3]
      guard page[0] as Int == events.count + 1 else {
        throw DatabaseError(message: "the numbers of events have a gap before \(page[0] as Int)")
      }
      events += PageReading.events(Array(body), received: page[2])
      guard page[0] as Int + page[1] == events.count + 1 else {
        throw DatabaseError(message: "page \(page[0] as Int) holds another number of events")
      }
    }
    return events
  }

  /// Acknowledged, so it is there; there, so it was sent; there once.
  private static func compare(_ stored: [String: [Int]], _ devices: [Device]) -> [String] {
    devices.flatMap { device in
      let list = stored[device.source] ?? []
      let ids = Set(list)
      let unacknowledged = device.unacknowledged
      let lost = (0..<device.sentCount).filter {
        !ids.contains($0) && !unacknowledged.contains($0)
      }
      let invented = ids.filter { !(0..<device.sentCount).contains($0) }
      return [
        lost.isEmpty ? nil : "lost \(lost.count), such as \(lost[0])",
        invented.isEmpty ? nil : "stored without having been sent: \(invented.count)",
        ids.count == list.count ? nil : "stored twice: \(list.count - ids.count)",
      ].compactMap { $0.map { "\(device.source): \($0)" } }
    }
  }

  private static func integrity(_ db: Database) throws -> [String] {
    try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
  }

  private struct Hour: Hashable {
    let meter: String
    let subject: String
    let hour: Int
  }

  private struct Count: Equatable {
    var events = 0
    var sum = 0
  }

  /// Counts the log anew and compares every hour of every subject both ways.
  private static func buckets(
    _ events: [PageReading.Event], _ names: [Int: String], _ db: Database
  ) throws -> [String] {
    var recount: [Hour: Count] = [:]
    for event in events {
      let seconds = Int(event.data!.filter(\.isNumber))!
      for (meter, value) in [("time", seconds), ("runs", 1)] {
        let hour = Hour(
          meter: meter, subject: names[event.subject!]!,
          hour: event.occurredMicroseconds / 3_600_000_000)
        recount[hour, default: Count()].events += 1
        recount[hour, default: Count()].sum += value
      }
    }
    var kept: [Hour: Count] = [:]
    let rows = try Row.fetchCursor(
      db, sql: "SELECT meter, subject, hour, events, units_high, units_low FROM bucket")
    while let row = try rows.next() {
      let hour = Hour(meter: names[row[0]]!, subject: names[row[1]]!, hour: row[2])
      let (high, low): (Int, Int) = (row[4], row[5])
      kept[hour] = Count(events: row[3], sum: high << 62 + low)
    }
    let wrong = Set(recount.keys).union(kept.keys).filter { recount[$0] != kept[$0] }
    return wrong.isEmpty ? [] : ["\(wrong.count) buckets and the log do not agree"]
  }
}
