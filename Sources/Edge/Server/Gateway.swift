import Access
import Base
import HTTPTypes
import Hummingbird
import Logging
import Pages

/// The way of every call: who is it, may they, what is the answer, and how did it end.
struct Gateway: Sendable {
  let services: Services
  private let bodies = BodyWatch()

  init(services: Services) { self.services = services }

  func respond(_ operation: Operation, _ request: Request, _ context: UsanceContext) async
    -> Response
  {
    var response: Response
    let bodyDeadline = BodyDeadline(request, on: context.channel, bodies)
    do {
      let caller = try await admit(request, operation.entry)
      let call = Call(
        request: request, parameters: context.parameters, bodyDeadline: bodyDeadline,
        services: services, caller: caller)
      response = try await operation.handle(call)
    } catch {
      response = refusal(error, operation, request, context)
    }
    bodyDeadline?.announce(in: &response)
    services.metrics.add(
      to: .requests(operation: operation.id, status: response.status.code))
    return response
  }

  private func admit(
    _ request: Request, _ entry: Operation.Entry
  ) async throws -> Caller? {
    let (token, purpose, scope): (String?, TokenPurpose, TokenScope)
    switch entry {
    case .open: return nil
    case .token(let needed):
      // RFC 6750, section 2.3, is not offered: addresses end up in logs.
      guard request.uri.query == nil || request.uri.queryParameters["access_token"] == nil
      else { throw TokenGate.refusal }
      (token, purpose, scope) = (Gateway.bearer(request), .access, needed)
    case .session(let needed):
      (token, purpose, scope) = (request.cookies[SessionCookie.name]?.value, .session, needed)
    }
    guard let token else { throw TokenGate.refusal }
    let caller = try await services.gate.admit(token, as: purpose, now: services.clock())
    guard caller.scopes.contains(scope) else {
      throw Fault(.forbidden, "the token lacks the scope `\(scope.rawValue)`")
    }
    return caller
  }

  /// The token of `Authorization: Bearer ...`, where there is exactly one such header.
  private static func bearer(_ request: Request) -> String? {
    let headers = request.headers[values: .authorization]
    return headers.count == 1 ? BearerToken.text(of: headers[0]) : nil
  }

  private func refusal(
    _ error: any Error, _ operation: Operation, _ request: Request, _ context: UsanceContext
  ) -> Response {
    let problem = Problem(error)
    if problem.faults[0].code == .internalError {
      context.logger.error("\(operation.id): \(error)")
    }
    if case .session = operation.entry { return page(for: problem) }
    return problem.response(for: request.uri.path)
  }

  private func page(for problem: Problem) -> Response {
    let fault = problem.faults[0]
    let html =
      fault.code == .unauthorised
      ? services.pages.signIn(message: SessionCookie.invitation)
      : services.pages.problem(
        status: problem.status.code, title: problem.status.reasonPhrase, detail: fault.detail)
    return .page(html, status: problem.status)
  }
}

/// The cookie of a signed-in person. `SameSite=Strict` and no method but GET: nothing to forge.
enum SessionCookie {
  static let name = "usance_session"
  static let lifetimeSeconds: Int64 = 8 * 3600
  static let invitation =
    "Your link has expired or was used. Ask the operator for a new one: usance token link"

  static func header(_ token: String) -> String {
    "\(name)=\(token); Path=/; Max-Age=\(lifetimeSeconds); HttpOnly; SameSite=Strict"
  }
}
