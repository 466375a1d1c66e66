import Base
package import Contracts
import GRDB
package import Metering

/// Everything that is agreed and metered, as it stands at one revision, ready to be used.
package struct CatalogState: Sendable {
  /// Goes up with every change.
  package private(set) var revision = 0
  package private(set) var catalog = Catalog()
  package private(set) var meters = MeterBook()
  /// The numbers the meters have in the buckets, in the order of the book.
  package private(set) var meterNumbers: [Int64] = []
  private var versions: [CatalogKind: [String: Int]] = [:]

  package func version(_ kind: CatalogKind, _ key: String) -> Int { versions[kind]?[key] ?? 0 }

  /// The version of each meter, by its number in the buckets.
  var meterVersions: [Int64: Int] {
    let versions = meters.meters.map { version(.meter, $0.key.text) }
    return Dictionary(uniqueKeysWithValues: zip(meterNumbers, versions))
  }

  /// Reads the newest version of everything.
  static func load(_ db: Database) throws -> CatalogState {
    var state = CatalogState()
    let rows = try Row.fetchCursor(
      db, sql: "SELECT kind, key, version, document FROM catalog_current")
    while let row = try rows.next() { try state.put(CatalogEntry(row), db) }
    return state
  }

  /// Takes a new version in.
  mutating func put(_ entry: CatalogEntry, _ db: Database) throws {
    let node = Node(entry.document)
    switch entry.kind {
    case .customer: catalog.put(try Customer(node, key: CustomerKey(entry.key)))
    case .contract: catalog.put(try Contract(node, key: ContractKey(entry.key)))
    case .asset: catalog.put(try Asset(node, key: AssetKey(entry.key)))
    case .meter:
      let meter = try MeterDefinition(node, key: MeterKey(entry.key))
      meters = MeterBook(meters.meters.filter { $0.key != meter.key } + [meter])
      var names = Names()
      meterNumbers = try meters.meters.map { try names.number($0.key.text, db) }
    }
    versions[entry.kind, default: [:]][entry.key] = entry.version
    revision += 1
  }
}
