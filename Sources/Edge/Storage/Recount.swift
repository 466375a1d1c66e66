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
    let number = try Names.find(key.text, db)!
    try db.execute(sql: "DELETE FROM bucket WHERE meter = ?", arguments: [number])
    try BlockUpkeep.forget(meter: number, db)
    let changed = try MeterReader([meter], db)
    let all = try MeterReader(after.meters.meters, db)
    var deltas = BucketDeltas()
    var doubts = PageDoubts(after.catalog)
    var values: [MeterValue] = []
    func count(_ page: EventPage, without corrected: Set<Int64>) {
      for sequence in page.sequences where !corrected.contains(sequence) {
        let record = page[sequence]
        values.removeAll(keepingCapacity: true)
        _ = changed.read(record, of: page, into: &values)
        guard let subject = record.subject, let value = values.first else { continue }
        deltas.add(
          value.units, to: Bucket(meter: number, subject: subject, hour: record.occurred.hour))
      }
    }
    try EventPages.forEach(from: 0, db) { page in
      let corrected = try Amendments.corrected(page.sequences, db)
      count(page, without: corrected)
      try doubts.judge(page, hasCorrections: !corrected.isEmpty, all, db)
      return true
    }
    try Amendments.forEach(db) { count($0, without: []) }
    var hours = HoursSeen()
    var blocks = try BlockUpkeep(db)
    try deltas.save(&hours, &blocks, db)
    try doubts.save(db)
  }
}
