import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Hangs up on whoever takes too long to send a body, whether or not anybody reads it: what is
/// refused is answered before its body is there, and the rest of it must come to an end too.
///
/// A body that is read as a stream has as long again each time a good part of it has come, and does
/// not run out of time while it waits for the disk.
final class BodyDeadline: Sendable {
  private struct State {
    var end: NIODeadline
    /// What was left when somebody began to wait for something else than the body.
    var left: TimeAmount?
    var bytesSinceEnd = 0
    var isMet = false
    var looking: Scheduled<Void>?
  }

  private static let duration = TimeAmount.seconds(Limits.bodySecondsMax)

  private let channel: any Channel
  private let state: Mutex<State>

  /// Nil where the request has no body.
  init?(_ request: Request, on channel: any Channel) {
    guard
      request.headers[.transferEncoding] != nil
        || request.headers[.contentLength].map({ $0 != "0" }) == true
    else { return nil }
    self.channel = channel
    state = Mutex(State(end: .now() + Self.duration))
    look()
  }

  var hasPassed: Bool {
    state.withLock { !$0.isMet && $0.left == nil && NIODeadline.now() >= $0.end }
  }

  /// The whole body is there.
  func meet() {
    state.withLock { state in
      state.isMet = true
      state.looking?.cancel()
      state.looking = nil
    }
  }

  /// Some of a stream is there.
  func advance(byBytes count: Int) {
    state.withLock { state in
      state.bytesSinceEnd += count
      guard state.bytesSinceEnd >= Limits.streamBytesPerDeadlineMin else { return }
      state.bytesSinceEnd = 0
      state.end = .now() + Self.duration
    }
  }

  /// Does something that is not the sender's to hurry.
  func pausing<Value>(_ work: () async throws -> Value) async rethrows -> Value {
    state.withLock { $0.left = $0.end - .now() }
    defer {
      state.withLock { state in
        if let left = state.left { state.end = .now() + left }
        state.left = nil
      }
    }
    return try await work()
  }

  /// Says, where the body was not read, that the connection will not last.
  func announce(in response: inout Response) {
    if state.withLock({ !$0.isMet }) { response.headers[.connection] = "close" }
  }

  /// Hangs up if it is time, and else looks again when it may be.
  private func look() {
    let isOver = state.withLock { state in
      guard !state.isMet else { return false }
      let now = NIODeadline.now()
      guard state.left != nil || now < state.end else { return true }
      let next = state.left == nil ? state.end : now + Self.duration
      state.looking = channel.eventLoop.scheduleTask(deadline: next) { self.look() }
      return false
    }
    if isOver { channel.close(promise: nil) }
  }
}
