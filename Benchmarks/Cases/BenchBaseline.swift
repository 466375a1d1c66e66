import Base
import Foundation

/// What the plain C program of `Benchmarks/baseline.c` stored on the same disk.
struct BenchBaseline: Sendable {
  let level: Int
  let eventsPerTransaction: Int
  let eventsPerSecond: Int
  let bytesPerEvent: Int
  let json: JSON

  /// At the level 0 every case begins with an empty table, as ours do.
  static func run(
    _ program: Program, folder: URL, level: Int, warmUpSeconds: Int, seconds: Int
  ) throws -> [BenchBaseline] {
    let cases = level == 0 ? [["1000"], ["100"], ["1"]] : [["1000", "100", "1"]]
    return try cases.flatMap { transactions in
      let text = try output(
        of: program, ["\(level)", "\(warmUpSeconds)", "\(seconds)"] + transactions, folder)
      return try text.split(separator: "\n").map { try BenchBaseline(Array($0.utf8)) }
    }
  }

  /// What the program prints; its database is gone afterwards.
  static func output(of program: Program, _ words: [String], _ folder: URL) throws -> String {
    let text = try program.output([folder.path] + words)
    for ending in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(at: folder.appending(path: "baseline.db\(ending)"))
    }
    return text
  }

  private init(_ line: [UInt8]) throws(Fault) {
    let json = try JSON(parsing: line)
    func number(_ name: String) throws(Fault) -> Int {
      guard case .number(let text) = json[name] ?? .null, let number = Int(text) else {
        throw Fault(.internalError, "the baseline does not say its \(name)")
      }
      return number
    }
    level = try number("level")
    eventsPerTransaction = try number("eventsPerTransaction")
    eventsPerSecond = try number("eventsPerSecond")
    bytesPerEvent = try number("bytesPerEvent")
    self.json = json
  }
}
