import Base
import Contracts
import Testing

/// The tables of the chapters: every cycle, and what begins, ends or changes inside a period. Their
/// figures are found by hand, with the reason beside them.
@Suite("Tables of the periods")
struct PeriodTableTests {
  static let kinds = ClauseKinds.names

  @Test("Every kind has its table: every cycle, and all that may happen inside", arguments: kinds)
  func isWhole(kind: String) throws {
    let table = try PeriodTable(ChapterText(about: kind), about: kind)
    let cycles = table.cycles.map { $0.first?.every }
    #expect(cycles == ["week", "month", "quarter", "halfYear", "year"])
    for row in table.cycles {
      #expect(row.count == PeriodTable.Column.allCases.count)
      for cell in row { #expect(!cell.comesTo.isEmpty, "\(kind): \(cell)") }
    }
  }

  @Test("Every cell comes to what it says", arguments: kinds)
  func cells(kind: String) throws {
    let table = try PeriodTable(ChapterText(about: kind), about: kind)
    for cell in table.cycles.flatMap(\.self) {
      let found = try table.outcome(cell)
      #expect(found == cell.comesTo, "\(kind): \(cell)")
    }
  }

  @Test("Every row of what else there is comes to what it says", arguments: kinds)
  func rows(kind: String) throws {
    let table = try PeriodTable(ChapterText(about: kind), about: kind)
    #expect(!table.rows.isEmpty)
    for row in table.rows {
      let found = try table.outcome(row)
      #expect(found == row.comesTo, "\(kind): \(row)")
    }
  }
}
