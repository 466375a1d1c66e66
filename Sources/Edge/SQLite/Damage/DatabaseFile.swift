import Base
import CChecksums
import Foundation
import GRDB

/// The file of the database, as SQLite opens it: every page that is read is held against its
/// checksum (decision 23).
struct DatabaseFile: Sendable {
  let path: String
  /// Pages that are read whatever their checksums say, for what they hold was proven otherwise.
  var tolerated: [Int64] = []

  init(_ folder: DataFolder) {
    DamagedPages.register()
    path = folder.database.path
  }

  /// Read-only, with damaged pages read as they are: only to find out what is damaged.
  var notingAddress: String { address(["mode=ro", "damage=noted"]) }
  /// Read-only.
  var readingAddress: String { address(["mode=ro"]) }
  var address: String { address([]) }

  private func address(_ more: [String]) -> String {
    var words = ["vfs=usance"] + more
    if !tolerated.isEmpty {
      words.append("tolerated=" + tolerated.map(String.init).joined(separator: ","))
    }
    let path = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
    return "file:\(path)?\(words.joined(separator: "&"))"
  }

  /// What every connection is given. Room for the checksums is made while the file is empty.
  static func prepare(_ configuration: inout Configuration) {
    configuration.prepareDatabase { db in
      _ = usance_checksums_reserve(UnsafeMutableRawPointer(db.sqliteConnection!))
    }
  }

  /// Runs `body` in a read of the file as it is, damaged or not.
  func noting<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try DatabaseFile.reading(notingAddress, body)
  }

  static func reading<Value>(
    _ address: String, _ body: (Database) throws -> Value
  ) throws -> Value {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    let queue = try DatabaseQueue(path: address, configuration: configuration)
    defer { try? queue.close() }
    return try queue.read(body)
  }
}
