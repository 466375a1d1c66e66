package import Base

/// Which documents of the catalog are wanted.
package enum CatalogQuery: Sendable {
  /// The newest version of one.
  case newest(CatalogKind, String)
  case version(CatalogKind, String, Int)
  /// The newest of all, in the order of their keys.
  case all
  /// The newest of one kind: at most `limit` after a key, in the order of the keys.
  case list(CatalogKind, after: String?, limit: Int)
}

/// When something was agreed, as far as it may change what was billed before.
package struct AgreementTimes: Sendable {
  /// When an asset, an index series or a calendar was last agreed on, in microseconds.
  package var last: Int64
  /// When each version of a contract was, if there are several.
  package var versions: [ContractKey: [Int64]]

  package init(last: Int64, versions: [ContractKey: [Int64]]) {
    self.last = last
    self.versions = versions
  }
}

/// What was agreed, version by version.
package protocol CatalogSource {
  func catalog(_ query: CatalogQuery) throws(Fault) -> [CatalogVersion]
  func agreementTimes() throws(Fault) -> AgreementTimes
}
