import Base
import GRDB
import Metering

/// Reads a meter's usage window by window: every bucket and every page of the log is read once,
/// however many windows there are.
struct BucketsByWindow {
  private let windows: Windows
  private let reader: MeterReader
  /// Nil for a meter that has counted nothing yet.
  private let blocks: BlockReader?

  init(_ meter: MeterDefinition, _ windows: Windows, _ db: Database) throws {
    self.windows = windows
    reader = try MeterReader([meter], db)
    let hours = windows.period.hours
    blocks = try Names.find(meter.key.text, db).map {
      try BlockReader(meter: $0, hours.lowerBound..<hours.upperBound + 1, db)
    }
  }

  /// What the events of a subject come to in each window, as far as they lie in the periods, which
  /// do not overlap.
  func usage(of subject: String, in periods: [Period], _ db: Database) throws -> [Usage] {
    var totals = [Usage](repeating: Usage(), count: windows.count)
    guard let blocks, let subject = try Names.find(subject, db) else { return totals }
    for period in periods.map({ $0.intersection(windows.period) }) {
      let split = WindowSplit(period, windows)
      for edge in split.edges {
        try EventLog.forEach(of: subject, edge, db) { page, record in
          for value in reader.values(record, of: page) {
            totals[windows.place(of: record.occurred)].add(
              Usage(count: 1, units: Int128(value.units)))
          }
        }
      }
      guard !split.isAllCut else { continue }
      // Hours come nearly in order: most are of the window of the one before.
      var (place, whole) = (0, 0..<Int64(0))
      try blocks.forEachHour(split.hours, of: subject, db) { hour, usage in
        if !whole.contains(hour) {
          place = windows.place(of: max(Instant(clampingSeconds: hour * 3600), period.start))
          whole = HourSplit(windows[place].intersection(period)).hours
          // The log has answered for an hour that is cut.
          guard whole.contains(hour) else { return }
        }
        totals[place].add(usage)
      }
    }
    return totals
  }
}
