import Base
import Contracts
import GRDB
import Settlement
import Workflow

/// The catalog of a database in which a page of it is damaged. Its rows are read as they are, and
/// each is held against its proof: those that are as they were written are used, whatever else is
/// wrong with the page.
///
/// What only contracts rest on parks these. Without a customer, a meter or an asset nobody could
/// judge or count the events that come in: that is thrown.
struct DamagedCatalog {
  fileprivate struct Name: Hashable {
    let kind: CatalogKind
    let key: String
  }

  /// What is known of a row: the digests of its columns and of its document.
  private struct Proof {
    let columns: String?
    let document: String?
  }

  private typealias Versions<Value> = [Name: [Int: Value]]

  /// What can be used, in the order in which `CatalogState` takes it in.
  private(set) var entries: [CatalogVersion] = []
  private(set) var unreadable = UnreadableContracts()

  init(_ store: Store) throws {
    let proofs = try store.pool.read(DamagedCatalog.proofs)
    let known = try store.damage.noting { DamagedCatalog.entries(proofs, $0) }
    var lostTerms: Set<Name> = []
    for (name, versions) in proofs where name.kind != .contract {
      if let entry = known[name]?[versions.keys.max()!] {
        entries.append(entry)
      } else if [.tax, .calendar, .indexSeries].contains(name.kind) {
        lostTerms.insert(name)
      } else {
        throw Fault.notAsWritten("\(name.kind.noun) `\(name.key)`")
      }
    }
    for (name, versions) in proofs where name.kind == .contract {
      let found = (known[name] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
      if try found.count == versions.count && !found.contains(where: { try $0.names(lostTerms) }) {
        entries += found
        continue
      }
      let key = try ContractKey(name.key)
      let newest = try known[name]?[versions.keys.max()!].map {
        try Contract(Node($0.document), key: key)
      }
      let billed = try? store.pool.read { try DamagedCatalog.customerBilled(key, $0) }
      unreadable.add(key, of: newest?.customer ?? billed)
    }
    entries.sort { ($0.kind.rawValue, $0.key, $0.version) < ($1.kind.rawValue, $1.key, $1.version) }
  }

  /// Of every version that was ever agreed.
  private static func proofs(_ db: Database) throws -> Versions<Proof> {
    // `catalog_object contract/acme/2`: a space, and what comes after it.
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT proven, body ->> '$.columns', body ->> '$.sha256' FROM row_proof
        WHERE proven >= 'catalog_object ' AND proven < 'catalog_object!'
        """)
    var proofs: Versions<Proof> = [:]
    for row in rows {
      let proven: String = row[0]
      let parts = proven.dropFirst("catalog_object ".count).split(separator: "/")
      guard parts.count == 3, let kind = CatalogKind(rawValue: String(parts[0])),
        let version = Int(parts[2])
      else { throw Fault.notAsWritten(proven) }
      proofs[Name(kind: kind, key: String(parts[1])), default: [:]][version] = Proof(
        columns: row[1], document: row[2])
    }
    return proofs
  }

  /// Those that are as they were written. What stands on a damaged page may be anything.
  private static func entries(
    _ proofs: Versions<Proof>, _ db: Database
  ) -> Versions<CatalogVersion> {
    var known: Versions<CatalogVersion> = [:]
    for (name, versions) in proofs {
      for (version, proof) in versions {
        let row = try? Row.fetchOne(
          db.cachedStatement(
            sql: """
              SELECT \(ProvenTable.agreement.selection()) FROM catalog_object
              WHERE kind = ? AND key = ? AND version = ?
              """),
          arguments: [name.kind.rawValue, name.key, version])
        guard let row, RowProof(.agreement, row).columns == proof.columns,
          let text = String.fromDatabaseValue(row["document"]),
          Digest(of: text.utf8).hex == proof.document,
          let document = try? JSON(parsing: Array(text.utf8))
        else { continue }
        known[name, default: [:]][version] = CatalogVersion(
          kind: name.kind, key: name.key, version: version, document: document)
      }
    }
    return known
  }

  /// Once a period is final, no version names another customer.
  private static func customerBilled(_ key: ContractKey, _ db: Database) throws -> CustomerKey? {
    try String.fetchOne(
      db,
      sql: """
        SELECT customer FROM invoice_standing
        WHERE contract = ? AND status = 'final' AND NOT is_void ORDER BY period_end DESC LIMIT 1
        """, arguments: [key.text]
    ).map { try CustomerKey($0) }
  }
}

extension CatalogVersion {
  /// Whether the document of a contract names one of those.
  fileprivate func names(_ lost: Set<DamagedCatalog.Name>) throws -> Bool {
    guard !lost.isEmpty else { return false }
    let heard = ReferenceCollector()
    _ = try Contract(Node(document, mentions: heard), key: ContractKey(key))
    return heard.list.contains { mention in
      CatalogKind(mention.kind).map { lost.contains(.init(kind: $0, key: mention.key)) } ?? false
    }
  }
}
