import Base
import HTTPTypes
import Hummingbird
import Services
import Workflow

extension Handlers {
  static func listCatalogObjects(_ kind: CatalogKind, _ call: APICall) throws -> Response {
    let page = try Page(Query(call))
    let entries = try call.services.catalogs.list(kind, after: page.after, limit: page.limit)
    return try page.answer(entries, call, position: \.key, json: \.json)
  }

  static func getCatalogObject(_ kind: CatalogKind, _ call: APICall) throws -> Response {
    let key: Key<CatalogObjectKind> = try call.key()
    let version = try Query(call).optional("version", Handlers.version)
    let entry = try call.services.catalogs.get(kind, key.text, version: version)
    return .json(entry.json, headers: entry.headers)
  }

  private static func version(_ node: Node) throws(Fault) -> Int {
    guard let number = node.json.stringValue.flatMap({ Int($0) }), number > 0 else {
      throw node.fault("the number of a version, from 1")
    }
    return number
  }

  /// Makes the body the newest version. What a GET answered can be put back as it is: its `key`
  /// must be the one of the address, its `version` is passed over.
  static func putCatalogObject(_ kind: CatalogKind, _ call: APICall) async throws -> Response {
    guard let text = call.parameters.get("key") else { throw Fault(.notFound, "no key") }
    let key = try Key<CatalogObjectKind>(text)
    let expected = try ETag.expected(call)
    let document = try withoutEnvelope(await call.document(), key.text)
    let put = try await call.blocking(.acts) {
      try call.services.catalogs.put(
        kind, key.text, document, expecting: expected, now: call.now)
    }
    return .json(
      put.entry.json, status: put.entry.version == 1 && put.isNew ? .created : .ok,
      headers: put.entry.headers)
  }

  private static func withoutEnvelope(_ node: Node, _ key: String) throws -> JSON {
    guard case .object(let members) = node.json else { return node.json }
    if let written = node.json["key"], written != .string(key) {
      throw Fault(.invalidValue, "the key is not that of the address", at: "/key")
    }
    return .object(members.filter { $0.name != "key" && $0.name != "version" })
  }
}

/// Any key of the catalog; which kind it is, the address says.
private enum CatalogObjectKind: KeyKind {
  static let noun = "object key"
}

extension CatalogVersion {
  var json: JSON {
    guard case .object(let members) = document else { return document }
    return .object(
      [.init("key", .string(key)), .init("version", .integer(version))] + members)
  }

  var headers: HTTPFields { [.eTag: ETag(version: version).text] }
}
