import Foundation
import Testing

/// The chapters on clauses say what a clause comes to, and it does.
@Suite("Worked examples of the documentation")
struct ChapterTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Documentation/Clauses")

  static let chapters = [
    "coCreationCredit", "gainShare", "minimumUtilisation", "missing-usage", "severityHours",
  ]

  @Test("The lines of a chapter are those that are rated", arguments: chapters)
  func lines(chapter: String) throws {
    let file = Self.folder.appending(path: "\(chapter).md")
    let example = try Chapter(try String(contentsOf: file, encoding: .utf8))
    #expect(!example.expected.isEmpty)
    #expect(try example.lines() == example.expected)
  }
}
