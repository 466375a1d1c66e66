import Base
import Contracts
import TestSupport

/// What two parties agreed on in one history: a contract with tiers, minimums, caps, outcomes and
/// clauses of any other kind, on an index, whose terms change while it runs.
struct SettledAgreement {
  static let zones = ["America/New_York", "UTC", "Australia/Lord_Howe", "Asia/Kathmandu"]

  /// In the order in which they take effect; the first one holds from the start.
  let versions: [(from: CivilDate, document: JSON)]
  /// The billing periods, by the months they are named after.
  let months: [BillingMonth]
  let billing: BillingCycle

  init(_ random: inout SeededRandom) {
    let isQuarterly = random.chance(20)
    billing = BillingCycle(isQuarterly ? .quarter : .month)
    let lastMonth = isQuarterly ? 6 : 4
    let last = CivilDate(year: 2013, month: lastMonth, day: 20)!
    let terms = Terms(
      zone: random.pick(Self.zones), isQuarterly: isQuarterly,
      from: CivilDate(year: 2013, month: 1, day: random.chance(30) ? 10 : 1)!,
      until: random.chance(40) ? last : nil, carriesNegative: random.chance(40))
    var clauses = Self.clauses(&random)
    var versions = [(terms.from, terms.contract(clauses, effective: terms.from))]
    let days = (0..<random.number(0...2)).map { _ in Self.day(from: terms.from, to: last, &random) }
    for day in Set(days).sorted() {
      clauses = Self.changed(clauses, &random)
      versions.append((day, terms.contract(clauses, effective: day)))
    }
    self.versions = versions
    let billing = billing
    months = (1...lastMonth).map { BillingMonth(year: 2013, month: $0)! }.filter {
      billing.begins(in: $0)
    }
  }

  /// The first day behind a billing period.
  func end(of month: BillingMonth) -> CivilDate { billing.firstDay(of: billing.next(after: month)) }

  private struct Terms {
    let zone: String
    let isQuarterly: Bool
    let from: CivilDate
    let until: CivilDate?
    let carriesNegative: Bool

    func contract(_ clauses: [JSON], effective: CivilDate) -> JSON {
      .object([
        "customer": "airline", "currency": "USD", "zone": .string(zone),
        "billing": isQuarterly ? ["every": "quarter", "anchorDay": 1] : nil,
        "from": .text(from), "until": until.map { .text($0) }, "effective": .text(effective),
        "invoicing": carriesNegative ? ["carryNegative": true] : nil, "clauses": .array(clauses),
      ])
    }
  }

  /// Somewhere behind the first day, often where a month begins.
  private static func day(
    from: CivilDate, to last: CivilDate, _ random: inout SeededRandom
  ) -> CivilDate {
    let day = CivilDate(
      daysSinceEpoch: random.number(from.daysSinceEpoch + 1...last.daysSinceEpoch - 1))
    guard random.chance(30), day.month > 1 else { return day }
    return CivilDate(year: day.year, month: day.month, day: 1)!
  }

  // MARK: Clauses

  private static let menu = RandomClauses(
    .init(
      hours: "time", count: "runs", sum: "bonus", states: "up", groups: "tagged",
      outcomes: "results"),
    year: 2013)

  private static func clauses(_ random: inout SeededRandom) -> [JSON] {
    let others = random.chance(60) ? menu.list(&random) : []
    return others + own.map { $0(&random) }
  }

  private static let own: [@Sendable (inout SeededRandom) -> JSON] = [
    tiers, results, indexed, sampled, least, most,
  ]

  /// Clauses that no other one rests on.
  private static let droppable: Set<JSON> = ["results", "least", "most"]

  /// Some have other terms, some are gone or come back.
  private static func changed(_ clauses: [JSON], _ random: inout SeededRandom) -> [JSON] {
    let new = own.map { $0(&random) }
    let keys = Set(new.map { $0["key"] })
    let others = menu.changed(clauses.filter { !keys.contains($0["key"]) }, &random)
    let kept = new.compactMap { clause -> JSON? in
      if let key = clause["key"], droppable.contains(key), random.chance(15) { return nil }
      let before = clauses.first { $0["key"] == clause["key"] }
      return random.chance(50) ? clause : before
    }
    return others + kept
  }

