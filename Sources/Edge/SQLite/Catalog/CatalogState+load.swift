import Base
import Contracts
import GRDB
import Metering
import Workflow

extension CatalogState {
  /// Reads every version of the contracts, for each holds in its time, and the newest of everything
  /// else; of meters the version that serves.
  static func load(_ db: Database) throws -> CatalogState {
    var state = CatalogState()
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT kind, key, version, document FROM catalog_current WHERE kind <> 'contract'
        UNION ALL
        SELECT kind, key, version, document FROM catalog_object WHERE kind = 'contract'
        ORDER BY kind, key, version
        """)
    while let row = try rows.next() { try state.take(CatalogVersion(row)) }
    for count in try MeterBackfill.all(.live, db) { try state.adopt(count, db) }
    return state
  }

  /// The same from what can be read of a damaged one.
  static func load(_ damaged: DamagedCatalog, _ db: Database) throws -> CatalogState {
    var state = CatalogState(without: damaged.unreadable)
    for entry in damaged.entries { try state.take(entry) }
    for count in try MeterBackfill.all(.live, db) { try state.adopt(count, db) }
    return state
  }

  /// Lets a version of a meter serve that has been counted.
  mutating func adopt(_ count: MeterBackfill, _ db: Database) throws {
    var names = TextInterner()
    try adopt(count.meter, version: count.version, as: count.series) {
      try names.number($0, db)
    }
  }
}
