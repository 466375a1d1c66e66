import Base
import NIOCore
import NIOPosix

/// What one connection did.
struct LoadTally: Sendable {
  var requests = 0
  var failures = 0
  var latenciesNanoseconds: [Int64] = []
}

/// One keep-alive connection that posts, waits for the answer, and posts again.
final class LoadConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private var requests: LoadRequests
  private let until: NIODeadline
  private let done: EventLoopPromise<LoadTally>
  private var tally = LoadTally()
  private var sent = NIODeadline.now()
  private var answer = ByteBuffer()

  private init(
    _ requests: LoadRequests, until: NIODeadline, done: EventLoopPromise<LoadTally>
  ) {
    self.requests = requests
    self.until = until
    self.done = done
  }

  static func run(
    on group: MultiThreadedEventLoopGroup, port: Int, token: String, events: Int, seed: UInt64,
    until: NIODeadline
  ) async throws -> LoadTally {
    let done = group.next().makePromise(of: LoadTally.self)
    let channel = try await ClientBootstrap(group: group)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let requests = LoadRequests(token: token, events: events, seed: seed)
          try channel.pipeline.syncOperations.addHandler(
            LoadConnection(requests, until: until, done: done))
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    let tally = try await done.futureResult.get()
    try? await channel.close()
    return tally
  }

  func channelActive(context: ChannelHandlerContext) { send(context) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var part = unwrapInboundIn(data)
    answer.writeBuffer(&part)
    guard let status = LoadAnswer.status(of: answer) else { return }
    answer.clear()
    tally.requests += 1
    tally.failures += status == 200 || status == 204 ? 0 : 1
    tally.latenciesNanoseconds.append((NIODeadline.now() - sent).nanoseconds)
    if NIODeadline.now() < until { send(context) } else { done.succeed(tally) }
  }

  func channelInactive(context: ChannelHandlerContext) { done.succeed(tally) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { done.fail(error) }

  private func send(_ context: ChannelHandlerContext) {
    let request = requests.next(context.channel.allocator)
    sent = .now()
    context.writeAndFlush(wrapOutboundOut(request), promise: nil)
  }
}

/// Reads just enough of an answer to know that it is whole, and whether it is good.
private enum LoadAnswer {
  static func status(of answer: ByteBuffer) -> Int? {
    let text = answer.readableBytesView
    guard let end = text.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    let head = String(decoding: text[..<end.lowerBound], as: UTF8.self)
    let length = head.split(separator: "\r\n").compactMap { line -> Int? in
      line.lowercased().hasPrefix("content-length:") ? Int(line.filter(\.isNumber)) : nil
    }.first
    guard text.distance(from: end.upperBound, to: text.endIndex) >= length ?? 0 else { return nil }
    return Int(head.dropFirst(9).prefix(3))
  }
}
