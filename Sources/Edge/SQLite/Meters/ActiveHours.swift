import GRDB

/// The hours that something happened in.
struct ActiveHours {
  /// Ten years of hours; beyond it the memory starts over.
  private static let rememberedMax = 100_000
  private var known: Set<Int64> = []
  /// Buckets come in order: most are of the hour of the one before.
  private var last: Int64?

  mutating func note(_ hour: Int64, _ db: Database) throws {
    guard hour != last else { return }
    last = hour
    guard !known.contains(hour) else { return }
    if known.count >= Self.rememberedMax { known.removeAll() }
    try RawStatement("INSERT OR IGNORE INTO hour_seen (hour) VALUES (?)", db).bind(hour).run()
    known.insert(hour)
  }

  static func any(in hours: Range<Int64>, _ db: Database) throws -> Bool {
    var isAny = false
    try RawStatement("SELECT 1 FROM hour_seen WHERE hour >= ? AND hour < ? LIMIT 1", db)
      .bind(hours.lowerBound, hours.upperBound).forEach { _ in
        isAny = true
        return false
      }
    return isAny
  }
}
