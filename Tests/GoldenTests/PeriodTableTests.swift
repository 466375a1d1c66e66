import Base
import Contracts
import Testing

/// The tables of the chapters: every cycle, and what begins, ends or changes inside a period. Their
/// figures are found by hand, with the reason beside them.
@Suite("Tables of the periods")
struct PeriodTableTests {
  static let chapters: [String] =
    (try? ChapterText.all())?.filter {
      (try? ChapterText(about: $0).block("periods").isEmpty) == false
    } ?? []

  @Test("Every row comes to what it says", arguments: chapters)
  func rows(kind: String) throws {
    let table = try PeriodTable(ChapterText(about: kind))
    #expect(Set(table.rows.map(\.every)).isSuperset(of: ["month", "quarter", "halfYear", "year"]))
    for row in table.rows { #expect(try table.outcome(row) == row.comesTo, "\(kind): \(row)") }
  }

  @Test("Clauses that live by time have one")
  func all() {
    let kinds = [
      "flatFee", "recurringFee", "usageCharge", "percentage", "matrix", "timeOfDay",
      "severityHours", "minimumCommitment", "maximumSpend", "gainShare", "coCreationCredit",
      "minimumUtilisation",
    ]
    #expect(Set(Self.chapters).isSuperset(of: kinds))
  }
}
