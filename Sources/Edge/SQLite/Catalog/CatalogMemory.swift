import Base
import Contracts
import GRDB
import Metering
import Synchronization
package import Workflow

/// What is agreed, in memory: the newest of everything, and every version of the contracts.
package final class CatalogMemory: Sendable {
  private let store: Store
  private let newest: Mutex<CatalogSnapshot>
  private let countedAtOnceMax: Int
  let order: OrderedTime

  /// Up to how many events a meter is counted from when it is put; if there are more, later.
  package static let countedAtOnceMax = 20_000

  init(_ store: Store, countedAtOnceMax: Int = CatalogMemory.countedAtOnceMax) throws {
    self.store = store
    self.countedAtOnceMax = countedAtOnceMax
    order = try store.pool.read(OrderedTime.init)
    newest = Mutex(
      CatalogSnapshot(try store.needed("what was agreed") { try CatalogMemory.load(store) }))
  }

  /// Where a page of it is damaged, all that can be read around that.
  private static func load(_ store: Store) throws -> CatalogState {
    do {
      return try store.write(CatalogState.load)
    } catch {
      guard Fault(ofDamage: error) != nil else { throw error }
    }
    let damaged = try DamagedCatalog(store)
    let state = try store.write { try CatalogState.load(damaged, $0) }
    for sentence in state.unreadable.sentences { store.damage.say(sentence) }
    return state
  }

  package var snapshot: CatalogSnapshot { newest.withLock { $0 } }
  package var current: CatalogState { snapshot.state }

  /// Keeps new versions; what is counted already is counted anew where the catalog says something
  /// else of it now. Returns what is agreed once the transaction is kept.
  func adopt(
    _ entries: [CatalogVersion], making after: CatalogState, now: Instant, _ db: Database
  ) throws -> CatalogState {
    var after = after
    let time = order.agreement(now)
    for entry in entries {
      try CatalogTable.insert(entry, time, db)
      try keepUp(with: entry, &after, db)
    }
    // The event writer runs on this same connection: it sees the new state from its next commit
    // on.
    db.afterNextTransaction { [after] _ in self.become(after) }
    return after
  }

  private func become(_ state: CatalogState) {
    newest.withLock { $0 = CatalogSnapshot(state) }
  }

  private func keepUp(
    with entry: CatalogVersion, _ after: inout CatalogState, _ db: Database
  ) throws {
    switch entry.kind {
    case .meter:
      try BackfillStep.begin(entry, &after, countedAtOnceMax: countedAtOnceMax, db)
    case .asset: try UnmatchedPages.suspect(entry.key, db)
    case .customer, .indexSeries, .tax, .calendar, .contract: break
    }
  }

  /// A slice of what meters still have to count or to drop; false where there is nothing to do.
  package func countMeters(eventsMax: Int = 10_000) throws -> Bool {
    try store.write { db in
      var after = current
      guard try BackfillStep.slice(&after, eventsMax: eventsMax, db) else { return false }
      db.afterNextTransaction { [after] _ in self.become(after) }
      return true
    }
  }
}
