import Console
import Foundation

/// Variables of the environment whose names begin with `USANCE_`.
enum Setting {
  private static let prefix = "USANCE_"
  private static let known: Set = ["USANCE_HOST", "USANCE_PORT"]

  /// One that nobody reads is a setting that somebody takes for made.
  static func refuseUnknown() throws {
    let names = ProcessInfo.processInfo.environment.keys
      .filter { $0.hasPrefix(prefix) && !known.contains($0) }.sorted()
    guard let name = names.first else { return }
    throw CommandRefusal(
      EX_CONFIG,
      "the variable \(name) is unknown; there are \(known.sorted().joined(separator: " and ")), "
        + "unset it")
  }

  /// The address that `usance serve` listens on unless told.
  static var host: String? { ProcessInfo.processInfo.environment["USANCE_HOST"] }

  /// The port that `usance serve` listens on unless told.
  static var port: Int? {
    get throws {
      guard let text = ProcessInfo.processInfo.environment["USANCE_PORT"] else { return nil }
      guard let port = Int(text), (0...65_535).contains(port) else {
        throw CommandRefusal(
          EX_CONFIG, "USANCE_PORT is a port, 0 to 65535, not `\(text)`; correct it")
      }
      return port
    }
  }
}
