import Base
import Contracts
import GRDB
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
    /// The last event there was when a version of a meter began to serve.
    var lastCount: Int64 = 0
    var lastAgreement: Int64 = 0
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

  /// True where an event of its time or one that began in it, a correction or what had been
  /// corrected before it came, or another word about assets, indices or meters came behind it. It
  /// may be true where nothing changes; it is never false where something does.
  func mayTouch(_ invoice: KeptInvoice, _ db: Database) throws -> Bool {
    guard let last = invoice.lastEvent else { return true }
    let tail = try self.tail.withLock { known in
      let tail = try known ?? LateEvents.read(db)
      known = tail
      return tail
    }
    if tail.lastAmended > last || tail.lastCount > last
      || tail.lastAgreement >= invoice.rated.microsecondsSinceEpoch
    {
      return true
    }
    // With no event between them, only the invoice says which of the two came first.
    if try tail.lastCount == last && !hasServingMeters(invoice) { return true }
    let place = tail.firsts.indices.partitionPoint { tail.firsts[$0] > last }
    let end = invoice.periodEnd.advanced(bySeconds: reachSeconds(of: invoice.contract))
    return place < tail.firsts.count && tail.earliest[place] < end.microsecondsSinceEpoch
  }

  /// How far back an event may count for any clause that the contract ever had.
  private func reachSeconds(of contract: ContractKey) -> Int64 {
    guard !reaches.isEmpty, let history = state.catalog.histories[contract] else { return 0 }
    let meters = history.versions.flatMap(\.contract.clauses).flatMap(\.meters)
    return Int64(meters.compactMap { reaches[$0] }.max() ?? 0)
  }

  /// Whether all meters that it may rest on are the versions that serve.
  private func hasServingMeters(_ invoice: KeptInvoice) throws -> Bool {
    try Invoice.meterVersions(of: JSON(parsing: Array(invoice.document.utf8)))
      .allSatisfy { key, version in
        try state.servingVersion(of: MeterKey(key)) == version
      }
  }

  private static func read(_ db: Database) throws -> Tail {
    var tail = Tail()
    let rows = try Row.fetchCursor(
      db, sql: "SELECT first, earliest FROM event_page ORDER BY first")
    while let row = try rows.next() {
      tail.firsts.append(row[0])
      tail.earliest.append(row[1])
    }
    for place in tail.earliest.indices.dropLast().reversed() {
      tail.earliest[place] = min(tail.earliest[place], tail.earliest[place + 1])
    }
    for column in ["correction", "event"] {
      let last = try Int64.fetchOne(db, sql: "SELECT max(\(column)) FROM event_amended")
      tail.lastAmended = max(tail.lastAmended, last ?? 0)
    }
    tail.lastCount =
      try Int64.fetchOne(db, sql: "SELECT max(through) FROM meter_count WHERE state = 'live'") ?? 0
    tail.lastAgreement =
      try Int64.fetchOne(
        db,
        sql: """
          SELECT max(created) FROM catalog_object WHERE kind IN ('asset', 'indexSeries')
          """) ?? 0
    return tail
  }
}
