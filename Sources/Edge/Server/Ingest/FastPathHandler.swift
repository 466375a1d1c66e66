import Access
import Base
import HTTPTypes
import NIOCore
import NIOHTTPTypes
import Services
import Workflow

/// Answers small posts of events on the thread of their connection.
///
/// Most requests are such: a device posts one event, all of it came in one piece, and its token was
/// seen before. To take one through the server's tasks costs more than everything that is done with
/// it (Documentation/Decisions/0008-a-shortcut-for-small-posts.md). Whatever is unusual in any way
/// goes on to the operation of the table, which reads, stores and answers the same.
final class FastPathHandler: ChannelDuplexHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private enum Inbound {
    case part(HTTPRequestPart)
    case event(Any)
    case error(any Error)
  }

  private let services: ServerContext
  private var dates = DateMemory()
  /// A small post of which more must come.
  private var gathering: FastPathRequest?
  /// Requests that the server's tasks have not answered yet.
  private var passedOn = 0
  /// Whether a post is being stored. What comes behind it waits, and no more is read than that.
  private var isStoring = false
  private var waiting: [Inbound] = []
  private var isReadDue = false

  init(_ services: ServerContext) { self.services = services }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    receive(.part(unwrapInboundIn(data)), context)
  }

  /// The first bytes were not all: the time it takes is the operation's to watch.
  func channelReadComplete(context: ChannelHandlerContext) {
    passGathered(context)
    context.fireChannelReadComplete()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    receive(.event(event), context)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    receive(.error(error), context)
  }

  func read(context: ChannelHandlerContext) {
    if waiting.isEmpty { context.read() } else { isReadDue = true }
  }

  func write(
    context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
  ) {
    if case .end = unwrapOutboundIn(data) { passedOn -= 1 }
    context.write(data, promise: promise)
  }

  private func receive(_ inbound: Inbound, _ context: ChannelHandlerContext) {
    guard !isStoring else { return waiting.append(inbound) }
    switch inbound {
    case .part(.head(let head)):
      passGathered(context)
      gathering = passedOn == 0 ? FastPathRequest(head) : nil
      if gathering == nil { passOn(.head(head), context) }
    case .part(.body(let piece)):
      if gathering?.add(piece) != true { passOn(.body(piece), context) }
    case .part(.end(nil)):
      if let post = gathering, take(post, context) { return }
      passOn(.end(nil), context)
    case .part(let part): passOn(part, context)
    case .event(let event): context.fireUserInboundEventTriggered(event)
    case .error(let error): context.fireErrorCaught(error)
    }
  }

  /// Lets a part go on to the server's tasks, behind what was held back of its request.
  private func passOn(_ part: HTTPRequestPart, _ context: ChannelHandlerContext) {
    passGathered(context)
    if case .head = part { passedOn += 1 }
    context.fireChannelRead(wrapInboundOut(part))
  }

  private func passGathered(_ context: ChannelHandlerContext) {
    guard let post = gathering else { return }
    gathering = nil
    passOn(.head(post.head), context)
    if post.body.readableBytes > 0 { passOn(.body(post.body), context) }
  }
}

extension FastPathHandler {
  /// Begins to store the events; false where somebody else must find out who sends them.
  private func take(_ post: FastPathRequest, _ context: ChannelHandlerContext) -> Bool {
    let now = services.clock()
    guard let caller = try? services.gate.recall(post.token, as: .access, now: now),
      caller.refusal(of: .call(anyOf: TokenScope.posting)) == nil
    else { return false }
    gathering = nil
    do throws(Fault) {
      let document = try IngestRequest(
        Array(post.body.readableBytesView), post.format, by: Poster(caller), services)
      if document.isEmpty {
        answer(
          post, document.receipt([]).answer(at: post.address, preferences: post.preferences),
          context)
      } else {
        store(document, post, context)
      }
    } catch {
      answer(post, Problem([error]).answer(for: post.address.path), context)
    }
    return true
  }

  private func store(
    _ document: IngestRequest, _ post: FastPathRequest, _ context: ChannelHandlerContext
  ) {
    isStoring = true
    let loop = context.eventLoop
    let here = NIOLoopBound((self, context, post), eventLoop: loop)
    document.store { result in
      loop.execute {
        let (shortcut, context, post) = here.value
        shortcut.finish(document, result, post, context)
      }
    }
  }

  private func finish(
    _ document: IngestRequest, _ result: Result<[AppendResult], Fault>, _ post: FastPathRequest,
    _ context: ChannelHandlerContext
  ) {
    isStoring = false
    switch result {
    case .success(let outcomes):
      let receipt = document.receipt(outcomes)
      answer(post, receipt.answer(at: post.address, preferences: post.preferences), context)
    case .failure(let fault):
      answer(post, Problem([fault]).answer(for: post.address.path), context)
    }
    goOn(context)
  }

  private func answer(
    _ post: FastPathRequest, _ answer: CompleteResponse, _ context: ChannelHandlerContext
  ) {
    services.metrics.add(
      to: .requests(operation: post.address.operation, status: answer.status.code))
    var head = HTTPResponse(status: answer.status, headerFields: answer.headers)
    if answer.status != .noContent {
      head.headerFields[.contentLength] = String(answer.body.readableBytes)
    }
    head.headerFields[.date] = dates.text(of: services.clock())
    head.headerFields[.server] = App.serverName
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if answer.body.readableBytes > 0 {
      context.write(wrapOutboundOut(.body(answer.body)), promise: nil)
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  /// Turns to what came meanwhile, until the next post that is stored.
  private func goOn(_ context: ChannelHandlerContext) {
    guard !waiting.isEmpty else { return }
    let held = waiting
    waiting = []
    for inbound in held { receive(inbound, context) }
    passGathered(context)
    context.fireChannelReadComplete()
    if isReadDue, waiting.isEmpty {
      isReadDue = false
      context.read()
    }
  }
}

/// The text of the current second.
private struct DateMemory {
  private var second: Int64 = .min
  private var text = ""

  mutating func text(of now: Instant) -> String {
    if now.secondsSinceEpoch != second {
      second = now.secondsSinceEpoch
      text = HTTPDate.text(second: second)
    }
    return text
  }
}
