package import Base
import Contracts
import GRDB
import Metering
import Synchronization

/// Keeps every version of what was agreed, and the newest of each in memory.
package final class Catalogs: Sendable {
  private let store: Store
  private let zones: Zones
  private let state: Mutex<CatalogState>
  private let countedAtOnceMax: Int

  /// Up to how many events a meter is counted from when it is put; where there are more, later.
  package static let countedAtOnceMax = 20_000

  package init(
    _ store: Store, _ zones: Zones, countedAtOnceMax: Int = Catalogs.countedAtOnceMax
  ) throws {
    self.store = store
    self.countedAtOnceMax = countedAtOnceMax
    self.zones = zones
    state = Mutex(try store.pool.write(CatalogState.load))
  }

  package var current: CatalogState { state.withLock { $0 } }

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
    try store.pool.write { db in
      let before = current
      let document = try sound(kind, key, json, before.catalog)
      let newest = try Catalogs.newest(kind, key, db)
      guard expecting == nil || expecting == newest?.version ?? 0 else {
        throw Fault(
          .preconditionFailed, "the newest version is \(newest?.version ?? 0), not \(expecting!)")
      }
      if let newest, newest.document == document { return Put(entry: newest, isNew: false) }
      let entry = CatalogEntry(
        kind: kind, key: key, version: (newest?.version ?? 0) + 1, document: document)
      try Catalogs.insert(entry, now, db)
      var after = before
      try after.put(entry)
      if kind == .meter {
        try Recount.begin(entry, &after, countedAtOnceMax: countedAtOnceMax, db)
      }
      if kind == .asset { try PageDoubts.suspect(key, db) }
      // The event writer runs on this same connection: it sees the new state from its next commit
      // on.
      db.afterNextTransaction { [after] _ in self.state.withLock { $0 = after } }
      return Put(entry: entry, isNew: true)
    }
  }

  /// A slice of what meters still have to count or to drop; false where there is nothing to do.
  package func countMeters(eventsMax: Int = 10_000) throws -> Bool {
    try store.pool.write { db in
      var after = current
      guard try Recount.slice(&after, eventsMax: eventsMax, db) else { return false }
      db.afterNextTransaction { [after] _ in self.state.withLock { $0 = after } }
      return true
    }
  }

  package func get(_ kind: CatalogKind, _ key: String) throws -> CatalogEntry {
    guard let entry = try store.pool.read({ try Catalogs.newest(kind, key, $0) }) else {
      throw Fault(.notFound, "there is no such \(kind)")
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

  /// Reads the document as its type does, checks what it refers to, and writes it as it is kept.
  private func sound(
    _ kind: CatalogKind, _ key: String, _ json: JSON, _ catalog: Catalog
  ) throws -> JSON {
    let node = Node(json)
    switch kind {
    case .customer: return try Customer(node, key: CustomerKey(key)).json
    case .meter: return try MeterDefinition(node, key: MeterKey(key)).json
    case .asset:
      let asset = try Asset(node, key: AssetKey(key))
      try refuse(catalog.danglingReferences(of: asset))
      return asset.json
    case .contract:
      let contract = try Contract(node, key: ContractKey(key))
      var faults = catalog.danglingReferences(of: contract)
      do throws(Fault) { _ = try zones.rules(contract.zone) } catch {
        faults.append(error.nested(under: "/zone"))
      }
      let state = current
      for meter in contract.meters.sorted() where !state.hasMeter(meter) {
        faults.append(Fault(.danglingReference, "there is no meter `\(meter)`", at: "/clauses"))
      }
      try refuse(faults)
      return contract.json
    }
  }

  private func refuse(_ faults: [Fault]) throws {
    if !faults.isEmpty { throw Faults(faults) }
  }
}

extension Catalogs {
  private static func newest(
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

  private static func insert(_ entry: CatalogEntry, _ now: Instant, _ db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO catalog_object (kind, key, version, document, created) VALUES (?, ?, ?, ?, ?)
        """,
      arguments: [
        entry.kind.rawValue, entry.key, entry.version, entry.document.text,
        now.microsecondsSinceEpoch,
      ])
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
