import Access
import Base
import HTTPTypes
import Hummingbird
import Pages
import Storage

extension Handlers {
  /// Turns a link, which works once, into a session.
  static func signIn(_ call: Call) async throws -> Response {
    let services = call.services
    do {
      let link = try await services.gate.admit(
        call.parameters.get("link") ?? "", as: .link, now: call.now)
      let until = Instant(clampingSeconds: link.expiresAtSecond)
      guard try await services.denied.deny(link.tokenID, until: until, now: call.now) else {
        throw TokenGate.refusal
      }
      let session = try await services.issuer.issue(
        .session, subject: link.subject, scopes: Array(link.scopes),
        lifetimeSeconds: SessionCookie.lifetimeSeconds, now: call.now)
      return Response(
        status: .seeOther,
        headers: [.location: PagePath.customers, .setCookie: SessionCookie.header(session)])
    } catch let fault as Fault where fault.code == .unauthorised {
      return .page(services.pages.signIn(message: SessionCookie.invitation), status: .unauthorized)
    }
  }
}
