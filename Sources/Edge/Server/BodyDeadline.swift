import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Hangs up on whoever takes too long to send a body, whether or not anybody reads it: what is
/// refused is answered before its body is there, and the rest of it must come to an end too.
final class BodyDeadline: Sendable {
  private let end = NIODeadline.now() + .seconds(Limits.bodySecondsMax)
  private let hangingUp: Scheduled<Void>
  private let isMissed = Mutex(true)

  /// Nil where the request has no body.
  init?(_ request: Request, on channel: any Channel) {
    guard
      request.headers[.transferEncoding] != nil
        || request.headers[.contentLength].map({ $0 != "0" }) == true
    else { return nil }
    hangingUp = channel.eventLoop.scheduleTask(deadline: end) { channel.close(promise: nil) }
  }

  var hasPassed: Bool { NIODeadline.now() >= end }

  /// The whole body is there.
  func meet() {
    isMissed.withLock { $0 = false }
    hangingUp.cancel()
  }

  /// Says, where the body was not read, that the connection will not last.
  func announce(in response: inout Response) {
    if isMissed.withLock({ $0 }) { response.headers[.connection] = "close" }
  }
}
