import Base
import Foundation
import GRDB
import Ingestion

/// Goes once through the log, and holds against it all that is kept of it elsewhere: where events
/// are, which identities are known, what corrections name, and what invoices noted.
struct LogVerification {
  private(set) var findings: [String] = []
  private(set) var pages = 0
  /// Where those start that are damaged.
  private(set) var damagedPages: [Int64] = []
  /// The hours in which there are events.
  private(set) var hours: Set<Int64> = []

  private let hash: IdentityHash
  private let correctionType: Int64?
  private var chain = LogChain()
  /// The texts that no page so far covers, and those that one does.
  private var texts: ArraySlice<LogChain.Text>
  private var seen: [LogChain.Text] = []
  private var places = MultisetSum()
  private var identities: IdentityVerification
  private var corrections: CorrectionVerification
  private let notes: [Int64: [ProofVerification.LogNote]]
  private var next: Int64 = 1

  init(_ notes: [Int64: [ProofVerification.LogNote]], _ db: Database) throws {
    self.notes = notes
    hash = try IdentityHash(db)
    correctionType = try TextInterner.find(Correction.eventType, db)
    texts = try LogChain().newTexts(db)[...]
    identities = try IdentityVerification(db)
    corrections = try CorrectionVerification(hash, db)
    try readPages(db)
    try readPlaces(db)
    findings += try identities.findings + corrections.findings(db)
    try checkHours(db)
  }

  private mutating func readPages(_ db: Database) throws {
    try RawStatement(
      """
      SELECT first, events, received, earliest, latest, checksum, names, body, digest
      FROM event_page ORDER BY first
      """, db
    ).forEach { row in
      pages += 1
      let first = row.number(0)
      if first != next { findings.append("events are missing before number \(first)") }
      next = first &+ row.number(1)
      let isLinked = link(row)
      do throws(Fault) {
        let page = try LogReader.page(
          first: first, count: Int(row.number(1)), received: row.number(2),
          checksum: row.number(5), row.blob(7))
        if !isLinked {
          findings.append("the page of the log from event \(first) on is not what was written")
        }
        try take(page, earliest: row.number(3), latest: row.number(4))
      } catch {
        findings.append("the page of the log from event \(first) on is damaged")
        damagedPages.append(first)
      }
      return true
    }
  }

  /// Whether a page follows from all before it; what comes behind is held against what it says.
  private mutating func link(_ row: borrowing RawRow) -> Bool {
    let kept = Array(row.blob(8))
    let (names, first) = (row.number(6), row.number(0))
    let new = Array(texts.prefix { $0.number <= names })
    texts = texts.dropFirst(new.count)
    seen += new
    let numbers = [row.number(0), row.number(1), row.number(2), row.number(3), row.number(4)]
    var (next, restarted) = (chain, LogChain())
    next.add(numbers, new, row.blob(7))
    // One that was begun behind a page that could not be read covers all texts again.
    if next.digest != kept { restarted.add(numbers, seen, row.blob(7)) }
    check(kept, first)
    chain = LogChain(digest: kept, names: names)
    return kept == next.digest || kept == restarted.digest
  }

  private mutating func check(_ digest: [UInt8], _ first: Int64) {
    for note in notes[first] ?? [] where Digest(digest)?.hex != note.digest {
      findings.append("\(note.row) rests on a log that was another one up to event \(first)")
    }
  }

  private mutating func take(_ page: LogPage, earliest: Int64, latest: Int64) throws(Fault) {
    var last: (subject: Int64, hour: Int64)?
    var times = (earliest: Int64.max, latest: Int64.min)
    page.bytes.withUnsafeBytes { bytes in
      for sequence in page.sequences {
        let record = page[sequence]
        let (subject, hour) = (record.subject ?? 0, record.occurred.hour)
        times.earliest = min(times.earliest, record.occurredMicroseconds)
        times.latest = max(times.latest, record.occurredMicroseconds)
        if last?.subject != subject || last?.hour != hour {
          last = (subject, hour)
          hours.insert(hour)
          places.add(MultisetSum.mix(hour, subject, page.first), at: page.first)
        }
        let hash = hash(of: record, in: bytes)
        identities.take(hash, sequence)
        corrections.take(hash, sequence, record, page, isCorrection: record.type == correctionType)
      }
    }
    if times != (earliest, latest) {
      findings.append("the times of the page of the log from event \(page.first) on are others")
    }
  }

  private mutating func readPlaces(_ db: Database) throws {
    try RawStatement("SELECT hour, subject, page FROM event_place", db).forEach { row in
      places.remove(
        MultisetSum.mix(row.number(0), row.number(1), row.number(2)), at: row.number(2))
      return true
    }
    let damaged = Set(damagedPages)
    findings += places.differing.filter { !damaged.contains($0) }.map {
      "where the events of the page from event \($0) on are found is not what the log says"
    }
  }

  /// Whoever looks for usage looks only in hours that have any.
  private mutating func checkHours(_ db: Database) throws {
    // There may be more: what was in them was corrected, or is counted no more.
    let known = try Int64.fetchSet(db, sql: "SELECT hour FROM hour_seen")
    let used = try ["bucket", "bucket_samples"].reduce(into: hours) { used, table in
      var hour = try Int64.fetchOne(db, sql: "SELECT min(hour) FROM \(table)")
      while let found = hour {
        used.insert(found)
        hour = try Int64.fetchOne(
          db.cachedStatement(sql: "SELECT min(hour) FROM \(table) WHERE hour > ?"),
          arguments: [found])
      }
    }
    findings += used.subtracting(known).sorted().map {
      "whether there is anything in the hour from \(Instant(clampingSeconds: $0 * 3600)) on is "
        + "not what the log says"
    }
  }
}
