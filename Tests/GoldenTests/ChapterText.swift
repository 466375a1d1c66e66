import Base
import Foundation
import Rating

/// The text of a chapter, or of an example that is written the same way: what stands between
/// fences, by the word behind the fence, and the tables.
struct ChapterText {
  private let lines: [String]

  init(_ text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// The chapter about a kind of clause.
  init(about kind: String) throws {
    try self.init(
      String(contentsOf: Self.folder.appending(path: "\(kind).md"), encoding: .utf8))
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Documentation/Clauses")

  /// What there are chapters about, in order.
  static func all() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".md") && $0 != "README.md" }.map { String($0.dropLast(3)) }.sorted()
  }

  /// The first block that is fenced with that word; empty where there is none.
  func block(_ word: String) -> [String] {
    guard let fence = lines.firstIndex(of: "```\(word)") else { return [] }
    return Array(lines[(fence + 1)...].prefix { $0 != "```" })
  }

  /// The words of a block, row by row, without the head that some have.
  func rows(_ word: String) -> [[String]] {
    block(word).map { $0.split(separator: " ").map(String.init) }
      .filter { !$0.isEmpty && !["month", "asset"].contains($0[0]) }
  }

  /// The rows of the table with these columns.
  func table(_ columns: String...) -> [[String]] { table(columns) }

  func table(_ columns: [String]) -> [[String]] {
    guard let head = lines.firstIndex(of: "| \(columns.joined(separator: " | ")) |") else {
      return []
    }
    return lines[(head + 2)...].prefix { $0.hasPrefix("|") }.map { line in
      line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  /// Months as the block `lines` tells of them: month, line, amount and flags.
  static func rows(of months: [RatedMonth]) -> [[String]] {
    months.flatMap { month in
      month.lines.map { line in
        ["\(month.month)", line.key, line.amount.fixed.grouped]
          + line.flags.filter { $0 != .noUsageSeen }.map(\.rawValue)
      } + month.unbilled.map { ["\(month.month)", $0.clause, "unbilled"] }
    }
  }
}
