import Base
import Foundation
import Gzip

/// The bytes of a file or of standard input, piece by piece; inflated where its name says so.
final class ImportSource {
  private static let pieceBytes = 256 << 10
  private static let headBytes = 1 << 10

  private let path: String?
  private let handle: FileHandle
  private let name: String
  private let inflater: Inflater?
  /// Nil where nobody knows before the end.
  let bytesTotal: Int?
  private(set) var bytesRead = 0

  init(_ path: String) throws {
    name = path
    inflater = path.hasSuffix(".gz") ? Inflater() : nil
    guard path != "-" else {
      self.path = nil
      handle = .standardInput
      bytesTotal = nil
      return
    }
    self.path = path
    try InputFile.check(path)
    handle = try FileHandle(forReadingFrom: URL(filePath: path))
    bytesTotal = Int(try handle.seekToEnd())
    try handle.seek(toOffset: 0)
  }

  var looksLikeCSV: Bool { name.hasSuffix(".csv") || name.hasSuffix(".csv.gz") }

  /// What tells this file from another one of the same size; nil where reading would use it up.
  func head() throws -> String? {
    guard path != nil else { return nil }
    let head = try handle.read(upToCount: Self.headBytes) ?? Data()
    try handle.seek(toOffset: 0)
    return Digest(of: head).hex
  }

  /// The next bytes of the text; nil at the end.
  func next() throws -> [UInt8]? {
    guard let inflater else { return try read() }
    do {
      while true {
        if let piece = try inflater.next() { return piece }
        guard let piece = try read() else { break }
        inflater.feed(piece)
      }
      try inflater.end()
      return nil
    } catch let failure as Inflater.Failure {
      throw Fault(
        .malformedDocument, failure == .truncated ? "the gzip breaks off" : "it is not sound gzip")
    }
  }

  /// The next bytes as they lie on disk.
  private func read() throws -> [UInt8]? {
    guard let piece = try handle.read(upToCount: Self.pieceBytes), !piece.isEmpty else {
      return nil
    }
    bytesRead += piece.count
    return Array(piece)
  }
}
