package import Base
package import Contracts
package import Metering
package import Rating

/// A state of the catalog to be shared: every event that comes takes hold of it, on many threads.
package final class CatalogSnapshot: Sendable {
  package let state: CatalogState
  package let intake: IntakeTerms

  package init(_ state: CatalogState) {
    self.state = state
    intake = IntakeTerms(state.catalog, state.meters)
  }
}

/// Everything that is agreed and metered, as it stands at one revision, ready to be used.
package struct CatalogState: Sendable {
  /// Goes up with every change while the service runs: what was read under another one is read
  /// anew.
  package private(set) var revision = 0
  package private(set) var catalog = Catalog()
  /// Contracts that were agreed and cannot be read; the catalog has none of them.
  package private(set) var unreadable = UnreadableContracts()
  package private(set) var meters = MeterSet()
  /// The numbers the meters have in the buckets, in the order of the book, and the names behind
  /// them.
  package private(set) var meterNumbers: [Int64] = []
  package private(set) var series: [String] = []
  /// Meters that nothing can be said of until they have been counted.
  private var uncounted: Set<MeterKey> = []
  private var servingVersions: [MeterKey: Int] = [:]
  /// Whether any meter has had more than one version.
  package private(set) var hasNewMeters = false
  /// The newest of everything.
  private var versions: [CatalogKind: [String: Int]] = [:]

  package func version(_ kind: CatalogKind, _ key: String) -> Int { versions[kind]?[key] ?? 0 }

  /// The meter as it serves; a fault where there is none, or none yet.
  package func meter(_ key: MeterKey) throws(Fault) -> MeterDefinition {
    if let meter = meters[key] { return meter }
    throw uncounted.contains(key)
      ? Fault(.meterNotReady, "the meter `\(key)` is still being counted; ask again later")
      : Fault(.notFound, "there is no meter `\(key)`")
  }

  package func hasMeter(_ key: MeterKey) -> Bool { version(.meter, key.text) > 0 }

  /// Which version of a meter serves; an older one than the newest while that is being counted.
  package func servingVersion(of meter: MeterKey) -> Int { servingVersions[meter] ?? 0 }

  /// How many versions there are of everything together: the same when the catalog is read again.
  package var edition: Int {
    versions.values.reduce(0) { $0 + $1.values.reduce(0, +) }
  }

  package func keys(of kind: CatalogKind) -> [String] { versions[kind, default: [:]].keys.sorted() }

  /// All versions of a contract that an invoice or a run names.
  package func history(of contract: ContractKey) throws(Fault) -> ContractHistory {
    if let history = catalog.histories[contract] { return history }
    try unreadable.check(contract)
    throw Fault(.unknownReference, "there is no contract `\(contract)`")
  }

  /// The series that a contract names, as far as they are there.
  package func indexBook(of contract: Contract) -> IndexSeriesByKey {
    catalog.indexSeries.filter { contract.indexSeries.contains($0.key) }
  }

  package init() {}

  /// A state that lacks contracts which cannot be read.
  package init(without unreadable: UnreadableContracts) { self.unreadable = unreadable }

  /// Takes a version in that was kept.
  package mutating func take(_ entry: CatalogVersion) throws(Faults) {
    put(entry, try CatalogObject(entry.kind, entry.key, Node(entry.document)))
  }

  /// Takes a new version in; `thing` is what its document says.
  package mutating func put(_ entry: CatalogVersion, _ thing: CatalogObject) {
    switch thing {
    case .customer(let customer): catalog.put(customer)
    case .indexSeries(let series): catalog.put(series)
    case .tax(let tax): catalog.put(tax)
    case .calendar(let calendar): catalog.put(calendar)
    case .contract(let contract): catalog.put(contract)
    case .asset(let asset): catalog.put(asset)
    // It serves from when it is adopted; until then an older version does.
    case .meter(let meter): if meters[meter.key] == nil { uncounted.insert(meter.key) }
    }
    versions[entry.kind, default: [:]][entry.key] = entry.version
    if entry.kind == .meter, entry.version > 1 { hasNewMeters = true }
    revision += 1
  }

  /// Lets one version of a contract hold throughout.
  package mutating func hold(_ version: Int, of contract: ContractKey) throws(Fault) {
    try catalog.hold(version, of: contract)
    revision += 1
  }

  /// Lets a version of a meter serve that has been counted, under the name that an engine counts
  /// it by; `number` gives the number behind each name.
  package mutating func adopt(
    _ meter: MeterDefinition, version: Int, as name: String,
    number: (String) throws -> Int64
  ) rethrows {
    var bySeries = Dictionary(uniqueKeysWithValues: zip(meters.meters.map(\.key), series))
    bySeries[meter.key] = name
    meters = MeterSet(meters.meters.filter { $0.key != meter.key } + [meter])
    series = meters.meters.map { bySeries[$0.key]! }
    meterNumbers = try series.map(number)
    uncounted.remove(meter.key)
    servingVersions[meter.key] = version
    revision += 1
  }
}
