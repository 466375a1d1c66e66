import Base
import GRDB
import Workflow

extension CatalogVersion {
  init(_ row: Row) throws {
    let word: String = row["kind"]
    let text: String = row["document"]
    guard let kind = CatalogKind(rawValue: word) else {
      throw Fault(.internalError, "the catalog holds a `\(word)`")
    }
    self.init(
      kind: kind, key: row["key"], version: row["version"],
      document: try JSON(parsing: Array(text.utf8)))
  }
}
