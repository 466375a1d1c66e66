import NIOCore
import NIOHTTPTypes

/// Watches over what a connection waits for: the work that is done for it, which has a deadline and
/// may end when the client leaves, and the answer, of which some must be taken in good time.
///
/// A client that closes one direction alone looks the same as one that is gone, until something is
/// sent to it. Here it is gone.
final class ClientWatch: ChannelInboundHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart

  private struct Entry {
    let deadline: Scheduled<Void>?
    /// Nil where the work goes on without the client.
    let giveUp: (@Sendable (BlockingPool.Reason) -> Void)?
  }

  private var entries: [ObjectIdentifier: Entry] = [:]
  private var isGone = false
  /// The end of the time in which some of an answer must be taken.
  private var patience: Scheduled<Void>?

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .inputClosed? = event as? ChannelEvent { leave() }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    leave()
    patience?.cancel()
    context.fireChannelInactive()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    patience?.cancel()
    patience = nil
    if !context.channel.isWritable {
      let channel = context.channel
      patience = context.eventLoop.scheduleTask(in: .seconds(Limits.bodySecondsMax)) {
        channel.close(promise: nil)
      }
    }
    context.fireChannelWritabilityChanged()
  }

  private func leave() {
    isGone = true
    for entry in entries.values { entry.giveUp?(.client) }
  }

  private func add(_ id: ObjectIdentifier, _ entry: Entry) {
    entries[id] = entry
    if isGone { entry.giveUp?(.client) }
  }
}

extension ClientWatch {
  /// Calls `giveUp` on the thread of the connection when the time of some work is over, and when
  /// the client leaves if the work ends with it.
  static func add(
    _ work: some AnyObject & Sendable, on channel: any Channel, secondsMax: Int64?,
    endsWithClient: Bool, giveUp: @escaping @Sendable (BlockingPool.Reason) -> Void
  ) {
    let id = ObjectIdentifier(work)
    channel.eventLoop.execute {
      guard let watch = ClientWatch.of(channel) else {
        // A pipeline that is gone has no handlers.
        if endsWithClient, !channel.isActive { giveUp(.client) }
        return
      }
      let deadline = secondsMax.map { seconds in
        channel.eventLoop.scheduleTask(in: .seconds(seconds)) { giveUp(.deadline) }
      }
      watch.add(id, Entry(deadline: deadline, giveUp: endsWithClient ? giveUp : nil))
    }
  }

  /// The work is done, or was given up.
  static func remove(_ work: some AnyObject & Sendable, on channel: any Channel) {
    let id = ObjectIdentifier(work)
    channel.eventLoop.execute {
      let entry = ClientWatch.of(channel)?.entries.removeValue(forKey: id)
      entry?.deadline?.cancel()
    }
  }

  /// To be asked on the thread of the connection.
  private static func of(_ channel: any Channel) -> ClientWatch? {
    try? channel.pipeline.syncOperations.handler(type: ClientWatch.self)
  }
}
