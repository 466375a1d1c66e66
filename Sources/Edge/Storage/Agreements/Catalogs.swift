package import Base
package import Contracts
import GRDB
import Metering
import Synchronization

/// Keeps every version of what was agreed, and the newest of each in memory.
package final class Catalogs: Sendable {
  private let store: Store
  private let zones: Zones
  private let newest: Mutex<CatalogSnapshot>
  private let countedAtOnceMax: Int
  let order: OrderedTime

  /// Up to how many events a meter is counted from when it is put; where there are more, later.
  package static let countedAtOnceMax = 20_000

  package init(
    _ store: Store, _ zones: Zones, countedAtOnceMax: Int = Catalogs.countedAtOnceMax
  ) throws {
    self.store = store
    self.countedAtOnceMax = countedAtOnceMax
    self.zones = zones
    order = try store.pool.read(OrderedTime.init)
    newest = Mutex(
      CatalogSnapshot(try store.needed("what was agreed") { try Catalogs.load(store) }))
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

  /// The outcome of a put: the version that now stands, and whether it is a new one.
  package struct Put: Sendable {
    package let entry: CatalogEntry
    package let isNew: Bool
  }

  /// Makes `document` the newest version under its key. The same document again is no new version.
  /// `expecting` is the version the writer saw last: 0 for none, nil for any.
  package func put(
    _ kind: CatalogKind, _ key: String, _ json: JSON, expecting: Int?, now: Instant
  ) throws -> Put {
    try putOne(now) { state in
      let newest = state.version(kind, key)
      guard expecting == nil || expecting == newest else {
        throw Fault(.preconditionFailed, "the newest version is \(newest), not \(expecting!)")
      }
      return CatalogProposal(kind, key, json)
    }
  }

  /// Adds to what has been published of a series.
  package func publish(
    _ publications: [IndexSeries.Publication], of key: IndexSeriesKey, now: Instant
  ) throws -> Put {
    try putOne(now) { state in
      guard let series = state.catalog.indexSeries[key] else {
        throw Fault(.notFound, "there is no such index series")
      }
      return CatalogProposal(.indexSeries, key.text, try series.adding(publications).json)
    }
  }

  /// A set of documents, and what becomes of each.
  package struct Applied: Sendable {
    package let changes: [CatalogChange]
    /// The catalogue these changes were held against, or, once they are made, the one they made.
    package let state: CatalogState
  }

  /// Makes all of the documents newest versions, or none. `seen` is the revision of the catalogue
  /// that the writer has seen; nil for any. A dry run says what would become of them.
  package func apply(
    _ proposals: CatalogProposals, seen: Int?, isDryRun: Bool, now: Instant
  ) throws -> Applied {
    try commit(now, isDryRun: isDryRun) { state in
      guard seen == nil || seen == state.edition else {
        throw Fault(
          .preconditionFailed, "the catalogue has changed since; look at the differences again")
      }
      return proposals
    }
  }

  private func putOne(
    _ now: Instant, _ propose: (CatalogState) throws -> CatalogProposal
  ) throws -> Put {
    let applied = try commit(now, isDryRun: false) { CatalogProposals(try propose($0)) }
    let change = applied.changes[0]
    return Put(entry: change.entry, isNew: change.effect != .unchanged)
  }

  /// Every change of the catalogue comes through here: in one transaction, against the newest
  /// state.
  private func commit(
    _ now: Instant, isDryRun: Bool, _ propose: (CatalogState) throws -> CatalogProposals
  ) throws -> Applied {
    try store.writeSteps { db in
      var applied: Applied?
      try db.inTransaction {
        let before = current
        // Nobody can say what a change does to a contract that cannot be read.
        try before.unreadable.check(customer: nil)
        let draft = try CatalogDraft(propose(before), before, zones, db)
        guard !isDryRun else {
          applied = Applied(changes: draft.changes, state: before)
          return .rollback
        }
        var after = draft.after
        let time = order.agreement(now)
        for change in draft.changes where change.effect != .unchanged {
          try Catalogs.insert(change.entry, time, db)
          try keepUp(with: change.entry, &after, db)
        }
        applied = Applied(changes: draft.changes, state: after)
        // The event writer runs on this same connection: it sees the new state from its next
        // commit on.
        db.afterNextTransaction { [after] _ in self.become(after) }
        return .commit
      }
      return applied!
    }
  }

  private func become(_ state: CatalogState) {
    newest.withLock { $0 = CatalogSnapshot(state) }
  }

  /// What is counted already, counted anew where the catalogue says something else of it now.
  private func keepUp(
    with entry: CatalogEntry, _ after: inout CatalogState, _ db: Database
  ) throws {
    switch entry.kind {
    case .meter:
      try Recount.begin(entry, &after, countedAtOnceMax: countedAtOnceMax, db)
    case .asset: try PageDoubts.suspect(entry.key, db)
    case .customer, .indexSeries, .tax, .calendar, .contract: break
    }
  }

  /// The newest version of everything, by section and key, at one revision.
  package func all() throws -> (revision: Int, document: JSON) {
    let entries = try store.pool.read { db in
      try Row.fetchAll(
        db, sql: "SELECT kind, key, version, document FROM catalog_current ORDER BY key"
      ).map(CatalogEntry.init)
    }
    let byKind = Dictionary(grouping: entries, by: \.kind)
    let sections = CatalogKind.allCases.compactMap { kind in
      byKind[kind].map { entries in
        JSON.Member(kind.section, .object(entries.map { .init($0.key, $0.document) }))
      }
    }
    return (entries.reduce(0) { $0 + $1.version }, .object(sections))
  }

  /// A slice of what meters still have to count or to drop; false where there is nothing to do.
  package func countMeters(eventsMax: Int = 10_000) throws -> Bool {
    try store.write { db in
      var after = current
      guard try Recount.slice(&after, eventsMax: eventsMax, db) else { return false }
      db.afterNextTransaction { [after] _ in self.become(after) }
      return true
    }
  }

  package func get(_ kind: CatalogKind, _ key: String) throws -> CatalogEntry {
    guard let entry = try store.pool.read({ try Catalogs.newest(kind, key, $0) }) else {
      throw Fault(.notFound, "there is no such \(kind.noun)")
    }
    return entry
  }

  /// At most `limit` entries behind the key `after`, sorted by key.
  package func list(
    _ kind: CatalogKind, after: String?, limit: Int
  ) throws -> [CatalogEntry] {
    try store.pool.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT kind, key, version, document FROM catalog_current
          WHERE kind = ? AND key > ? ORDER BY key LIMIT ?
          """, arguments: [kind.rawValue, after ?? "", limit]
      ).map(CatalogEntry.init)
    }
  }
}

extension Catalogs {
  static func newest(
    _ kind: CatalogKind, _ key: String, _ db: Database
  ) throws -> CatalogEntry? {
    try Row.fetchOne(
      db,
      sql: """
        SELECT kind, key, version, document FROM catalog_object
        WHERE kind = ? AND key = ? ORDER BY version DESC LIMIT 1
        """, arguments: [kind.rawValue, key]
    ).map(CatalogEntry.init)
  }

  private static func insert(_ entry: CatalogEntry, _ time: Instant, _ db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO catalog_object (kind, key, version, document, created) VALUES (?, ?, ?, ?, ?)
        """,
      arguments: [
        entry.kind.rawValue, entry.key, entry.version, entry.document.text,
        time.microsecondsSinceEpoch,
      ])
    try ProvenTable.agreement.prove(entry.kind.rawValue, entry.key, entry.version, db: db)
    guard entry.kind == .asset else { return }
    let asset = try Asset(Node(entry.document), key: AssetKey(entry.key))
    try db.execute(sql: "DELETE FROM assignment WHERE asset = ?", arguments: [entry.key])
    for assignment in asset.assignments {
      try db.execute(
        sql: "INSERT INTO assignment (asset, starts, ends, contract) VALUES (?, ?, ?, ?)",
        arguments: [
          entry.key, assignment.period.start.microsecondsSinceEpoch,
          assignment.period.end.microsecondsSinceEpoch, assignment.contract.text,
        ])
    }
  }
}
