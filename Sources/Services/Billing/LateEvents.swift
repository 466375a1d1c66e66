import Base
import Contracts
import Metering
import Settlement
import Synchronization
import Workflow

/// Says whether anything came in behind an invoice that may change it, so that a run rates only
/// those earlier months anew that it must. What it knows of the log is read once, when it is first
/// asked: whatever comes while a run goes on, the next run sees.
final class LateEvents: Sendable {
  private struct Tail: Sendable {
    let log: LogTail
    let agreed: AgreementTimes
    /// By contract the first period that was to be counted again.
    let recounted: [ContractKey: BillingMonth]
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
  func reason(toLookAt invoice: StoredInvoice, _ snapshot: any Snapshot) throws -> Reason? {
    guard let last = invoice.lastEvent else { return .other }
    let tail = try self.tail.withLock { known in
      let tail = try known ?? LateEvents.read(snapshot)
      known = tail
      return tail
    }
    if tail.log.lastAmended > last || isRecounted(invoice, tail)
      || tail.agreed.last >= invoice.rated.microsecondsSinceEpoch
      || mayAffect(invoice, tail.agreed.versions[invoice.contract] ?? [])
    {
      return .other
    }
    let log = tail.log
    let place = log.firsts.indices.partitionPoint { log.firsts[$0] > last }
    let end = lastWord(on: invoice)
    let isEvent =
      place < log.firsts.count && log.earliest[place] < end.microsecondsSinceEpoch
    return isEvent ? .event(before: end) : nil
  }

  /// Whether another version of the contract came that reaches back as far.
  private func mayAffect(_ invoice: StoredInvoice, _ versions: [Int64]) -> Bool {
    guard !versions.isEmpty, let history = state.catalog.histories[invoice.contract] else {
      return false
    }
    let known = versions.prefix { $0 < invoice.rated.microsecondsSinceEpoch }.count
    return history.mayChange(invoice.month, knowing: known)
  }

  /// Whether its month, or one before it that it may rest on, was to be counted again.
  private func isRecounted(_ invoice: StoredInvoice, _ tail: Tail) -> Bool {
    tail.recounted[invoice.contract].map { $0 <= invoice.month } ?? false
  }

  /// What is of an earlier time may count for it.
  private func lastWord(on invoice: StoredInvoice) -> Instant {
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

  private static func read(_ snapshot: any Snapshot) throws -> Tail {
    Tail(
      log: try snapshot.tail(), agreed: try agreed(snapshot), recounted: try snapshot.recounted())
  }

  /// If nobody can say what was agreed when, every invoice is looked at.
  private static func agreed(_ snapshot: any Snapshot) throws -> AgreementTimes {
    do throws(Fault) {
      return try snapshot.agreementTimes()
    } catch {
      guard error.code == .dataDamaged else { throw error }
      return AgreementTimes(last: .max, versions: [:])
    }
  }
}
