package import Base
package import Contracts
import Metering
package import Workflow

/// Puts new versions of what is agreed, and gives them out.
package struct CatalogService: Sendable {
  private let home: any Home
  private let zones: any ZoneSource

  package init(_ home: any Home, _ zones: any ZoneSource) {
    self.home = home
    self.zones = zones
  }

  package var current: CatalogState { home.agreements }

  /// The outcome of a put: the version that now stands, and whether it is a new one.
  package struct Put: Sendable {
    package let entry: CatalogVersion
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
      return ProposedObject(kind, key, json)
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
      return ProposedObject(.indexSeries, key.text, try series.adding(publications).json)
    }
  }

  /// A set of documents, and what becomes of each.
  package struct Applied: Sendable {
    package let changes: [CatalogChange]
    /// The catalog these changes were held against, or, once they are made, the one they made.
    package let state: CatalogState
  }

  /// Makes all of the documents newest versions, or none. `seen` is the revision of the catalog
  /// that the writer has seen; nil for any. A dry run says what would become of them.
  package func apply(
    _ proposals: ProposedObjects, seen: Int?, isDryRun: Bool, now: Instant
  ) throws -> Applied {
    try commit(now, isDryRun: isDryRun) { state in
      guard seen == nil || seen == state.edition else {
        throw Fault(
          .preconditionFailed, "the catalog has changed since; context at the differences again")
      }
      return proposals
    }
  }

  private func putOne(
    _ now: Instant, _ propose: (CatalogState) throws -> ProposedObject
  ) throws -> Put {
    let applied = try commit(now, isDryRun: false) { ProposedObjects(try propose($0)) }
    let change = applied.changes[0]
    return Put(entry: change.entry, isNew: change.effect != .unchanged)
  }

  /// Every change of the catalog comes through here: in one act, against what is agreed then.
  private func commit(
    _ now: Instant, isDryRun: Bool, _ propose: (CatalogState) throws -> ProposedObjects
  ) throws -> Applied {
    // Changes of the catalog are versions with a time, and name nobody.
    try home.act(by: "", at: now, isDryRun: isDryRun) { books in
      let before = books.agreements
      // Nobody can say what a change does to a contract that cannot be read.
      try before.unreadable.check(customer: nil)
      let draft = try CatalogCheck(propose(before), before, zones, books)
      guard !isDryRun else { return Applied(changes: draft.changes, state: before) }
      let entries = draft.changes.filter { $0.effect != .unchanged }.map(\.entry)
      return Applied(
        changes: draft.changes, state: try books.adopt(entries, making: draft.after))
    }
  }

  /// The newest version of everything, by section and key, at one revision.
  package func all() throws -> (revision: Int, document: JSON) {
    let entries = try home.read { try $0.catalog(.all) }
    let byKind = Dictionary(grouping: entries, by: \.kind)
    let sections = CatalogKind.allCases.compactMap { kind in
      byKind[kind].map { entries in
        JSON.Member(kind.section, .object(entries.map { .init($0.key, $0.document) }))
      }
    }
    return (entries.reduce(0) { $0 + $1.version }, .object(sections))
  }

  /// One version, or the newest.
  package func get(
    _ kind: CatalogKind, _ key: String, version: Int? = nil
  ) throws -> CatalogVersion {
    let query = version.map { CatalogQuery.version(kind, key, $0) } ?? .newest(kind, key)
    guard let entry = try home.read({ try $0.catalog(query).first }) else {
      let which = version.map { "version \($0) of the \(kind.noun) `\(key)`" }
      throw Fault(.notFound, "there is no \(which ?? "\(kind.noun) `\(key)`")")
    }
    return entry
  }

  /// At most `limit` entries after a key, in the order of the keys.
  package func list(
    _ kind: CatalogKind, after: String?, limit: Int
  ) throws -> [CatalogVersion] {
    try home.read { try $0.catalog(.list(kind, after: after, limit: limit)) }
  }
}
