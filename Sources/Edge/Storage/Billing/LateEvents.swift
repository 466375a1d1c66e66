import Base
import Contracts
import GRDB
import Ingestion
import Metering
import Settlement
import Synchronization

/// Says whether anything came in behind an invoice that may change it, so that a run rates only
/// those earlier months anew that it must. What it knows of the log is read once, when it is first
/// asked: whatever comes while a run goes on, the next run sees.
final class LateEvents: Sendable {
  /// Where the pages of the log start, and the earliest time on them or any behind them.
  private struct Tail: Sendable {
    var firsts: [Int64] = []
    var earliest: [Int64] = []
    /// The last correction that stands, or the last event that one stands for.
    var lastAmended: Int64 = 0
    var lastAgreement: Int64 = 0
    /// When each version of a contract came, where there are several.
    var versions: [String: [Int64]] = [:]
    /// By contract the first month that was to be counted again.
    var recounted: [String: String] = [:]
  }

  /// What may change an invoice.
  enum Reason {
    /// An event of a time before that moment.
    case event(before: Instant)
    case other
  }

  private let tail = Mutex<Tail?>(nil)
  private let state: CatalogState
  /// How far back before its own time an event may count, for the meters that look so far.
  private let reaches: [MeterKey: Int]

  init(_ state: CatalogState) {
    self.state = state
    let reaches = state.meters.meters.map { ($0.key, $0.aggregation.reachSeconds) }
    self.reaches = Dictionary(uniqueKeysWithValues: reaches.filter { $0.1 > 0 })
  }

  /// One where an event of its time or one that began in it, a correction or what had been
  /// corrected before it came, or another word about assets, indices, calendars or the end of its
  /// contract came after it, or it was to be counted again. There may be one where nothing changes;
  /// there is one wherever something does. A final invoice keeps its meters: new versions do not
  /// matter.
  func reason(toLookAt invoice: KeptInvoice, _ db: Database) throws -> Reason? {
    guard let last = invoice.lastEvent else { return .other }
    let tail = try self.tail.withLock { known in
      let tail = try known ?? LateEvents.read(db)
      known = tail
      return tail
    }
    if tail.lastAmended > last || isRecounted(invoice, tail)
      || tail.lastAgreement >= invoice.rated.microsecondsSinceEpoch
      || mayTouch(invoice, tail.versions[invoice.contract.text] ?? [])
    {
      return .other
    }
    let place = tail.firsts.indices.partitionPoint { tail.firsts[$0] > last }
    let end = lastWord(on: invoice)
    let isEvent =
      place < tail.firsts.count && tail.earliest[place] < end.microsecondsSinceEpoch
    return isEvent ? .event(before: end) : nil
  }

  /// Whether another version of the contract came that reaches back as far.
  private func mayTouch(_ invoice: KeptInvoice, _ versions: [Int64]) -> Bool {
    guard !versions.isEmpty, let history = state.catalog.histories[invoice.contract] else {
      return false
    }
    let known = versions.prefix { $0 < invoice.rated.microsecondsSinceEpoch }.count
    return history.mayChange(invoice.month, knowing: known)
  }

  /// Whether its month, or one before it that it may rest on, was to be counted again.
  private func isRecounted(_ invoice: KeptInvoice, _ tail: Tail) -> Bool {
    tail.recounted[invoice.contract.text].map { $0 <= invoice.month.description } ?? false
  }

  /// What is of an earlier time may count for it.
  private func lastWord(on invoice: KeptInvoice) -> Instant {
    let history = state.catalog.histories[invoice.contract]
    if let history, history.hasLastWord(in: invoice.month) { return .latest }
    return invoice.periodEnd.advanced(bySeconds: reachSeconds(of: invoice.contract))
  }

  /// How far back an event may count for any clause that the contract ever had.
  private func reachSeconds(of contract: ContractKey) -> Int64 {
    guard !reaches.isEmpty, let history = state.catalog.histories[contract] else { return 0 }
    let meters = history.versions.flatMap(\.contract.clauses).flatMap(\.meters)
    return Int64(meters.compactMap { reaches[$0] }.max() ?? 0)
  }

  /// The subjects of events that came behind a last one and happened before a moment.
  static func subjects(
    behind last: Int64, before end: Instant, _ db: Database
  ) throws -> Set<Int64> {
    var subjects: Set<Int64> = []
    let firsts = try Int64.fetchAll(
      db.cachedStatement(sql: "SELECT first FROM event_page WHERE first > ? AND earliest < ?"),
      arguments: [last, end.microsecondsSinceEpoch])
    for first in firsts {
      guard let page = try EventPages.sound(first, db) else {
        // There may be one of an earlier time about any of them.
        subjects.formUnion(try EventPages.subjects(on: first, db))
        continue
      }
      for sequence in page.sequences where page[sequence].occurred < end {
        if let subject = page[sequence].subject { subjects.insert(subject) }
      }
    }
    return subjects
  }

  private static func read(_ db: Database) throws -> Tail {
    var tail = Tail()
    for start in try EventPages.starts(from: 0, db) {
      tail.firsts.append(start.first)
      tail.earliest.append(start.earliestMicroseconds)
    }
    for place in tail.earliest.indices.dropLast().reversed() {
      tail.earliest[place] = min(tail.earliest[place], tail.earliest[place + 1])
    }
    for column in ["correction", "event"] {
      let last = try Int64.fetchOne(db, sql: "SELECT max(\(column)) FROM event_amended")
      tail.lastAmended = max(tail.lastAmended, last ?? 0)
    }
    let recounted = try Row.fetchAll(
      db,
      sql: """
        SELECT contract, min(month)
        FROM invoice_event AS event JOIN invoice ON invoice.key = event.invoice
        WHERE kind = 'recounted' GROUP BY contract
        """)
    tail.recounted = Dictionary(uniqueKeysWithValues: recounted.map { ($0[0], $0[1]) })
    do {
      try readAgreements(&tail, db)
    } catch {
      guard Fault(ofDamage: error) != nil else { throw error }
      // Nobody can say what was agreed when: every invoice is looked at.
      tail.lastAgreement = .max
    }
    return tail
  }

  private static func readAgreements(_ tail: inout Tail, _ db: Database) throws {
    tail.lastAgreement =
      try Int64.fetchOne(
        db,
        sql: """
          SELECT max(created) FROM catalog_object WHERE kind IN ('asset', 'indexSeries', 'calendar')
          """) ?? 0
    let versions = try Row.fetchCursor(
      db,
      sql: """
        SELECT key, created FROM catalog_object WHERE kind = 'contract' AND key IN (
          SELECT key FROM catalog_object WHERE kind = 'contract' AND version = 2)
        ORDER BY key, version
        """)
    while let row = try versions.next() { tail.versions[row[0], default: []].append(row[1]) }
  }
}
