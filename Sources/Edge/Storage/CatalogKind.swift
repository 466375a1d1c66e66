package import Base
import GRDB

/// The kinds of things of the catalogue, in the order in which they may refer to each other.
package enum CatalogKind: String, CaseIterable, Sendable {
  case customer, meter, contract, asset
}

/// One version of one thing, as it is kept.
package struct CatalogEntry: Hashable, Sendable {
  package let kind: CatalogKind
  package let key: String
  package let version: Int
  package let document: JSON
}

extension CatalogEntry {
  init(_ row: Row) throws {
    let word: String = row["kind"]
    let text: String = row["document"]
    guard let kind = CatalogKind(rawValue: word) else {
      throw Fault(.internalError, "the catalogue holds a `\(word)`")
    }
    self.init(
      kind: kind, key: row["key"], version: row["version"],
      document: try JSON(parsing: Array(text.utf8)))
  }
}
