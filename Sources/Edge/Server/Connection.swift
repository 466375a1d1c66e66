import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes

/// A connection of Hummingbird's, with our watch over its client and the shortcut for events
/// between the part that watches over the connection and the tasks that answer.
struct Connection: ServerChildChannel {
  private let base: HTTP1Channel
  private let services: ServerContext

  init(_ base: HTTP1Channel, _ services: ServerContext) {
    self.base = base
    self.services = services
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
    base.setup(channel: channel, logger: logger).flatMapThrowing { [services] value in
      let pipeline = channel.pipeline.syncOperations
      let watch = try pipeline.handler(type: HTTPConnectionStateHandler.self)
      let client = ClientWatch()
      try pipeline.addHandler(client, position: .after(watch))
      try pipeline.addHandler(FastPathHandler(services), position: .after(client))
      return value
    }
  }

  func handle(value: HTTP1Channel.Value, logger: Logger) async {
    await base.handle(value: value, logger: logger)
  }
}
