import Base
import Contracts
import Foundation
import Metering
import Rating
import Testing

/// The worked examples of the chapters on guarantees come to what the chapters say.
struct GuaranteeChapterTests {
  /// A chapter's blocks between fences, by the word behind the fence.
  struct Chapter {
    let blocks: [String: String]

    init(_ kind: Clause.Kind) throws {
      let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Documentation/Clauses/\(kind.rawValue).md")
      var blocks: [String: String] = [:]
      var open: String?
      for line in try String(contentsOf: file, encoding: .utf8).split(
        separator: "\n", omittingEmptySubsequences: false)
      {
        if line.hasPrefix("```") {
          open = open == nil ? String(line.dropFirst(3)) : nil
        } else if let open {
          blocks[open, default: ""] += line + "\n"
        }
      }
      self.blocks = blocks
    }

    /// The rows of a table below its head; two spaces or more part the cells.
    func rows(_ name: String) -> [[String]] {
      (blocks[name] ?? "").split(separator: "\n").dropFirst().map {
        $0.components(separatedBy: "  ").map { $0.trimmingCharacters(in: .whitespaces) }
          .filter { !$0.isEmpty }
      }
    }
  }

  @Test(arguments: [
    Clause.Kind.availabilityGuarantee, .bonusMalus, .scorecard, .holdback, .atRiskCap,
  ])
  func theExampleHolds(kind: Clause.Kind) throws {
    let chapter = try Chapter(kind)
    let lines = chapter.rows("lines")
    let (first, last) = (try #require(lines.first), try #require(lines.last))
    let clauses = try #require(chapter.blocks["yaml"])
    #expect(clauses.contains("kind: \(kind.rawValue)"))
    var contract = try RatedContract(clauses, from: first[0])
    for row in chapter.rows("usage") { try contract.show(row[1], row[2], in: row[0]) }
    for row in chapter.rows("states") {
      let (start, end) = (
        try #require(Instant(row[2] + ":00:00Z")), try #require(Instant(row[3] + ":00:00Z"))
      )
      try contract.say(
        [StateInterval(Period(start: start, end: end), try Self.meaning(row[1]))], of: row[0])
    }
    let rated = try contract.months(through: last[0]).flatMap { month in
      month.lines.map { line in
        ["\(month.month)", line.key, line.amount.fixed.grouped] + line.flags.map(\.rawValue)
      }
    }
    #expect(rated == lines)
  }

  /// `down`, or `degraded 0.3` with the share that is lost.
  private static func meaning(_ text: String) throws -> StateClass {
    let words = text.split(separator: " ").map(String.init)
    if words.count == 2 { return try StateClass(degradedBy: Fixed(words[1]).ratio) }
    return StateClass(try #require(StateClass.Kind(rawValue: words[0])))
  }
}
