import NIOCore
import NIOPosix

/// A connection below HTTP, for what a client library is too polite to send.
enum RawConnection {
  struct Reply: Sendable {
    let text: String
    /// Whether the server hung up before we lost patience.
    let isClosed: Bool
    let duration: Duration

    var status: Int? { text.split(separator: " ").dropFirst().first.flatMap { Int($0) } }
  }

  /// Sends `pieces` with a pause before each but the first, and reads until `isEnough`, the end, or
  /// the last second.
  static func exchange(
    _ pieces: [String], pause: Duration = .zero, with service: TestService, secondsMax: Int64,
    until isEnough: @escaping @Sendable (String) -> Bool = { _ in false }
  ) async throws -> Reply {
    let connection = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connect(host: "127.0.0.1", port: service.port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    let channel = connection.channel
    let start = ContinuousClock.now
    let patience = channel.eventLoop.scheduleTask(in: .seconds(secondsMax)) {
      channel.close(promise: nil)
    }
    defer { patience.cancel() }
    let text = try await connection.executeThenClose { inbound, outbound in
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { await write(pieces, pause: pause, to: outbound) }
        defer { tasks.cancelAll() }
        var text = ""
        do {
          for try await buffer in inbound {
            text += String(buffer: buffer)
            if isEnough(text) { break }
          }
        } catch is IOError {
          // A reset is a way to hang up, too.
        }
        return text
      }
    }
    let duration = start.duration(to: .now)
    return Reply(
      text: text, isClosed: !isEnough(text) && duration < .seconds(secondsMax), duration: duration)
  }

  /// Until all is written, or nobody listens any more.
  private static func write(
    _ pieces: [String], pause: Duration, to outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  ) async {
    for (index, piece) in pieces.enumerated() {
      do {
        if index > 0 { try await Task.sleep(for: pause) }
        try await outbound.write(ByteBuffer(string: piece))
      } catch {
        return
      }
    }
  }

  /// The head of a request with a body of `length` bytes that may never come.
  static func head(
    _ method: String = "POST", _ path: String = "/v1/events", token: String, length: Int
  ) -> String {
    """
    \(method) \(path) HTTP/1.1\r
    Host: localhost\r
    Authorization: Bearer \(token)\r
    Content-Type: application/cloudevents+json\r
    Content-Length: \(length)\r
    \r

    """
  }
}
