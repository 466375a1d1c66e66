package import Base

/// Catalogs that are sound, written in any of the ways a person may write them. The keys are
/// always the same, so that each replaces the one before.
package struct RandomCatalog {
  private var random: SeededRandom

  package init(seed: UInt64) { random = SeededRandom(seed: seed) }

  private static let customers = ["acme", "9E", "true", "1e3"]
  private static let series = ["labour", "2013"]
  private static let contracts = ["c-1", "c-2", "c:3"]
  private static let assets = ["N1", "N2", "0x7", "~"]
  private static let words = [
    "Acme", "Café \"Noir\"", "a: b # c", "- x", "null", "12.50", "line\nfeed", "Ünïcode 😀", "'",
    "\\",
  ]

  package mutating func next() -> JSON {
    let sections: [(String, [(String, JSON)])] = [
      ("customers", Self.customers.map { ($0, customer()) }),
      (
        "meters",
        [
          ("time", sum("s")), ("dust", sum("min")), ("derate", sum("s")),
          ("cycles", ["aggregation": "count", "eventTypes": [word()], "unit": "cycles"]),
          (
            "regions",
            [
              "aggregation": "count", "eventTypes": [word()], "unit": "calls",
              "groupBy": ["/region", "/class"],
            ]
          ),
          ("states", states()),
        ]
      ),
      ("indexSeries", Self.series.map { ($0, series()) }), ("taxes", [("vat", tax())]),
      ("calendars", [("at", ["holidays": ["2013-01-06", "2013-12-25"]])]),
      ("contracts", Self.contracts.map { ($0, contract($0)) }),
      ("assets", Self.assets.enumerated().map { ($1, asset($0)) }),
    ]
    let members = sections.map { name, documents in
      JSON.Member(
        name, .object(documents.map { .init($0.0, shuffled($0.1)) }.shuffled(using: &random)))
    }
    return .object(members.shuffled(using: &random))
  }

  private mutating func word() -> JSON { .string(random.pick(Self.words)) }

  private mutating func maybe(_ value: @autoclosure () -> JSON) -> JSON? {
    random.chance(50) ? value() : nil
  }

  /// As text or as a number, with or without zeros behind.
  private mutating func decimal(_ text: String) -> JSON {
    let longer = text.contains(".") && random.chance(50) ? text + "0" : text
    return random.chance(50) ? .string(longer) : .number(longer)
  }

  private mutating func sum(_ unit: JSON) -> JSON {
    let (places, flag) = (JSON.integer(random.number(0...9)), JSON.bool(random.chance(50)))
    return .object([
      "aggregation": "sum", "eventTypes": ["ran", word()], "unit": unit, "value": "/a~1b/c",
      "places": random.chance(50) ? places : nil, "allowsNegative": random.chance(50) ? flag : nil,
    ])
  }

  private mutating func series() -> JSON {
    var publications: [JSON] = []
    for month in 1...random.number(1...12) {
      for day in 1...random.number(1...2) {
        publications.append([
          "month": .string("2013-\(month < 10 ? "0" : "")\(month)"),
          "published": .string("2014-01-0\(day)"), "value": decimal("\(100 + month).\(day)"),
        ])
      }
    }
    let rebasing: JSON = ["from": "2013-06", "old": decimal("114.2"), "new": decimal("100.0")]
    return .object([
      "places": .integer(random.number(2...4)),
      "publications": .array(publications.shuffled(using: &random)),
      "rebasings": random.chance(50) ? [rebasing] : nil,
    ])
  }

  private mutating func tax() -> JSON {
    [
      "name": word(), "category": .string(random.pick(["S", "Z", "AE"])),
      "rates": [
        ["from": "2007-01-01", "rate": decimal("0.19")],
        ["from": "2020-07-01", "rate": decimal("0.16")],
      ],
    ]
  }

  private mutating func customer() -> JSON {
    let exemption: JSON = ["category": "AE", "reason": word()]
    return .object([
      "name": word(), "paymentDays": random.chance(50) ? 14 : nil,
      "taxExemption": random.chance(50) ? exemption : nil,
    ])
  }

  private mutating func invoicing() -> JSON {
    .object([
      "finaliseAfter": .integer(random.number(0...9)), "paymentDays": random.chance(50) ? 45 : nil,
      "correctMonths": random.chance(50) ? 24 : nil,
      "minimum": random.chance(50) ? decimal("100.0") : nil,
      "maximum": random.chance(50) ? decimal("90000.0") : nil,
    ])
  }

  /// Customer, currency, zone, periods and start stay: older versions may hold for a time before.
  private mutating func contract(_ key: String) -> JSON {
    let effective = JSON.string("2013-0\(random.number(1...9))-01")
    let (note, invoicing) = (word(), invoicing())
    return .object([
      "customer": "acme", "currency": "EUR", "zone": "Europe/Berlin", "from": "2013-01-01",
      "until": random.chance(50) ? "2015-01-01" : nil,
      "billing": key == "c-2" ? ["every": "quarter", "anchorDay": 31, "anchorMonth": 2] : nil,
      "effective": random.chance(50) ? effective : nil,
      // What is about the customer itself belongs to one contract at most.
      "customerEvents": key == "c-1" && random.chance(50) ? nil : false,
      "slots": ["engine 1", "engine 2", "yes"], "clauses": .array([clause()] + promises()),
      "value": random.chance(50) ? ["used": "time", "planned": "cycles"] : nil,
      "note": random.chance(50) ? note : nil,
      "taxes": random.chance(50) ? [["tax": "vat"]] : nil,
      "invoicing": random.chance(50) ? invoicing : nil,
    ])
  }

  private mutating func clause() -> JSON {
    if random.chance(40) { return conventionalClause() }
    return switch random.number(0...9) {
    case 0: ["key": word(), "kind": "flatFee", "amount": decimal("99.5"), "prorated": false]
    case 1, 2: usageCharge()
    case 6: gainShare()
    case 7: coCreationCredit()
    case 8: minimumUtilisation()
    case 9: confirmedOutcome()
    default: severityHours()
    }
  }

  /// None, or some that rest on each other: they are written in the order in which they are rated.
  private mutating func promises() -> [JSON] {
    guard random.chance(50) else { return [] }
    return [availability(), bonusMalus(), scorecard(), holdback(), cap()]
  }

  private mutating func availability() -> JSON {
    let hours: JSON = [
      ["days": ["monday", "sunday"], "from": "06:30", "until": "24:00"],
      ["days": ["tuesday"], "from": "00:00", "until": "09:05"],
    ]
    let isEnergy = random.chance(30)
    return .object([
      "key": "available", "kind": "availabilityGuarantee", "meter": isEnergy ? nil : "states",
      "energy": isEnergy ? ["actual": "time", "lost": "dust"] : nil,
      "serviceHours": random.chance(50) && !isEnergy ? hours : nil,
      "plannedQuotaSeconds": random.chance(50) && !isEnergy ? 28_800 : nil,
      "minimumOutageSeconds": random.chance(50) && !isEnergy ? 300 : nil,
      "rectificationSeconds": random.chance(50) && !isEnergy ? 3600 : nil,
      "unknown": random.chance(50) && !isEnergy ? "down" : nil,
      "bands": [
        ["atLeast": decimal("98.5"), "percent": 0], ["atLeast": 90, "percent": decimal("20.0")],
        ["percent": "35"],
      ],
      "coverageMin": random.chance(50) ? decimal("90.5") : nil,
      "repeats": random.chance(50) ? ["1.0", decimal("1.5"), 2] : nil,
    ])
  }

  private mutating func bonusMalus() -> JSON {
    let isOfMeter = random.chance(50)
    return .object([
      "key": "points", "kind": "bonusMalus", "of": isOfMeter ? nil : "available",
      "meter": isOfMeter ? "cycles" : nil, "target": decimal("98.0"),
      "deadband": random.chance(50) ? decimal("0.5") : nil,
      "better": random.chance(50) ? "lower" : nil,
      "bonus": random.chance(70) ? ["slope": decimal("1.2"), "percentMax": 3] : nil,
      "malus": ["slope": "1.8"], "penalisesAgain": random.chance(50) ? true : nil,
    ])
  }

  private mutating func scorecard() -> JSON {
    [
      "key": "card", "kind": "scorecard", "span": .string(random.pick(["quarter", "halfYear"])),
      "kpis": [
        [
          "name": word(), "weight": decimal("0.4"), "of": "available",
          "threshold": decimal("99.0"), "target": decimal("99.7"),
        ],
        ["name": "turns", "weight": 1, "meter": "cycles", "threshold": 75, "target": "50"],
      ],
      "coverageMin": decimal("60.0"),
    ]
  }

  private mutating func holdback() -> JSON {
    .object([
      "key": "held", "kind": "holdback", "percent": decimal("8.0"), "scorecard": "card",
      "floorScore": random.chance(50) ? 60 : nil,
    ])
  }

  private mutating func cap() -> JSON {
    .object([
      "key": "most", "kind": "atRiskCap", "percent": decimal("12.5"),
      "span": random.chance(50) ? "year" : nil, "capped": random.chance(50) ? ["held"] : nil,
    ])
  }

  private func states() -> JSON {
    [
      "aggregation": "stateTime", "eventTypes": ["state"], "unit": "h", "value": "/is",
      "heartbeatTimeoutSeconds": 600,
      "states": [["is": "on", "class": "up"], ["is": "off", "class": "down"]],
    ]
  }

  private mutating func tiers() -> JSON {
    [
      ["upTo": decimal("10"), "rate": decimal("1.5"), "flat": "2"],
      ["below": 20, "rate": "1", "block": decimal("2.5"), "cap": "9"], ["rate": decimal("0.5")],
    ]
  }

  private mutating func price() -> JSON {
    let prices: [JSON] = [
      ["model": "perUnit", "rate": decimal("-0.001")],
      ["model": "package", "amount": "15.00", "units": decimal("10"), "begun": "free"],
      ["model": "graduated", "tiers": tiers()],
      ["model": "volume", "tiers": tiers(), "flatAtZero": true],
    ]
    return random.pick(prices)
  }

  private mutating func usageCharge() -> JSON {
    let isAveraged = random.chance(20)
    return .object([
      "key": word(), "kind": "usageCharge", "meter": isAveraged ? "time" : "cycles",
      "price": price(), "averaged": isAveraged ? true : nil,
      "free": random.chance(50) ? "5" : nil, "discountPercent": random.chance(50) ? "12.5" : nil,
      "minimum": random.chance(50) ? "1" : nil, "maximum": random.chance(50) ? 100 : nil,
    ])
  }

  /// Percentages, prices by group and by time, fees, commitments, coupons and prepaid credit.
  private mutating func confirmedOutcome() -> JSON {
    let tiers: JSON = [
      ["upTo": 10, "confirmed": decimal("0.99"), "assumed": decimal("0.79")],
      ["confirmed": decimal("0.89"), "assumed": 0],
    ]
    let once: JSON = ["field": word(), "hours": 24]
    return .object([
      "key": word(), "kind": "confirmedOutcome", "meter": "cycles", "prices": tiers,
      "confirmWithinHours": .integer(random.number(0...720)), "reverseWithinHours": 720,
      "once": random.chance(50) ? once : nil,
      "countedOver": random.chance(50) ? "contractYear" : nil,
      "outcomesMax": random.chance(50) ? 1000 : nil, "amountMax": random.chance(50) ? "500" : nil,
      "share": random.chance(50) ? "bot" : nil,
    ])
  }

  private mutating func conventionalClause() -> JSON {
    switch random.number(0...7) {
    case 0: percentage()
    case 1: matrix()
    case 2: timeOfDay()
    case 3: recurringFee()
    case 4:
      .object([
        "key": word(), "kind": "minimumCommitment", "amount": decimal("1000.0"),
        "proration": random.chance(50) ? proration() : nil,
      ])
    case 5:
      .object([
        "key": word(), "kind": "maximumSpend", "amount": decimal("1000.0"),
        "proration": random.chance(50) ? proration() : nil,
      ])
    case 6:
      [
        "key": word(), "kind": "discount",
        "coupons": [
          ["name": "a", "percent": decimal("12.5")],
          ["name": "b", "amount": decimal("5.0"), "from": "2013-01", "until": "2014-01"],
        ],
      ]
    default:
      [
        "key": word(), "kind": "prepaidCredit",
        "grants": [
          ["name": "a", "amount": decimal("100.0"), "from": "2013-01", "bought": "2013-01"],
          ["name": "b", "amount": 50, "priority": 1, "from": "2013-02", "until": "2014-01"],
        ],
      ]
    }
  }

  private mutating func proration() -> JSON { .string(random.pick(["none", "day", "second"])) }

  private mutating func percentage() -> JSON {
    guard random.chance(50) else {
      return .object([
        "key": word(), "kind": "percentage", "meter": "cycles", "tiers": tiers(),
        "freeAmount": random.chance(50) ? decimal("100.0") : nil,
        "flatAtZero": random.chance(50) ? true : nil,
      ])
    }
    return .object([
      "key": word(), "kind": "percentage", "meter": "cycles", "rate": decimal("2.9"),
      "freeEvents": random.chance(50) ? 3 : nil, "fixed": random.chance(50) ? decimal("0.3") : nil,
      "minimumPerEvent": random.chance(50) ? decimal("1.5") : nil,
      "maximumPerEvent": random.chance(50) ? decimal("12.0") : nil,
    ])
  }

  private mutating func matrix() -> JSON {
    .object([
      "key": word(), "kind": "matrix", "meter": "regions",
      "prices": [
        ["group": ["eu", "gold"], "price": price()], ["group": ["12", "null"], "price": price()],
      ], "otherwise": random.chance(50) ? price() : nil,
    ])
  }

  private mutating func timeOfDay() -> JSON {
    let keeps = random.chance(50)
    return .object([
      "key": word(), "kind": "timeOfDay", "meter": "cycles",
      "bands": [
        [
          "name": word(), "price": price(),
          "times": [
            ["from": "22:00", "until": "24:00"],
            [
              "days": keeps ? ["sunday", "holiday"] : ["sunday"], "from": "00:00", "until": "08:30",
            ],
          ],
        ]
      ], "otherwise": price(), "holidays": keeps ? "at" : nil,
      "zone": random.chance(30) ? "Etc/GMT-1" : nil,
    ])
  }

  private mutating func recurringFee() -> JSON {
    let isYear = random.chance(50)
    return .object([
      "key": word(), "kind": "recurringFee", "amount": decimal("99.5"),
      "every": isYear ? "year" : "week", "due": random.chance(50) ? "advance" : nil,
      "day": random.chance(50) ? .integer(random.number(1...7)) : nil,
      "month": isYear && random.chance(50) ? 4 : nil,
      "proration": random.chance(50) ? proration() : nil,
    ])
  }

  private mutating func severityHours() -> JSON {
    let table: JSON = [
      ["at": decimal("1"), "factor": decimal("1.235")], ["at": 2, "factor": decimal("1.0")],
    ]
    let (hasTable, window) = (
      random.chance(50),
      JSON.object([
        "trailingMonths": .integer(random.number(1...36)),
        "every": .string(random.pick(["quarter", "halfYear", "year"])),
      ])
    )
    let index =
      random.chance(50)
      ? ["factor": decimal("1.04")] : JSON.object([.init("escalation", escalation())])
    return .object([
      "key": word(), "kind": "severityHours", "hours": "time", "cycles": "cycles",
      "rate": decimal("180.0"), "cycleRate": decimal("42.5"),
      "index": random.chance(70) ? index : nil, "legTable": hasTable ? table : nil,
      "derate": random.chance(50) ? ["meter": "derate", "table": table] : nil,
      "environment": random.chance(50) ? [["meter": "dust", "factor": decimal("1.12")]] : nil,
      "severityMin": random.chance(50) ? "0.80" : nil,
      "severityMax": random.chance(50) ? "1.25" : nil,
      "ratioWindow": hasTable && random.chance(50) ? window : nil,
    ])
  }

  private mutating func gainShare() -> JSON {
    let (dust, day) = (decimal("12.5"), decimal("-3"))
    return .object([
      "key": word(), "kind": "gainShare", "actual": "time", "price": decimal("0.14"),
      "share": decimal("0.4"), "cap": random.chance(50) ? "0.03" : nil,
      "missing": random.chance(50) ? "hold" : nil,
      random.chance(50) ? "deductible" : "threshold": "0.02",
      "baseline": .object([
        "perDay": decimal("300"),
        "drivers": random.chance(50) ? [["meter": "dust", "coefficient": dust]] : nil,
        "adjustments": random.chance(50)
          ? [["from": "2013-05-01", "perDay": day, "reason": word()]] : nil,
        "cvRMSE": "0.12", "cvRMSEMax": "0.25",
      ]), "coverageMin": random.chance(50) ? "0.9" : nil,
      "year": random.chance(50) ? "calendar" : nil,
    ])
  }

  private mutating func coCreationCredit() -> JSON {
    let (rate, percent) = (decimal("95.0"), decimal("0.5"))
    let isBanked = random.chance(50)
    return .object([
      "key": word(), "kind": "coCreationCredit",
      "activities": [
        .object([
          "key": "work", "name": word(),
          "perUnit": .object([
            "meter": "time", "rate": rate, "allowance": random.chance(50) ? "40" : nil,
            "cap": random.chance(50) ? 5 : nil, "pending": random.chance(50) ? "cycles" : nil,
          ]),
        ]),
        [
          "key": "data", "name": word(),
          "ofBase": ["percent": percent, "meter": "dust", "atLeast": 95],
        ],
      ], "capPercent": isBanked ? "6" : nil, "bankMonths": isBanked ? 12 : nil,
      "bankAtEnd": isBanked ? "paid" : nil,
    ])
  }

  private mutating func minimumUtilisation() -> JSON {
    .object([
      "key": word(), "kind": "minimumUtilisation", "hours": "time",
      "minimum": decimal("3000.0"), "rate": decimal("180.0"),
      "index": random.chance(50) ? ["factor": decimal("1.04")] : nil,
      "excused": random.chance(50) ? "dust" : nil,
      "counting": random.chance(50) ? .string(random.pick(["asset", "pool", "contract"])) : nil,
      "year": random.chance(50) ? "calendar" : nil,
      "bank": random.chance(50) ? .bool(random.chance(50)) : nil,
    ])
  }

  private mutating func escalation() -> JSON {
    let isPublished = random.chance(50)
    let component: JSON = .object([
      "name": word(), "weight": decimal("0.9"), "base": decimal("142.3"),
      "series": isPublished ? .string(random.pick(Self.series)) : nil,
      "baseMonth": isPublished && random.chance(50) ? "2013-03" : nil,
    ])
    let average = decimal("149.7")
    return .object([
      "fixedShare": "0.10", "components": [component],
      "window": isPublished ? ["months": 3, "lag": 12] : nil,
      "revisions": random.chance(50) ? "latest" : nil, "floor": random.chance(50) ? "0" : nil,
      "cap": random.chance(50) ? "0.04" : nil, "catchUp": random.chance(50) ? true : nil,
      "years": [.object(["from": "2014-01-01", "averages": isPublished ? nil : [average]])],
    ])
  }

  /// No two fill a slot at the same time: each has its own year of it.
  private mutating func asset(_ number: Int) -> JSON {
    func assignment(_ contract: String, _ slot: String?, _ year: Int) -> JSON {
      .object([
        "contract": .string(contract), "slot": slot.map(JSON.string),
        "from": .string("\(year)-01-01T00:00:00+01:00"),
        "until": .string("\(year)-12-31T23:00:00Z"),
      ])
    }
    let years = (0..<random.number(0...3)).map { 2013 + number + $0 * Self.assets.count }
    let name = word()
    return .object([
      "name": random.chance(50) ? name : nil,
      "assignments": .array(
        years.map { year in
          assignment(
            random.pick(Self.contracts),
            random.chance(60) ? random.pick(["engine 1", "yes"]) : nil,
            year)
        }),
    ])
  }

  private mutating func shuffled(_ json: JSON) -> JSON {
    guard case .object(let members) = json else { return json }
    return .object(members.shuffled(using: &random))
  }
}
