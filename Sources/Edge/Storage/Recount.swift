import Base
import Contracts
import GRDB
import Ingestion
import Metering

/// Makes the buckets of a meter anew from the log, after its definition has come or changed, and
/// says anew which pages hold events that nobody counts.
enum Recount {
  static func meter(_ key: MeterKey, _ after: CatalogState, _ db: Database) throws {
    guard let meter = after.meters[key] else { return }
    for series in try MeterSeries.ever(of: meter, db) {
      try db.execute(sql: "DELETE FROM bucket WHERE meter = ?", arguments: [series])
      try db.execute(sql: "DELETE FROM bucket_samples WHERE meter = ?", arguments: [series])
      try BlockUpkeep.forget(meter: series, db)
    }
    let changed = try MeterReader([meter], db)
    let all = try MeterReader(after.meters.meters, db)
    var deltas = BucketDeltas()
    var doubts = PageDoubts(after.catalog)
    var names = Names()
    func count(_ page: EventPage, without corrected: Set<Int64>) throws {
      for sequence in page.sequences where !corrected.contains(sequence) {
        let record = page[sequence]
        guard let subject = record.subject else { continue }
        for reading in changed.readings(record, of: page) {
          let series = try MeterSeries(of: meter, group: reading.group, &names, db)
          deltas.count(reading, in: series, subject: subject, source: record.source)
        }
      }
    }
    try EventPages.forEach(from: 0, db) { page in
      let corrected = try Amendments.corrected(page.sequences, db)
      try count(page, without: corrected)
      try doubts.judge(page, hasCorrections: !corrected.isEmpty, all, db)
      return true
    }
    try Amendments.forEach(db) { try count($0, without: []) }
    var hours = HoursSeen()
    var blocks = try BlockUpkeep(db)
    try deltas.save(&hours, &blocks, db)
    try doubts.save(db)
  }
}
