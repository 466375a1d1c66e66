import Base
import Contracts
import Testing

/// Which periods a contract has to bill on a day, whatever its cycle.
struct BillingCalendarTests {
  private static func contract(
    from: String, until: String? = nil, _ billing: JSON? = nil
  ) throws -> Contract {
    try Contract(
      Node(
        .object([
          "customer": "acme", "currency": "EUR", "zone": "UTC", "from": .string(from),
          "until": until.map(JSON.string), "billing": billing, "clauses": [],
        ])), key: ContractKey("agreed"))
  }

  private static let quarters: JSON = ["every": "quarter"]
  private static let fromThe15th: JSON = ["every": "month", "anchorDay": 15]
  private static let years: JSON = ["every": "year", "anchorMonth": 7]

  @Test(
    "Periods that are over on a day, and the month that settles what comes behind the end",
    .timeLimit(.minutes(1)),
    arguments: [
      // from, until, cycle, day: periods; month behind the end
      ("2013-01-01", nil, nil, "2013-01-31", "", nil),
      ("2013-01-01", nil, nil, "2013-02-01", "2013-01", nil),
      ("2013-01-20", nil, nil, "2013-03-31", "2013-01 2013-02", nil),
      ("2013-02-20", nil, quarters, "2013-03-31", "", nil),
      ("2013-02-20", nil, quarters, "2013-07-01", "2013-01 2013-04", nil),
      ("2013-01-14", nil, fromThe15th, "2013-02-15", "2012-12 2013-01", nil),
      ("2012-08-01", nil, years, "2013-07-01", "2012-07", nil),
      // The last period is over with the contract.
      ("2013-01-01", "2013-02-10", nil, "2013-02-10", "2013-01 2013-02", nil),
      ("2013-01-01", "2013-02-10", nil, "2013-04-01", "2013-01 2013-02", "2013-03"),
      ("2013-01-01", "2013-02-01", nil, "2013-02-28", "2013-01", nil),
      ("2013-01-01", "2013-02-01", nil, "2013-03-01", "2013-01", "2013-02"),
      ("2013-01-01", "2013-02-10", fromThe15th, "2013-03-15", "2012-12 2013-01", "2013-02"),
      // Before the first month of the calendar there is none, nor one behind the last.
      ("0001-01-01", "0001-01-10", ["every": "month", "anchorDay": 31], "0001-01-01", "", nil),
      ("0001-01-01", nil, nil, "0001-01-31", "", nil),
      ("2013-01-01", nil, nil, "0001-01-01", "", nil),
      ("9999-12-01", nil, nil, "9999-12-31", "", nil),
      // Behind its end a year is settled by the month.
      ("2012-07-01", "2013-02-10", years, "2013-04-02", "2012-07", "2013-03"),
    ] as [(String, String?, JSON?, String, String, String?)])
  func due(
    from: String, until: String?, cycle: JSON?, day: String, periods: String, afterEnd: String?
  ) throws {
    let contract = try Self.contract(from: from, until: until, cycle)
    let date = try Node.date(Node(.string(day)))
    #expect(contract.periods(overOn: date).map(\.description).joined(separator: " ") == periods)
    #expect(contract.lastMonthBehindEnd(overOn: date)?.description == afterEnd)
  }

  /// A month is either billed or lies behind the end, never both.
  @Test func noMonthHasTwoDocuments() throws {
    let contract = try Self.contract(from: "2013-01-01", until: "2013-02-10", Self.fromThe15th)
    let months = ["2012-11", "2012-12", "2013-01", "2013-02"].map { try! BillingMonth($0) }
    #expect(months.map(contract.isBilled(in:)) == [false, true, true, false])
    #expect(months.map(contract.isOver(before:)) == [false, false, false, true])
  }

  /// A version that takes effect on the last day there is, and a month after which none comes.
  @Test(.timeLimit(.minutes(1))) func theLastMonthOfTheCalendarIsTheLast() throws {
    let first = try Self.contract(from: "9999-01-01")
    let last = try Contract(
      Node([
        "customer": "acme", "currency": "EUR", "zone": "UTC", "from": "9999-01-01",
        "effective": "9999-12-31", "clauses": [],
      ]), key: ContractKey("agreed"))
    var history = ContractHistory(first)
    history.append(last)
    for month in ["9999-01", "9999-11", "9999-12"] {
      #expect(history.lastWord(on: "none", of: try BillingMonth(month)) == nil)
    }
  }

  @Test("no period is left out, however long a contract runs", .timeLimit(.minutes(1)))
  func allPeriodsOfALongContract() throws {
    let century = try Self.contract(from: "1900-01-01")
    let months = century.periods(overOn: CivilDate(year: 2026, month: 11, day: 1)!)
    #expect(months.count == 126 * 12 + 10)
    #expect(months.last?.description == "2026-10")
    let all = try Self.contract(from: "0001-01-01")
    #expect(all.periods(overOn: CivilDate(year: 9999, month: 12, day: 31)!).count == 9999 * 12 - 1)
    let ended = try Self.contract(from: "9998-01-15", until: "9998-02-01", Self.fromThe15th)
    let last = CivilDate(year: 9999, month: 12, day: 31)!
    #expect(ended.periods(overOn: last).map(\.description) == ["9998-01"])
  }
}
