import Base
import Contracts
import GRDB
import Metering
import Rating
import Settlement
import Workflow

/// One transaction of the database, as the services see it. It belongs to one thread.
class SQLiteSnapshot: Snapshot {
  struct UsagePlace: Hashable {
    let meter: MeterDefinition
    let windows: Windows
    let keepsTimelines: Bool
  }

  struct LatePlace: Hashable {
    let lastEvent: Int64
    let end: Instant
  }

  let db: Database
  let agreements: CatalogState
  let disk: DiskWatch
  /// What contracts of one zone ask for: the same few windows.
  var buckets: [UsagePlace: WindowReader] = [:]
  var lateSubjects: [LatePlace: Set<Int64>] = [:]

  init(_ db: Database, _ agreements: CatalogState, _ disk: DiskWatch) {
    self.db = db
    self.agreements = agreements
    self.disk = disk
  }

  var cut: Cut {
    get throws(Fault) { Cut(through: try asked { try LogReader.lastSound(db) }) }
  }

  /// What the engine says, with its errors as faults.
  func asked<Value>(_ body: () throws -> Value) throws(Fault) -> Value {
    do {
      return try body()
    } catch {
      throw Fault(engine: error, disk)
    }
  }
}