  private static func tiers(_ random: inout SeededRandom) -> JSON {
    [
      "key": "tiers", "kind": "usageCharge", "meter": "runs",
      "minimum": amount(0...1000, &random), "maximum": amount(1000...5000, &random),
      "price": [
        "model": .string(random.pick(["graduated", "volume"])),
        "tiers": [
          ["upTo": .integer(random.number(1...4)), "rate": amount(0...300, &random)],
          ["upTo": .integer(random.number(5...9)), "rate": amount(0...300, &random)],
          ["rate": amount(0...300, &random)],
        ],
      ],
    ]
  }

  private static func results(_ random: inout SeededRandom) -> JSON {
    .object([
      "key": "results", "kind": "confirmedOutcome", "meter": "results",
      "prices": [
        [
          "upTo": .integer(random.number(1...3)), "confirmed": amount(50...200, &random),
          "assumed": amount(50...200, &random),
        ],
        ["confirmed": amount(50...200, &random), "assumed": amount(50...200, &random)],
      ],
      "confirmWithinHours": .integer(random.pick([24, 168, 800])),
      "reverseWithinHours": .integer(random.pick([0, 168, 1440])),
      "once": random.chance(30) ? ["hours": 100] : nil,
      "countedOver": .string(random.pick(["month", "contractYear"])),
      "outcomesMax": random.chance(30) ? .integer(random.number(2...6)) : nil,
      "amountMax": random.chance(30) ? amount(100...600, &random) : nil,
    ])
  }

  /// Hours on a rate that follows an index of which some months come out late.
  private static func indexed(_ random: inout SeededRandom) -> JSON {
    let day = random.number(10...28)
    return [
      "key": "indexed", "kind": "severityHours", "hours": "time", "cycles": "runs",
      "rate": amount(1...20_000, &random), "cycleRate": amount(0...300, &random),
      "legTable": [["at": "1", "factor": "1.235"], ["at": "3", "factor": "0.922"]],
      "index": [
        "escalation": [
          "fixedShare": "0.10",
          "components": [
            ["name": "labour", "weight": "0.90", "base": "100.0", "series": "labour"]
          ],
          "window": [
            "months": .integer(random.number(1...2)), "lag": .integer(random.number(0...1)),
          ],
          "revisions": .string(random.pick(["first", "latest"])),
          "catchUp": .bool(random.chance(50)),
          "years": [
            ["from": .string("2013-01-\(day)")], ["from": .string("2013-03-\(day)")],
          ],
        ]
      ],
    ]
  }

  /// A meter that is more than a count or a sum, and may have seen nothing.
  private static func sampled(_ random: inout SeededRandom) -> JSON {
    [
      "key": "sampled", "kind": "usageCharge",
      "meter": .string(random.pick(SettledMeters.sampled)),
      "missing": .string(random.pick(["hold", "estimateMinimum", "estimateTrailingMean"])),
      "price": ["model": "perUnit", "rate": amount(1...3000, &random)],
    ]
  }

  private static func least(_ random: inout SeededRandom) -> JSON {
    guard random.chance(50) else {
      return [
        "key": "least", "kind": "minimumCommitment", "amount": amount(0...90_000, &random),
        "clauses": random.pick([["tiers"], ["tiers", "indexed", "sampled"]]),
      ]
    }
    return [
      "key": "least", "kind": "minimumUtilisation", "hours": "time",
      "minimum": amount(0...90_000, &random), "rate": amount(1...999, &random),
      "counting": .string(random.pick(["asset", "pool", "contract"])),
      "year": .string(random.pick(["calendar", "contract"])), "bank": .bool(random.chance(30)),
    ]
  }

  private static func most(_ random: inout SeededRandom) -> JSON {
    ["key": "most", "kind": "maximumSpend", "amount": amount(0...900_000, &random)]
  }

  private static func amount(_ cents: ClosedRange<Int>, _ random: inout SeededRandom) -> JSON {
    .decimal(Fixed(units: Int128(random.number(cents)), places: 2))
  }
}
