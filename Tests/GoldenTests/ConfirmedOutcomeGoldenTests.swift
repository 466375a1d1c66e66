import Base
import Contracts
import Metering
import Rating
import Testing
import YAML

/// Domain rule G6, outcomes, to the cent: the example of the chapter.
struct ConfirmedOutcomeGoldenTests {
  @Test func theChapterSaysWhatIsBilled() throws {
    let chapter = try ChapterText(about: "confirmedOutcome")
    let expected = chapter.table("month", "line", "amount")
    let lines = try ["2026-05", "2026-06"].flatMap { month in
      try Self.lines(chapter, month).map { [month, $0.key, $0.amount.description] }
    }
    #expect(lines == expected)
  }

  @Test func mayAndJune() throws {
    let chapter = try ChapterText(about: "confirmedOutcome")
    let text = try ["2026-05", "2026-06"].map { month in
      let lines = try Self.lines(chapter, month)
      return ([month] + lines.map { lineText($0) + "\n" + $0.derivation.sentence })
        .joined(separator: "\n\n")
    }.joined(separator: "\n\n")
    #expect(
      text == """
        2026-05

        Outcomes confirmed or assumed: 1080 outcomes, 993.20 USD
          693     outcomes * price
                  outcomes = 700, price = 0.99
          300.2   outcomes * price
                  outcomes = 380, price = 0.79
          993.20  amount = round(sum)
                  sum = 993.2
        waterfall
          confirmed at 0.99  693.00
          assumed at 0.79    300.20
          line               993.20
        700 confirmed and 380 assumed outcomes make 993.20 USD; beside them 60 pending, 60 rejected.

        2026-06

        Outcomes confirmed or assumed: 53 outcomes, 44.27 USD
          11.88  outcomes * price
                 outcomes = 12, price = 0.99
          32.39  outcomes * price
                 outcomes = 41, price = 0.79
          44.27  amount = round(sum)
                 sum = 44.27
        waterfall
          confirmed at 0.99  11.88
          assumed at 0.79    32.39
          line               44.27
        12 confirmed and 41 assumed outcomes make 44.27 USD; beside them 7 rejected.

        Clawback of reversed outcomes: -22 outcomes, -20.38 USD
          14.85   outcomes * price
                  outcomes = 15, price = 0.99, billed in = 2026-05
          5.53    outcomes * price
                  outcomes = 7, price = 0.79, billed in = 2026-05
          -20.38  amount = round(-sum)
                  sum = 20.38
        waterfall
          confirmed at 0.99 in 2026-05  -14.85
          assumed at 0.79 in 2026-05     -5.53
          line                          -20.38
        15 confirmed and 7 assumed outcomes were reversed: what was billed for them comes back, \
        -20.38 USD.
        """)
  }

  private static func clause(_ chapter: ChapterText) throws -> Clause {
    let contract: JSON = [
      "customer": "acme", "currency": "USD", "zone": "UTC", "from": "2026-01-01",
      "clauses": [try YAMLDocument(chapter.block("yaml").joined(separator: "\n")).json],
    ]
    return try Contract(Node(contract), key: ContractKey("chapter")).clauses[0]
  }

  private static func lines(_ chapter: ChapterText, _ month: String) throws -> [RatedLine] {
    let clause = try clause(chapter)
    let start = ZoneRules.utc.startOfDay(try #require(CivilDate(year: 2026, month: 1, day: 1)))
    let windows = RatingWindows(
      try BillingMonth(month), term: Period(start: start, end: .latest), zone: .utc)
    let scope = ClauseScope(clause.key, in: try Currency("USD"), windows)
    let rule = clause.terms.rule
    let facts = try facts(chapter)
    var tables: [EventRequest: [EventFact]] = [:]
    for request in rule.eventRequests(scope) {
      tables[request] = facts.filter { request.period.contains($0.reference.occurred) }
    }
    let inputs = RatingInputs(
      RatedMonth(windows.billingMonth, windows.period, in: scope.currency),
      usage: UsageTable([UsageRequest: UsageResult]()), events: EventTable(tables))
    return try rule.rate(scope, inputs).lines
  }

  /// The events of the chapter's table: each outcome its claim, and what was said then.
  private static func facts(_ chapter: ChapterText) throws -> [EventFact] {
    var facts: [EventFact] = []
    var number = 0
    for row in chapter.table("outcomes", "claimed", "then") {
      let said = ["claim \(row[1])"] + row[2].split(separator: ", ").map(String.init)
      for _ in 0..<(try #require(Int(row[0]))) {
        number += 1
        for sentence in said {
          let words = sentence.split(separator: " ")
          let time = try #require(Instant("\(words[1])T08:00:00Z"))
          facts.append(
            EventFact(
              .init(source: "/bot", id: "\(facts.count)", occurred: time), type: "resolution",
              subject: "acme", value: try Fixed("1"),
              data: ["outcome": .string("o\(number)"), "transition": .string(String(words[0]))]))
        }
      }
    }
    return facts
  }
}
