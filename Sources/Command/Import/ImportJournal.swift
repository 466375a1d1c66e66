import Base
import Console
import Foundation

/// The files beside the one that is imported.
struct ImportFiles {
  let position: URL?
  let rejected: URL

  init(_ file: String) {
    let name = file == "-" ? "stdin" : file
    // Standard input cannot be read again, so there is nothing to go on from.
    position = file == "-" ? nil : URL(filePath: name + ".position")
    rejected = URL(filePath: name + ".rejected.ndjson")
  }
}

/// What is imported, from where and to where: a position is good for nothing else.
struct ImportSubject: Hashable {
  let size: Int
  let head: String?
  let server: String
  let mapping: String

  var json: JSON {
    .object([
      "size": .integer(size), "head": head.map(JSON.string), "server": .string(server),
      "mapping": .string(mapping),
    ])
  }
}

/// What became of the rows so far.
struct ImportTally: Hashable {
  static let names = ["accepted", "duplicate", "conflicting", "rejected", "unmatched"]

  var counts: [String: Int] = [:]

  subscript(_ name: String) -> Int {
    get { counts[name] ?? 0 }
    set { counts[name] = newValue }
  }

  var refused: Int { self["rejected"] + self["conflicting"] }
  var rows: Int { self["accepted"] + self["duplicate"] + refused }
}

/// Remembers what was acknowledged and what was refused, so that an import that was killed goes on.
///
/// Refused rows are written before the position that lies behind them, and the position knows how
/// long their file was: rows written behind it are cut off and written again.
final class ImportJournal {
  static let shownMax = 20

  private let files: ImportFiles
  private let subject: ImportSubject
  private(set) var bytes = 0
  private(set) var tally = ImportTally()
  private var rejectedBytes = 0
  /// The first refused rows of this run, for the eyes.
  private(set) var shown: [String] = []
  private var rejects: FileHandle?

  init(_ files: ImportFiles, subject: ImportSubject) throws {
    self.files = files
    self.subject = subject
    guard let position = files.position, let data = try? Data(contentsOf: position) else {
      try dropRejects()
      return
    }
    guard let document = try? JSON(parsing: Array(data)), document["of"] == subject.json,
      let bytes = document["bytes"]?.count, let rejectedBytes = document["rejectedBytes"]?.count
    else {
      Output.note("\(position.path) belongs to another import; this one starts anew.\n")
      try dropRejects()
      return
    }
    self.bytes = bytes
    self.rejectedBytes = try keepRejects(rejectedBytes)
    for name in ImportTally.names { tally[name] = document[name]?.count ?? 0 }
    Output.note("Resuming after \(tally.rows.counted("row")).\n")
  }

  var rejectedPath: String { files.rejected.path }

  func refuse(_ line: Int, _ outcome: String, _ code: String, _ detail: String, _ row: JSON) throws
  {
    tally[outcome] += 1
    if shown.count < Self.shownMax {
      shown.append(detail.hasPrefix("line \(line)") ? detail : "line \(line): \(detail)")
    }
    let document: JSON = [
      "line": .integer(line), "outcome": .string(outcome), "code": .string(code),
      "detail": .string(detail), "row": row,
    ]
    let text = Data(document.bytes + [UInt8(ascii: "\n")])
    let handle = try rejects ?? openRejects()
    rejects = handle
    try handle.write(contentsOf: text)
    rejectedBytes += text.count
  }

  /// Everything before `end` has been dealt with.
  func acknowledge(_ counts: ImportTally, end: Int) throws {
    for name in ImportTally.names { tally[name] += counts[name] }
    bytes = end
    guard let position = files.position else { return }
    try rejects?.synchronize()
    let members: [JSON.Member] =
      [
        .init("of", subject.json), .init("bytes", .integer(bytes)),
        .init("rejectedBytes", .integer(rejectedBytes)),
      ] + ImportTally.names.map { .init($0, .integer(tally[$0])) }
    // Written beside it and then renamed: there is always one whole position.
    try Data(JSON.object(members).bytes).write(to: position, options: .atomic)
  }

  func end() throws {
    try rejects?.close()
    guard let position = files.position else { return }
    try? FileManager.default.removeItem(at: position)
  }

  private func openRejects() throws -> FileHandle {
    if !FileManager.default.fileExists(atPath: files.rejected.path) {
      _ = FileManager.default.createFile(atPath: files.rejected.path, contents: nil)
    }
    let handle = try FileHandle(forWritingTo: files.rejected)
    try handle.seekToEnd()
    return handle
  }

  /// Cuts off what was refused behind the position; how long the file then is.
  private func keepRejects(_ bytesMax: Int) throws -> Int {
    guard FileManager.default.fileExists(atPath: files.rejected.path) else { return 0 }
    let handle = try FileHandle(forWritingTo: files.rejected)
    defer { try? handle.close() }
    let kept = min(UInt64(bytesMax), try handle.seekToEnd())
    try handle.truncate(atOffset: kept)
    return Int(kept)
  }

  private func dropRejects() throws {
    if FileManager.default.fileExists(atPath: files.rejected.path) {
      try FileManager.default.removeItem(at: files.rejected)
    }
  }
}

extension JSON {
  /// A number that counts something.
  var count: Int? {
    guard case .number(let text) = self, let count = Int(text), count >= 0 else { return nil }
    return count
  }
}
