import Access
import Base
import HTTPTypes
import Hummingbird
import Pages
import Services

extension Handlers {
  /// Turns a link, which works once, into a session. To ask for the head alone uses nothing up.
  static func signIn(_ call: APICall) async throws -> Response {
    let (services, text) = (call.services, call.parameters.get("link") ?? "")
    do {
      let link = try await services.gate.admit(text, as: .link, now: call.now)
      var headers: HTTPFields = [.location: PagePath.customers]
      guard call.request.method != .head else {
        return Response(status: .seeOther, headers: headers)
      }
      let until = Instant(clampingSeconds: link.expiresAtSecond)
      guard try await services.revoke(link.tokenID, until: until, now: call.now) else {
        throw TokenGate.refusal
      }
      let session = try await services.issuer.issue(
        .session, subject: link.subject, scopes: Array(link.scopes), bounds: link.bounds,
        lifetimeSeconds: SessionCookie.lifetimeSeconds, now: call.now)
      headers[.setCookie] = SessionCookie.header(session)
      return Response(status: .seeOther, headers: headers)
    } catch let fault as Fault where fault.code == .unauthorised {
      let advice = SignInAdvice(
        ofLink: await services.gate.lapse(of: text, as: .link, now: call.now))
      return Refusal(
        problem: Problem(fault), pages: services.pages, invitation: advice, isOfPages: true
      ).response(to: call.request)
    }
  }

  /// How to sign in, for whoever is not.
  static func showSignIn(_ call: APICall) -> Response {
    .page(call.services.pages.signIn(message: SignInAdvice.notSignedIn.rawValue))
  }

  /// Ends a session, here and in the browser. Without one there is nothing to end.
  static func signOut(_ call: APICall) async throws -> Response {
    var headers: HTTPFields = [.location: PagePath.signIn]
    if let session = call.request.cookies[SessionCookie.name]?.value {
      let caller = try? await call.services.gate.admit(session, as: .session, now: call.now)
      if let caller {
        let until = Instant(clampingSeconds: caller.expiresAtSecond)
        _ = try await call.services.revoke(caller.tokenID, until: until, now: call.now)
      }
      headers[.setCookie] = SessionCookie.ended
    }
    return Response(status: .seeOther, headers: headers)
  }
}
