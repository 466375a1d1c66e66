import Base
import HTTPTypes
package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import Pages

/// The service as an application: every operation of the table behind the gateway.
package enum App {
  static let serverName = "usance"

  private static let connections = HTTP1Channel.Configuration(
    idleTimeout: .seconds(Limits.bodySecondsMax),
    httpDecoderConfiguration: .init(
      maxHeaderFieldSize: Limits.headerBytesMax, maxHeaderListSize: Limits.headerBytesMax,
      maxHeaderFieldCount: Limits.headersMax))

  package static func build(
    _ services: ServerContext, host: String, port: Int, logger: Logger,
    onServerRunning: @escaping @Sendable (Int) async -> Void = { _ in }
  ) -> some ApplicationProtocol {
    let gateway = Gateway(services: services)
    let router = Router(context: UsanceContext.self)
    router.add(middleware: NoSuchOperation(pages: services.pages))
    for operation in Routes.all {
      for method in operation.methods {
        router.on(RouterPath(operation.path), method: method) { request, context in
          let response = await gateway.respond(operation, request, context)
          return method == .head ? response.createHeadResponse() : response
        }
      }
    }
    var application = Application(
      router: router,
      server: HTTPServerBuilder { responder in
        Connection(HTTP1Channel(responder: responder, configuration: connections), services)
      },
      configuration: .init(
        address: .hostname(host, port: port), serverName: serverName,
        backlog: Limits.connectionsMax,
        availableConnectionsDelegate: MaximumAvailableConnections(OpenFiles.connectionsMax())),
      onServerRunning: { channel in await onServerRunning(channel.localAddress?.port ?? port) },
      logger: logger)
    application.addServices(MaintenanceTask(services: services, logger: logger))
    return application
  }
}

/// What Hummingbird carries along with a request, and the connection it came on.
struct UsanceContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }
}

/// Answers what no operation answers: a path nobody knows, or a method the path does not have.
private struct NoSuchOperation: RouterMiddleware {
  let pages: PageRenderer

  func handle(
    _ request: Request, context: UsanceContext,
    next: (Request, UsanceContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let error as HTTPError where error.status == .notFound {
      let response = refusal(of: request)
      // Whoever asks for the head alone takes a body for the beginning of the next answer.
      return request.method == .head ? response.createHeadResponse() : response
    }
  }

  private func refusal(of request: Request) -> Response {
    let methods = Routes.all.filter { matches($0.path, request.uri.path) }.flatMap(\.methods)
    guard !methods.isEmpty else {
      return Refusal(
        problem: Problem([Fault(.notFound, "there is nothing at this address")]), pages: pages
      ).response(to: request)
    }
    let fault = Fault(.methodNotAllowed, "this address has no \(request.method.rawValue)")
    return Refusal(problem: Problem([fault]), pages: pages).response(
      to: request, headers: [.allow: methods.map(\.rawValue).joined(separator: ", ")])
  }

  private func matches(_ template: String, _ path: String) -> Bool {
    let (wanted, given) = (template.split(separator: "/"), path.split(separator: "/"))
    return wanted.count == given.count
      && zip(wanted, given).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
  }
}
