package import Base
package import Contracts
import GRDB
package import Metering

/// Everything that is agreed and metered, as it stands at one revision, ready to be used.
package struct CatalogState: Sendable {
  /// Goes up with every change.
  package private(set) var revision = 0
  package private(set) var catalog = Catalog()
  package private(set) var meters = MeterBook()
  /// The numbers the meters have in the buckets, in the order of the book, and the names behind
  /// them.
  package private(set) var meterNumbers: [Int64] = []
  private(set) var series: [String] = []
  /// Meters that nothing can be said of until they have been counted.
  private var uncounted: Set<MeterKey> = []
  private var versions: [CatalogKind: [String: Int]] = [:]

  package func version(_ kind: CatalogKind, _ key: String) -> Int { versions[kind]?[key] ?? 0 }

  /// The meter as it serves; a fault where there is none, or none yet.
  package func meter(_ key: MeterKey) throws(Fault) -> MeterDefinition {
    if let meter = meters[key] { return meter }
    throw uncounted.contains(key)
      ? Fault(.meterCounting, "the meter `\(key)` is still being counted; ask again later")
      : Fault(.notFound, "there is no meter `\(key)`")
  }

  package func hasMeter(_ key: MeterKey) -> Bool { meters[key] != nil || uncounted.contains(key) }

  /// Reads the newest version of everything, and of meters the one that serves.
  static func load(_ db: Database) throws -> CatalogState {
    var state = CatalogState()
    let rows = try Row.fetchCursor(
      db, sql: "SELECT kind, key, version, document FROM catalog_current")
    while let row = try rows.next() { try state.put(CatalogEntry(row)) }
    for count in try MeterCount.all(.live, db) { try state.adopt(count, db) }
    return state
  }

  /// Takes a new version in.
  mutating func put(_ entry: CatalogEntry) throws {
    let node = Node(entry.document)
    switch entry.kind {
    case .customer: catalog.put(try Customer(node, key: CustomerKey(entry.key)))
    case .contract: catalog.put(try Contract(node, key: ContractKey(entry.key)))
    case .asset: catalog.put(try Asset(node, key: AssetKey(entry.key)))
    case .meter:
      // It serves from when it is adopted; until then an older version does.
      let key = try MeterKey(entry.key)
      if meters[key] == nil { uncounted.insert(key) }
      revision += 1
      return
    }
    versions[entry.kind, default: [:]][entry.key] = entry.version
    revision += 1
  }

  /// Lets a version of a meter serve that has been counted.
  mutating func adopt(_ count: MeterCount, _ db: Database) throws {
    let meter = count.meter
    var bySeries = Dictionary(uniqueKeysWithValues: zip(meters.meters.map(\.key), series))
    bySeries[meter.key] = count.series
    meters = MeterBook(meters.meters.filter { $0.key != meter.key } + [meter])
    series = meters.meters.map { bySeries[$0.key]! }
    var names = Names()
    meterNumbers = try series.map { try names.number($0, db) }
    uncounted.remove(meter.key)
    versions[.meter, default: [:]][meter.key.text] = count.version
    revision += 1
  }
}
