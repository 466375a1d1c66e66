import Base
package import Contracts
import GRDB
package import Metering
import Rating

/// Everything that is agreed and metered, as it stands at one revision, ready to be used.
package struct CatalogState: Sendable {
  /// How many versions there are of everything together: it goes up with every change, and is the
  /// same when the catalogue is read again.
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

  package func keys(of kind: CatalogKind) -> [String] { versions[kind, default: [:]].keys.sorted() }

  /// The series that a contract names, as far as they are there.
  func indexBook(of contract: Contract) -> IndexBook {
    catalog.indexSeries.filter { contract.indexSeries.contains($0.key) }
  }

  /// Reads every version of the contracts, for each holds in its time, and the newest of everything
  /// else.
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
    while let row = try rows.next() {
      let entry = try CatalogEntry(row)
      try state.put(
        entry, CatalogThing(entry.kind, entry.key, Node(entry.document)), db)
    }
    return state
  }

  /// Takes a new version in; `thing` is what its document says.
  mutating func put(_ entry: CatalogEntry, _ thing: CatalogThing, _ db: Database) throws {
    switch thing {
    case .customer(let customer): catalog.put(customer)
    case .indexSeries(let series): catalog.put(series)
    case .tax(let tax): catalog.put(tax)
    case .contract(let contract): catalog.put(contract)
    case .asset(let asset): catalog.put(asset)
    case .meter(let meter):
      meters = MeterBook(meters.meters.filter { $0.key != meter.key } + [meter])
      var names = Names()
      meterNumbers = try meters.meters.map { try names.number($0.key.text, db) }
    }
    revision += entry.version - version(entry.kind, entry.key)
    versions[entry.kind, default: [:]][entry.key] = entry.version
  }
}
