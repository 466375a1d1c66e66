import Access
import Base
import HTTPTypes
import Hummingbird
import Services

extension Handlers {
  /// Denies a token from now on, by its `jti`. A token that expires anyway is forgotten later.
  static func revokeToken(_ call: APICall) async throws -> Response {
    var fields = try FieldReader(await call.document())
    let id = fields.required("jti", Node.label)
    guard fields.isValid, let id else { throw fields.failure }
    let until = call.now.advanced(bySeconds: TokenPurpose.access.lifetimeSecondsMax)
    _ = try await call.services.revoke(id, until: until, now: call.now)
    return Response(status: .noContent)
  }
}
