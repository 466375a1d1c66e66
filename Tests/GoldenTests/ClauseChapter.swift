import Base
import Contracts
import Foundation
import Testing
import YAML

/// A chapter about a kind of clause, whose example a test works out.
struct ClauseChapter {
  private let text: String

  init(_ kind: String) throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    text = try String(
      contentsOf: root.appending(path: "Documentation/Clauses/\(kind).md"), encoding: .utf8)
  }

  /// The clause of the first block of YAML, as a contract reads it.
  func clause(in currency: String) throws -> Clause {
    let block = try #require(text.components(separatedBy: "```yaml\n").dropFirst().first)
    let yaml = try #require(block.components(separatedBy: "```").first)
    let contract: JSON = [
      "customer": "acme", "currency": .string(currency), "zone": "UTC", "from": "2026-01-01",
      "clauses": [try YAMLDocument(yaml).json],
    ]
    return try Contract(Node(contract), key: ContractKey("chapter")).clauses[0]
  }

  /// The rows of the table with these columns.
  func table(_ columns: String...) throws -> [[String]] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let head = try #require(
      lines.firstIndex(of: "| \(columns.joined(separator: " | ")) |"), "\(columns)")
    return lines[(head + 2)...].prefix { $0.hasPrefix("|") }.map { line in
      line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }
}
