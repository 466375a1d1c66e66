import Base
import Contracts
import Metering
import Testing
import YAML

/// The chapters on clauses say what a clause comes to, and it does. What a chapter calls usage is
/// read in one of three ways: what a meter showed on a day, in a month, or event by event.
@Suite("Worked examples of the documentation")
struct ChapterTests {
  static let readByDay = [
    "coCreationCredit", "gainShare", "minimumUtilisation", "missing-usage", "severityHours",
  ]
  static let readByMonth = [
    "atRiskCap", "availabilityGuarantee", "bonusMalus", "holdback", "scorecard",
  ]
  static let readByEvent = [
    "discount", "flatFee", "matrix", "maximumSpend", "minimumCommitment", "percentage",
    "prepaidCredit", "recurringFee", "timeOfDay", "usageCharge",
  ]
  /// Its example is a table of outcomes.
  private static let elsewhere = ["confirmedOutcome"]

  @Test("Every chapter is worked out, and there is one about every kind of clause")
  func everyChapter() throws {
    let all = Self.readByDay + Self.readByMonth + Self.readByEvent + Self.elsewhere
    #expect(try ChapterText.all() == all.sorted())
    #expect(Set(all).isSuperset(of: ClauseKinds.names))
    for kind in ClauseKinds.names {
      let example = try ChapterText(about: kind).block("yaml").joined(separator: "\n")
      #expect(example.contains("kind: \(kind)"), "\(kind)")
    }
  }

  @Test("The lines of a chapter are those that are rated, day by day", arguments: readByDay)
  func days(kind: String) throws {
    let example = try Chapter(ChapterText(about: kind))
    #expect(!example.expected.isEmpty)
    #expect(try example.lines() == example.expected)
  }

  /// Of `usage` month, meter and value; of `states` asset, class, from and until. A class may be
  /// `degraded 0.3`, with the share that is lost.
  @Test("The lines of a chapter are those that are rated, month by month", arguments: readByMonth)
  func months(kind: String) throws {
    let chapter = try ChapterText(about: kind)
    let lines = chapter.rows("lines")
    let (first, last) = (try #require(lines.first), try #require(lines.last))
    var contract = try RatedContract(
      chapter.block("yaml").joined(separator: "\n"), from: first[0])
    for row in chapter.rows("usage") { try contract.show(row[1], row[2], in: row[0]) }
    for row in chapter.rows("states") {
      let ends = try row.suffix(2).map { try #require(Instant($0 + ":00:00Z")) }
      let meaning =
        row.count == 5
        ? try StateClass(degradedBy: Fixed(row[2]).ratio)
        : StateClass(try #require(StateClass.Kind(rawValue: row[1])))
      try contract.say(
        [StateInterval(Period(start: ends[0], end: ends[1]), meaning)], of: row[0])
    }
    #expect(ChapterText.rows(of: try contract.months(through: last[0])) == lines)
  }

  /// Of `usage` when, meter, value and group; the meters stand beside the clauses.
  @Test("The lines of a chapter are those that are rated, event by event", arguments: readByEvent)
  func events(kind: String) throws {
    let chapter = try ChapterText(about: kind)
    let agreed = try YAMLDocument(chapter.block("yaml").joined(separator: "\n")).json
    let desk = try SmallDesk(
      meters: agreed["meters"] ?? .object([]), clauses: try #require(agreed["clauses"]),
      currency: "EUR", from: agreed["from"]?.stringValue ?? "2026-04-01",
      until: agreed["until"]?.stringValue)
    let events = try chapter.rows("usage").map { row in
      try SmallDesk.Event(row[1], at: row[0], row[2], group: row.count > 3 ? row[3] : "")
    }
    let lines = chapter.rows("lines")
    let last = try #require(try lines.map { try BillingMonth($0[0]) }.max())
    #expect(ChapterText.rows(of: try desk.months(to: last, events)) == lines)
  }
}
