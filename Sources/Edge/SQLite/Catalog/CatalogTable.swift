import Base
import Contracts
import GRDB
import Workflow

/// Every version of everything that was agreed.
enum CatalogTable {
  static func newest(
    _ kind: CatalogKind, _ key: String, _ db: Database
  ) throws -> CatalogVersion? {
    try Row.fetchOne(
      db,
      sql: """
        SELECT kind, key, version, document FROM catalog_object
        WHERE kind = ? AND key = ? ORDER BY version DESC LIMIT 1
        """, arguments: [kind.rawValue, key]
    ).map(CatalogVersion.init)
  }

  static func version(
    _ version: Int, _ kind: CatalogKind, _ key: String, _ db: Database
  ) throws -> CatalogVersion? {
    try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT kind, key, version, document FROM catalog_object
          WHERE kind = ? AND key = ? AND version = ?
          """), arguments: [kind.rawValue, key, version]
    ).map(CatalogVersion.init)
  }

  /// The newest of everything, in the order of the keys.
  static func all(_ db: Database) throws -> [CatalogVersion] {
    try Row.fetchAll(
      db, sql: "SELECT kind, key, version, document FROM catalog_current ORDER BY key"
    ).map(CatalogVersion.init)
  }

  /// At most `limit` entries after a key, in the order of the keys.
  static func list(
    _ kind: CatalogKind, after: String?, limit: Int, _ db: Database
  ) throws -> [CatalogVersion] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT kind, key, version, document FROM catalog_current
        WHERE kind = ? AND key > ? ORDER BY key LIMIT ?
        """, arguments: [kind.rawValue, after ?? "", limit]
    ).map(CatalogVersion.init)
  }

  /// Of assets, index series and calendars only the last matters; of contracts each version, if
  /// there are several.
  static func times(_ db: Database) throws -> AgreementTimes {
    let last = try Int64.fetchOne(
      db,
      sql: """
        SELECT max(created) FROM catalog_object WHERE kind IN ('asset', 'indexSeries', 'calendar')
        """)
    var times = AgreementTimes(last: last ?? 0, versions: [:])
    let versions = try Row.fetchCursor(
      db,
      sql: """
        SELECT key, created FROM catalog_object WHERE kind = 'contract' AND key IN (
          SELECT key FROM catalog_object WHERE kind = 'contract' AND version = 2)
        ORDER BY key, version
        """)
    while let row = try versions.next() {
      times.versions[try ContractKey(row[0] as String), default: []].append(row[1])
    }
    return times
  }

  static func insert(_ entry: CatalogVersion, _ time: Instant, _ db: Database) throws {
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
