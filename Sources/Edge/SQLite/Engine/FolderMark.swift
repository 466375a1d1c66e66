import Base
import Foundation
import GRDB
import Settlement
import Synchronization

/// A note beside the database: which one it belongs to, and the last numbers that were given out.
///
/// It is written before an answer names a new number. So a database that was put here in the place
/// of another, or of a newer one, is seen; one that came with its own note is not.
final class FolderMark: Sendable {
  private let folder: DataFolder
  private let disk: DiskWatch
  private let database: String
  private let written: Mutex<[String: Int]>

  /// Throws a `FolderRefusal` where the database is another, or older.
  init(_ folder: DataFolder, _ disk: DiskWatch, _ db: Database) throws {
    self.folder = folder
    self.disk = disk
    let secret = try Data.fetchOne(db, sql: "SELECT secret FROM identity_secret")!
    database = String(Digest(of: Array(secret)).hex.prefix(32))
    let numbers = try FolderMark.numbers(db)
    written = Mutex([:])
    if let data = FileManager.default.contents(atPath: folder.mark.path) {
      try check(JSON(parsing: Array(data)), numbers)
    }
    try write(numbers)
  }

  /// To be called behind each transaction, before anybody hears of it.
  func keep(_ db: Database) throws {
    let numbers = try FolderMark.numbers(db)
    guard written.withLock({ $0 != numbers }) else { return }
    try write(numbers)
  }

  private func check(_ note: JSON, _ numbers: [String: Int]) throws {
    guard note["database"]?.stringValue == database else {
      throw FolderRefusal(
        .notWhole,
        "\(folder.database.path) and \(folder.keys.path) belong to different data folders; put "
          + "back the two that belong together, or remove \(folder.mark.path) to join these")
    }
    guard case .object(let members) = note["numbers"] else { return }
    for member in members {
      guard case .number(let text) = member.value, let given = Int(text),
        given > numbers[member.name] ?? 0
      else { continue }
      let number = InvoiceNumber(series: member.name, sequence: given)
      throw FolderRefusal(
        .notWhole,
        "\(folder.database.path) is older than \(number), which was given out; restore the newest "
          + "database, or remove \(folder.mark.path) to give those numbers out again")
    }
  }

  private func write(_ numbers: [String: Int]) throws {
    let note: JSON = [
      "database": .string(database),
      "numbers": .object(
        numbers.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) }),
    ]
    try disk.write(note.bytes, to: folder.mark)
    written.withLock { $0 = numbers }
  }

  private static func numbers(_ db: Database) throws -> [String: Int] {
    let rows = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT series, last FROM number_series"))
    return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
  }
}
