package import Base

/// Clauses of every kind with terms that somebody might agree on, over a few meters: what must hold
/// of any contract is tried on them.
package struct RandomClauses {
  /// Keys of meters by what they count.
  package struct Meters: Sendable {
    /// Running time.
    package var hours: String
    package var count: String
    /// A sum that may be negative.
    package var sum: String
    /// Time in states.
    package var states: String
    /// A sum by groups.
    package var groups: String
    /// Events about outcomes.
    package var outcomes: String

    package init(
      hours: String, count: String, sum: String, states: String, groups: String, outcomes: String
    ) {
      self.hours = hours
      self.count = count
      self.sum = sum
      self.states = states
      self.groups = groups
      self.outcomes = outcomes
    }
  }

  private let meters: Meters
  /// From the start of a contract, of which some terms depend.
  private let year: Int

  package init(_ meters: Meters, year: Int) {
    self.meters = meters
    self.year = year
  }

  /// One to six clauses of usage, and often some that rest on them, each with a key of its own.
  package func list(_ random: inout SeededRandom) -> [JSON] {
    var kinds = (0..<random.number(1...6)).map { _ in usage(&random) }
    let found = random.chance(50)
    if found { kinds.append(availability(&random)) }
    if random.chance(60) { kinds += (0..<3).map { _ in promise(&random) } }
    var list = kinds.enumerated().map { number, members -> JSON in
      let perAsset = random.chance(25)
      return .object(
        [.init("key", .string("c\(number)"))] + (perAsset ? [.init("perAsset", true)] : [])
          + members.compactMap(\.self))
    }
    if found { list += scored(kinds.firstIndex { $0.first == Self.guarantee }!, &random) }
    return list
  }

  private static let usageKinds: Set<JSON> = [
    "severityHours", "flatFee", "recurringFee", "matrix", "timeOfDay", "percentage", "usageCharge",
    "confirmedOutcome",
  ]

  /// The same contract later on: some clauses of usage have other terms, the others stay.
  package func changed(_ list: [JSON], _ random: inout SeededRandom) -> [JSON] {
    list.map { clause in
      guard let kind = clause["kind"], Self.usageKinds.contains(kind), let key = clause["key"],
        random.chance(50)
      else { return clause }
      // What was claimed before is judged as it was agreed then.
      let terms = kind == "confirmedOutcome" ? confirmedOutcome(&random) : usage(&random)
      return .object([.init("key", key)] + terms.compactMap(\.self))
    }
  }

  private func usage(_ random: inout SeededRandom) -> [JSON.Member?] {
    switch random.number(0...10) {
    case 0, 1: severityHours(&random)
    case 2: flatFee(&random)
    case 3: recurringFee(&random)
    case 4: matrix(&random)
    case 5: timeOfDay(&random)
    case 6: percentage(&random)
    case 7, 8: confirmedOutcome(&random)
    default: usageCharge(&random)
    }
  }

  /// A clause that rests on the lines of others.
  private func promise(_ random: inout SeededRandom) -> [JSON.Member?] {
    switch random.number(0...6) {
    case 0:
      [
        .init("kind", "minimumUtilisation"), .init("hours", .string(meters.hours)),
        .init("minimum", decimal(0...9_000, 1, &random)),
        .init("rate", decimal(1...99_999, 2, &random)),
        .init("counting", .string(random.pick(["asset", "pool", "contract"]))),
        maybe("bank", true, &random),
      ]
    case 1:
      [
        .init("kind", "gainShare"), .init("actual", .string(meters.hours)),
        .init("price", "0.14"), .init("share", "0.40"), maybe("cap", "0.03", &random),
        maybe("deductible", "0.02", &random),
        .init("baseline", ["perDay": decimal(0...9_999, 1, &random)]),
      ]
    case 2:
      [
        .init("kind", "coCreationCredit"), maybe("capPercent", "6", &random),
        .init(
          "activities",
          [
            [
              "key": "work", "name": "Work",
              "perUnit": ["meter": .string(meters.count), "rate": "9.50", "cap": 3],
            ]
          ]),
      ]
    case 3: [.init("kind", "minimumCommitment"), .init("amount", decimal(0...99_999, 2, &random))]
    case 4: [.init("kind", "maximumSpend"), .init("amount", decimal(0...99_999, 2, &random))]
    case 5:
      [
        .init("kind", "discount"),
        .init("coupons", [["name": "spring", "percent": decimal(1...1000, 1, &random)]]),
      ]
    default:
      [
        .init("kind", "prepaidCredit"),
        .init(
          "grants",
          [
            [
              "name": "start", "amount": decimal(0...99_999, 2, &random),
              "from": .string("\(year)-01"),
            ]
          ]),
      ]
    }
  }

  private static let guarantee = JSON.Member("kind", "availabilityGuarantee")

  private func availability(_ random: inout SeededRandom) -> [JSON.Member?] {
    [
      Self.guarantee, .init("meter", .string(meters.states)),
      .init(
        "bands", [["atLeast": 90, "percent": 0], ["atLeast": 50, "percent": 10], ["percent": 25]]),
      .init("coverageMin", decimal(0...20, 1, &random)),
      maybe("unknown", .string(random.pick(["up", "down", "exclude"])), &random),
      maybe("minimumOutageSeconds", 300, &random), maybe("rectificationSeconds", 3600, &random),
      maybe("repeats", ["1.0", "1.5"], &random),
    ]
  }

  /// What rests on the availability that the clause at that place found.
  private func scored(_ place: Int, _ random: inout SeededRandom) -> [JSON] {
    let found = JSON.string("c\(place)")
    return [
      [
        "key": "points", "kind": "bonusMalus", "of": found, "target": "80", "deadband": "0.5",
        "bonus": ["slope": "0.3", "percentMax": 3], "malus": ["slope": "0.4", "percentMax": 6],
      ],
      [
        "key": "card", "kind": "scorecard", "span": .string(random.pick(["month", "quarter"])),
        "kpis": [["name": "A", "weight": 1, "of": found, "threshold": 40, "target": 95]],
      ],
      ["key": "held", "kind": "holdback", "percent": "8", "scorecard": "card"],
      ["key": "cap", "kind": "atRiskCap", "percent": decimal(0...400, 1, &random)],
    ]
  }

  private func recurringFee(_ random: inout SeededRandom) -> [JSON.Member?] {
    [
      .init("kind", "recurringFee"), .init("amount", decimal(1...99_999, 2, &random)),
      .init("every", .string(random.pick(["month", "quarter", "year", "week"]))),
      maybe("due", .string(random.pick(["advance", "arrears"])), &random),
      maybe("proration", .string(random.pick(["none", "day", "second"])), &random),
    ]
  }

  private func matrix(_ random: inout SeededRandom) -> [JSON.Member?] {
    [
      .init("kind", "matrix"), .init("meter", .string(meters.groups)),
      .init("prices", [["group": ["a"], "price": price(&random)]]),
      .init("otherwise", price(&random)),
    ]
  }

  private func timeOfDay(_ random: inout SeededRandom) -> [JSON.Member?] {
    [
      .init("kind", "timeOfDay"), .init("meter", .string(meters.hours)),
      .init(
        "bands",
        [
          [
            "name": "day",
            "times": [["days": ["monday", "sunday"], "from": "01:30", "until": "22:00"]],
            "price": ["model": "perUnit", "rate": decimal(0...99_999, 4, &random)],
          ]
        ]), .init("otherwise", ["model": "perUnit", "rate": decimal(0...99_999, 4, &random)]),
    ]
  }

  private func percentage(_ random: inout SeededRandom) -> [JSON.Member?] {
    [
      .init("kind", "percentage"), .init("meter", .string(meters.sum)),
      .init("rate", decimal(0...1000, 2, &random)), maybe("fixed", "0.25", &random),
      maybe("freeEvents", 2, &random), maybe("minimumPerEvent", "0.10", &random),
      maybe("maximumPerEvent", "9.00", &random),
    ]
  }

  private func confirmedOutcome(_ random: inout SeededRandom) -> [JSON.Member?] {
    let once = JSON.object([
      "field": random.chance(50) ? "tag" : nil, "hours": .integer(random.number(1...2_000)),
    ])
    return [
      .init("kind", "confirmedOutcome"), .init("meter", .string(meters.outcomes)),
      .init(
        "prices",
        [
          [
            "upTo": .integer(random.number(1...4)), "confirmed": decimal(0...9_999, 4, &random),
            "assumed": decimal(0...9_999, 4, &random),
          ],
          [
            "confirmed": decimal(0...9_999, 4, &random),
            "assumed": decimal(0...9_999, 4, &random),
          ],
        ]),
      .init("confirmWithinHours", .integer(random.pick([0, 24, 500, 5_000]))),
      .init("reverseWithinHours", .integer(random.pick([0, 5_000, 50_000]))),
      maybe("once", once, &random), maybe("countedOver", "contractYear", &random),
      maybe("outcomesMax", .integer(random.number(0...5)), &random),
      maybe("amountMax", decimal(0...20_000, 4, &random), &random),
      maybe("share", random.pick(["bot", "desk"]), &random),
    ]
  }

  private func severityHours(_ random: inout SeededRandom) -> [JSON.Member?] {
    let legTable = maybe("legTable", table(&random), &random)
    let window = JSON.object([
      "trailingMonths": .integer(random.number(1...9)),
      "every": .string(random.pick(["month", "quarter", "halfYear", "year"])),
    ])
    return [
      .init("kind", "severityHours"), .init("hours", .string(meters.hours)),
      .init("cycles", .string(meters.count)), .init("rate", decimal(1...99_999, 2, &random)),
      .init("cycleRate", decimal(0...9_999, 2, &random)),
      maybe("index", index(&random), &random), legTable,
      legTable == nil ? nil : maybe("ratioWindow", window, &random),
      maybe("severityMin", decimal(500...999, 3, &random), &random),
      maybe("severityMax", decimal(1000...1500, 3, &random), &random),
    ]
  }

  private func index(_ random: inout SeededRandom) -> JSON {
    guard random.chance(50) else { return ["factor": decimal(800_000...1_300_000, 6, &random)] }
    let years = (0..<2).map { later -> JSON in
      let day = random.number(1...28)
      return [
        "from": .string("\(year + later)-0\(random.number(1...9))-\(day < 10 ? "0" : "")\(day)"),
        "averages": [decimal(9_000...14_000, 2, &random)],
      ]
    }
    return [
      "escalation": [
        "fixedShare": "0.10",
        "components": [
          ["name": "labour", "weight": "0.90", "base": decimal(9000...12_000, 2, &random)]
        ],
        "cap": "0.04", "floor": "0", "catchUp": .bool(random.chance(50)), "years": .array(years),
      ]
    ]
  }

  private func table(_ random: inout SeededRandom) -> JSON {
    .array(
      (1...random.number(1...4)).map { place in
        ["at": .integer(place), "factor": decimal(700...1400, 3, &random)]
      })
  }

  private func flatFee(_ random: inout SeededRandom) -> [JSON.Member?] {
    [
      .init("kind", "flatFee"), .init("amount", decimal(-9_999...99_999, 2, &random)),
      .init("prorated", .bool(random.chance(70))),
    ]
  }

  private func usageCharge(_ random: inout SeededRandom) -> [JSON.Member?] {
    let meter = random.pick([meters.hours, meters.count, meters.sum])
    return [
      .init("kind", "usageCharge"), .init("meter", .string(meter)),
      .init("price", price(&random)), maybe("free", decimal(0...100, 0, &random), &random),
      maybe("discountPercent", decimal(0...1000, 1, &random), &random),
      maybe("discountAmount", decimal(0...10_000, 2, &random), &random),
      maybe("minimum", decimal(0...5_000, 2, &random), &random),
      maybe("maximum", decimal(5_000...500_000, 2, &random), &random),
    ]
  }

  private func price(_ random: inout SeededRandom) -> JSON {
    switch random.number(0...3) {
    case 0: return ["model": "perUnit", "rate": decimal(0...99_999, 4, &random)]
    case 1:
      return [
        "model": "package", "amount": decimal(1...9_999, 2, &random),
        "units": decimal(1...50, 0, &random), "begun": .string(random.pick(["charged", "free"])),
      ]
    default:
      let steps = (0..<random.number(1...3)).map { ($0 + 1) * random.number(5...10) * ($0 + 1) }
      let tiers = steps.map { end -> JSON in
        .object([
          random.chance(50) ? "upTo" : "below": .integer(end),
          "rate": decimal(0...999, 2, &random),
          "flat": random.chance(50) ? decimal(0...999, 2, &random) : nil,
        ])
      }
      let rest: JSON = ["rate": decimal(0...999, 2, &random)]
      return [
        "model": .string(random.pick(["graduated", "volume"])), "tiers": .array(tiers + [rest]),
      ]
    }
  }

  private func maybe(
    _ name: String, _ value: JSON, _ random: inout SeededRandom
  ) -> JSON.Member? {
    random.chance(40) ? .init(name, value) : nil
  }

  private func decimal(
    _ units: ClosedRange<Int>, _ places: Int, _ random: inout SeededRandom
  ) -> JSON {
    .decimal(Fixed(units: Int128(random.number(units)), places: places))
  }
}
