import Console
import Foundation
import Logging

/// Writes log lines to standard error. It makes text only of what is logged: the handler of the
/// logging package does so for every request that might say something.
struct LineLog: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level = .info

  private let label: String

  init(label: String) { self.label = label }

  static func logger(_ level: Logger.Level = .info) -> Logger {
    var logger = Logger(label: "usance", factory: { LineLog(label: $0) })
    logger.logLevel = level
    return logger
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let details = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
      .map { " \($0.key)=\($0.value)" }.joined()
    let text = "\(Date().ISO8601Format()) \(event.level) \(label):\(details) \(event.message)\n"
    Output.note(text)
  }
}
