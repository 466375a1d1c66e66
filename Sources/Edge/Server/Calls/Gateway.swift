import Access
import Base
import HTTPTypes
import Hummingbird
import Logging
import Pages

/// The way of every call: who is it, may they, what is the answer, and how did it end.
struct Gateway: Sendable {
  let services: ServerContext
  private let bodies = BodyWatch()

  init(services: ServerContext) { self.services = services }

  func respond(_ operation: Operation, _ request: Request, _ context: UsanceContext) async
    -> Response
  {
    var response: Response
    let bodyDeadline = BodyDeadline(request, on: context.channel, bodies)
    let bodyLease = BodyLease(services.bodies)
    defer { bodyLease.release() }
    do {
      let caller = try await admit(request, operation.entry)
      try Query.check(request, operation.parameters)
      try Gateway.negotiate(operation, request)
      let call = APICall(
        request: request, parameters: context.parameters, bodyDeadline: bodyDeadline,
        bodyLease: bodyLease, channel: context.channel, services: services, caller: caller)
      response = try await operation.handle(call)
    } catch {
      response = await refusal(error, operation, request, context)
    }
    bodyDeadline?.announce(in: &response)
    // What is said to one caller is for nobody in between, a redirection that sets a cookie too.
    // Nobody keeps an answer to a post that says nothing.
    if response.headers[.cacheControl] == nil, response.status != .noContent {
      response.headers[.cacheControl] = "no-store"
    }
    services.metrics.add(
      to: .requests(operation: operation.id, status: response.status.code))
    return response
  }

  private func admit(
    _ request: Request, _ entry: Operation.Entry
  ) async throws -> Caller? {
    let (token, purpose, scopes): (String?, TokenPurpose, [TokenScope])
    switch entry {
    case .open: return nil
    case .token(anyOf: let needed):
      // RFC 6750, section 2.3, is not offered: addresses end up in logs.
      guard request.uri.query == nil || request.uri.queryParameters["access_token"] == nil
      else { throw TokenGate.refusal }
      (token, purpose, scopes) = (Gateway.bearer(request), .access, needed)
    case .session(let needed):
      (token, purpose, scopes) = (Gateway.session(request), .session, [needed])
    }
    guard let token else { throw TokenGate.refusal }
    let caller = try await services.gate.admit(token, as: purpose, now: services.clock())
    if let refusal = caller.refusal(of: .call(anyOf: scopes)) { throw refusal }
    return caller
  }

  /// Nobody does work for an answer that cannot be read. `format` says more than `Accept`.
  private static func negotiate(_ operation: Operation, _ request: Request) throws {
    guard !operation.types.isEmpty, Accept(request.headers).best(of: operation.types) == nil,
      operation.types.count == 1 || request.uri.queryParameters["format"] == nil
    else { return }
    throw Fault(
      .notAcceptable,
      "the answer is \(operation.types.joined(separator: " or ")); `Accept` asks for something else"
    )
  }

  private static func session(_ request: Request) -> String? {
    request.cookies[SessionCookie.name]?.value
  }

  /// The token of `Authorization: Bearer ...`, where there is exactly one such header.
  private static func bearer(_ request: Request) -> String? {
    let headers = request.headers[values: .authorization]
    return headers.count == 1 ? BearerToken.text(of: headers[0]) : nil
  }

  private func refusal(
    _ error: any Error, _ operation: Operation, _ request: Request, _ context: UsanceContext
  ) async -> Response {
    let problem = Problem(error)
    if [.internalError, .dataDamaged].contains(problem.faults[0].code) {
      context.logger.error("\(operation.id): \(error)")
    }
    var refusal = Refusal(problem: problem, pages: services.pages)
    refusal.isOfPages = operation.types == Operation.page
    if refusal.isOfPages, problem.faults[0].code == .unauthorised,
      let session = Gateway.session(request)
    {
      refusal.invitation = SignInAdvice(
        ofSession: await services.gate.lapse(of: session, as: .session, now: services.clock()))
    }
    return refusal.response(to: request)
  }
}

/// The cookie of a signed-in person. `SameSite=Strict`: no other site can send it along.
enum SessionCookie {
  static let name = "usance_session"
  static let lifetimeSeconds: Int64 = 8 * 3600
  static let ended = "\(name)=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"

  static func header(_ token: String) -> String {
    "\(name)=\(token); Path=/; Max-Age=\(lifetimeSeconds); HttpOnly; SameSite=Strict"
  }
}
