import Base
import Contracts
import TestSupport

/// The document in `text`, which a test writes as a person would.
func parsed(_ text: String) throws -> JSON { try JSON(parsing: Array(text.utf8)) }

/// Reads a document of the catalog under the key `k`.
func read<Document: CatalogDocument>(_ text: String) throws -> Document {
  try Document(Node(parsed(text)), key: Key("k"))
}

/// The faults of a document, `code pointer` each, in order.
func faultTexts<Document: CatalogDocument>(
  of text: String, as _: Document.Type
) -> [String] {
  faults {
    let document: Document = try read(text)
    return document
  }.map { "\($0.code.rawValue) \($0.pointer)" }
}
