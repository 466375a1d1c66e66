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
  }

  private static let duration = TimeAmount.seconds(Limits.bodySecondsMax)

  private let channel: any Channel
  private let watch: BodyWatch
  private let state: Mutex<State>

  /// Nil where the request has no body.
  init?(_ request: Request, on channel: any Channel, _ watch: BodyWatch) {
    guard
      request.headers[.transferEncoding] != nil
        || request.headers[.contentLength].map({ $0 != "0" }) == true
    else { return nil }
    self.channel = channel
    self.watch = watch
    let end = NIODeadline.now() + Self.duration
    state = Mutex(State(end: end))
    watch.add(self, until: end, on: channel.eventLoop)
  }

  var hasPassed: Bool {
    state.withLock { !$0.isMet && $0.left == nil && NIODeadline.now() >= $0.end }
  }

  /// The whole body is there.
  func meet() {
    state.withLock { $0.isMet = true }
    watch.remove(self)
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
    guard state.withLock({ !$0.isMet }) else { return }
    response.headers[.connection] = "close"
    // What is closed before its time must not be kept until then, with all it had read.
    channel.closeFuture.whenComplete { [watch] _ in watch.remove(self) }
  }

  /// Hangs up if it is time, and else says when to look again.
  fileprivate func look() -> NIODeadline? {
    enum Finding { case met, over, early(NIODeadline) }
    let finding = state.withLock { state -> Finding in
      let now = NIODeadline.now()
      if state.isMet { return .met }
      if state.left != nil { return .early(now + Self.duration) }
      return now < state.end ? .early(state.end) : .over
    }
    switch finding {
    case .met: return nil
    case .early(let next): return next
    case .over:
      channel.close(promise: nil)
      return nil
    }
  }
}

/// The bodies that are on their way, and one timer for all of them. Nearly every body is there long
/// before its time is over: a timer for each would cost more than to read it.
final class BodyWatch: Sendable {
  private struct State {
    var deadlines: [ObjectIdentifier: BodyDeadline] = [:]
    var isLooking = false
  }

  /// Between two looks at least, however many slow senders there are.
  private static let pause = TimeAmount.milliseconds(50)

  private let state = Mutex(State())

  /// No deadline ends earlier than those that were added before it.
  func add(_ deadline: BodyDeadline, until end: NIODeadline, on loop: any EventLoop) {
    let isFirst = state.withLock { state in
      state.deadlines[ObjectIdentifier(deadline)] = deadline
      defer { state.isLooking = true }
      return !state.isLooking
    }
    if isFirst { loop.scheduleTask(deadline: end) { self.look(on: loop) } }
  }

  func remove(_ deadline: BodyDeadline) {
    state.withLock { _ = $0.deadlines.removeValue(forKey: ObjectIdentifier(deadline)) }
  }

  private func look(on loop: any EventLoop) {
    var next: NIODeadline?
    for deadline in state.withLock({ Array($0.deadlines.values) }) {
      if let again = deadline.look() {
        next = min(next ?? again, again)
      } else {
        remove(deadline)
      }
    }
    let again = state.withLock { state -> NIODeadline? in
      state.isLooking = !state.deadlines.isEmpty
      // What came meanwhile has all its time before it.
      return state.isLooking ? next ?? .now() + .seconds(Limits.bodySecondsMax) : nil
    }
    guard let again else { return }
    loop.scheduleTask(deadline: max(again, .now() + Self.pause)) { self.look(on: loop) }
  }
}
