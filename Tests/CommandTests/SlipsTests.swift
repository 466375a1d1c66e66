import Foundation
import TestSupport
import Testing

/// Every slip of the table in Documentation/ExitCodes.md, made with the real program: its status
/// and its sentence, word by word, and at once.
@Suite struct SlipsTests {
  /// A row of the table.
  private struct Row {
    let slip: String
    let status: Int32
    let sentence: String
  }

  private static let rows: [Row] = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = root.appending(path: "Documentation/ExitCodes.md")
    let text = (try? String(contentsOf: page, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 3, let status = Int32(cells[1]) else { return nil }
      return Row(slip: cells[0], status: status, sentence: cells[2])
    }
  }()

  @Test("the page lists every slip that is made here, and no other")
  func listed() {
    #expect(Self.rows.map(\.slip).sorted() == Slips.all.map(\.name).sorted())
  }

  @Test("each slip ends at once, with its status and its sentence")
  func made() throws {
    let slips = try Slips()
    for row in Self.rows {
      let slip = try #require(Slips.all.first { $0.name == row.slip }, "\(row.slip)")
      let made = try slip.make(slips)
      let sentence = made.meaning.reduce(row.sentence) {
        $0.replacingOccurrences(of: $1.key, with: $1.value)
      }
      let said = made.command.errors.split(separator: "\n").last { !$0.hasPrefix("20") } ?? ""
      // The parser of the command line adds how it is used.
      let isUsage = row.status == 64
      let expected = isUsage ? "Error: \(sentence)" : "usance: \(sentence)"
      let actual = isUsage ? made.command.errors.split(separator: "\n").first ?? "" : said
      #expect(String(actual) == expected, "\(row.slip)")
      #expect(made.command.status == row.status, "\(row.slip): \(made.command.errors)")
      #expect(made.command.text == "", "\(row.slip)")
      print("\(row.status) in \(made.command.duration): \(row.slip)")
    }
  }

  @Test("a refused connection is said within a second, whoever asks")
  func atOnce() throws {
    let slips = try Slips()
    for slip in Slips.all where slip.name.hasSuffix("refused connection") {
      // The best of three: the machine may be busy.
      let durations = try (0..<3).map { _ in try slip.make(slips).command.duration }
      #expect(durations.min()! < .seconds(1), "\(slip.name)")
    }
  }
}
