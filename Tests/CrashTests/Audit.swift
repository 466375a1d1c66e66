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
      let stored = try Audit.stored(db)
      let complaints = try Audit.integrity(db) + Audit.buckets(db)
      return (
        complaints + Audit.compare(stored, devices), stored.values.reduce(0) { $0 + $1.count }
      )
    }
  }

  private static func stored(_ db: Database) throws -> [String: [Int]] {
    var stored: [String: [Int]] = [:]
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT name.text, CAST(event.id AS INTEGER) FROM event JOIN name ON name.id = event.source
        """)
    while let row = try rows.next() { stored[row[0], default: []].append(row[1]) }
    return stored
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

  /// Counts the log anew, in SQL, and compares every hour of every subject both ways.
  private static func buckets(_ db: Database) throws -> [String] {
    let recount = """
      SELECT meter.text AS meter, event.subject, event.occurred / 3600000000 AS hour,
        count(*) AS events,
        sum(CASE meter.text WHEN 'time' THEN json_extract(event.data, '$.seconds') ELSE 1 END)
      FROM event JOIN name AS meter ON meter.text IN ('time', 'runs')
      GROUP BY 1, 2, 3
      """
    let kept = """
      SELECT name.text, subject, hour, events, units_high * (1 << 62) + units_low
      FROM bucket JOIN name ON name.id = bucket.meter
      """
    let missing = try Int.fetchOne(db, sql: "SELECT count(*) FROM (\(recount) EXCEPT \(kept))")!
    let surplus = try Int.fetchOne(db, sql: "SELECT count(*) FROM (\(kept) EXCEPT \(recount))")!
    return missing + surplus == 0
      ? [] : ["\(missing) hours of the log and \(surplus) buckets do not agree"]
  }
}
