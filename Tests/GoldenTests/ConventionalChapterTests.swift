import Base
import Contracts
import Foundation
import Rating
import Testing
import YAML

/// The chapters of the conventional models: the example that a reader finds there is run as it
/// stands. Of a chapter are read the blocks `yaml` (meters and clauses), `usage` (an event a line:
/// when, meter, value, group) and `lines` (month, line, amount).
@Suite("Examples of the chapters of conventional models")
struct ConventionalChapterTests {
  static let kinds = [
    "usageCharge", "flatFee", "percentage", "matrix", "timeOfDay", "recurringFee",
    "minimumCommitment", "maximumSpend", "discount", "prepaidCredit",
  ]

  private struct Chapter {
    let agreed: JSON
    let usage: [[String]]
    let lines: [[String]]

    init(_ kind: String) throws {
      let file = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Documentation/Clauses/\(kind).md")
      let text = try String(contentsOf: file, encoding: .utf8)
      agreed = try YAMLDocument(Self.blocks("yaml", in: text).joined(separator: "\n")).json
      usage = Self.rows(Self.blocks("usage", in: text))
      lines = Self.rows(Self.blocks("lines", in: text))
    }

    private static func rows(_ blocks: [String]) -> [[String]] {
      blocks.joined(separator: "\n").split(separator: "\n").map {
        $0.split(separator: " ").map(String.init)
      }
    }

    private static func blocks(_ name: String, in text: String) -> [String] {
      text.components(separatedBy: "```").enumerated().filter { place, block in
        !place.isMultiple(of: 2) && block.hasPrefix("\(name)\n")
      }.map { String($1.dropFirst(name.count + 1)) }
    }
  }

  @Test("The example comes to the lines that the chapter says", arguments: kinds)
  func example(_ kind: String) throws {
    let chapter = try Chapter(kind)
    let desk = try SmallDesk(
      meters: chapter.agreed["meters"] ?? .object([]),
      clauses: try #require(chapter.agreed["clauses"]), currency: "EUR",
      from: chapter.agreed["from"]?.stringValue ?? "2026-04-01",
      until: chapter.agreed["until"]?.stringValue)
    #expect(desk.contract.clauses.contains { $0.terms.kindName == kind })
    let events = try chapter.usage.map { row in
      try SmallDesk.Event(
        row[1], at: row[0], row[2], group: row.count > 3 ? row[3] : "")
    }
    let last = try #require(try chapter.lines.map { try BillingMonth($0[0]) }.max())
    let rated = try desk.months(to: last, events).flatMap { month in
      month.lines.map { [month.month.description, $0.key, $0.amount.description] }
    }
    #expect(rated == chapter.lines)
    #expect(!rated.isEmpty)
  }
}

extension Clause.Terms {
  /// The name of the case, which is that of the kind in a contract.
  fileprivate var kindName: String {
    String(describing: self).split(separator: "(").first.map(String.init) ?? ""
  }
}
