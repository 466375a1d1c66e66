import Base
import HTTPTypes
import Hummingbird
import Services
import Workflow

extension Handlers {
  /// The newest version of everything that is agreed, as one document.
  static func getCatalog(_ call: APICall) throws -> Response {
    let catalog = try call.services.catalogs.all()
    return .json(catalog.document, headers: [.eTag: ETag(version: catalog.revision).text])
  }

  /// Makes every document of a catalog the newest version under its key, or none of them. With
  /// `dryRun` it says what would change.
  static func applyCatalog(_ call: APICall) async throws -> Response {
    let query = Query(call)
    let isDryRun = try query.optional("dryRun", Handlers.flag) ?? false
    let seen = try ETag.expected(call)
    let proposals = ProposedObjects(try await call.document(bytesMax: Limits.catalogBytesMax))
    let applied = try await call.blocking(.acts) {
      try call.services.catalogs.apply(
        proposals, seen: seen, isDryRun: isDryRun, now: call.now)
    }
    return .json(
      applied.json(isDryRun: isDryRun),
      headers: [.eTag: ETag(version: applied.state.edition).text])
  }

  private static func flag(_ node: Node) throws(Fault) -> Bool {
    guard let flag = Bool(try Node.text(node)) else { throw node.fault("true or false") }
    return flag
  }
}

extension CatalogService.Applied {
  /// Of what is unchanged only the number is told; of what the document does not name, the keys.
  fileprivate func json(isDryRun: Bool) -> JSON {
    let named = Dictionary(grouping: changes, by: \.entry.kind)
      .mapValues { Set($0.map(\.entry.key)) }
    let leftAlone = CatalogKind.allCases.compactMap { kind in
      let keys = state.keys(of: kind).filter { !named[kind, default: []].contains($0) }
      return keys.isEmpty ? nil : JSON.Member(kind.section, .array(keys.map(JSON.string)))
    }
    return [
      "applied": .bool(!isDryRun),
      "changes": .array(changes.filter { $0.effect != .unchanged }.map(\.json)),
      "unchanged": .integer(changes.count { $0.effect == .unchanged }),
      "notInRequest": .object(leftAlone),
    ]
  }
}

extension CatalogChange {
  fileprivate var json: JSON {
    [
      "kind": .string(entry.kind.rawValue), "key": .string(entry.key),
      "effect": .string(effect.rawValue), "version": .integer(entry.version),
      "differences": .array(
        differences.map {
          .object(["pointer": .string($0.pointer), "old": $0.old, "new": $0.new])
        }),
    ]
  }
}
