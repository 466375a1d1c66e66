package import Base

/// A thing of the catalog: read from a document under a key, and written back as the same
/// document. Reading what was written gives an equal value.
package protocol CatalogDocument: Hashable, Sendable {
  associatedtype Noun: KeyKind

  var key: Key<Noun> { get }

  /// Reads the document; every fault in it is reported, each with its place.
  init(_ node: Node, key: Key<Noun>) throws(Faults)

  /// The document, without its key.
  var json: JSON { get }
}
