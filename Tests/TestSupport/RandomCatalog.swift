package import Base

/// Catalogues that are sound, written in any of the ways a person may write them. The keys are
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
        ]
      ),
      ("indexSeries", Self.series.map { ($0, series()) }), ("taxes", [("vat", tax())]),
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
    ])
  }

  /// Customer, currency, zone, periods and start stay, for older versions may hold for a time before.
  private mutating func contract(_ key: String) -> JSON {
    let effective = JSON.string("2013-0\(random.number(1...9))-01")
    let (note, invoicing) = (word(), invoicing())
    return .object([
      "customer": "acme", "currency": "EUR", "zone": "Europe/Berlin", "from": "2013-01-01",
      "until": random.chance(50) ? "2015-01-01" : nil,
      "billing": key == "c-2" ? ["every": "quarter", "anchorDay": 31, "anchorMonth": 2] : nil,
      "effective": random.chance(50) ? effective : nil,
      "slots": ["engine 1", "engine 2", "yes"], "clauses": [clause()],
      "value": random.chance(50) ? ["used": "time", "planned": "cycles"] : nil,
      "note": random.chance(50) ? note : nil,
      "taxes": random.chance(50) ? [["tax": "vat"]] : nil,
      "invoicing": random.chance(50) ? invoicing : nil,
    ])
  }

  private mutating func clause() -> JSON {
    switch random.number(0...5) {
    case 0: ["key": word(), "kind": "flatFee", "amount": decimal("99.5"), "prorated": false]
    case 1, 2: usageCharge()
    default: severityHours()
    }
  }

  private mutating func usageCharge() -> JSON {
    let tiers: JSON = [
      ["upTo": decimal("10"), "rate": decimal("1.5"), "flat": "2"],
      ["below": 20, "rate": "1", "block": decimal("2.5"), "cap": "9"], ["rate": decimal("0.5")],
    ]
    let prices: [JSON] = [
      ["model": "perUnit", "rate": decimal("-0.001")],
      ["model": "package", "amount": "15.00", "units": decimal("10"), "begun": "free"],
      ["model": "graduated", "tiers": tiers],
      ["model": "volume", "tiers": tiers, "flatAtZero": true],
    ]
    return .object([
      "key": word(), "kind": "usageCharge", "meter": "cycles", "price": random.pick(prices),
      "free": random.chance(50) ? "5" : nil, "discountPercent": random.chance(50) ? "12.5" : nil,
      "minimum": random.chance(50) ? "1" : nil, "maximum": random.chance(50) ? 100 : nil,
    ])
  }

  private mutating func severityHours() -> JSON {
    let table: JSON = [
      ["at": decimal("1"), "factor": decimal("1.235")], ["at": 2, "factor": decimal("1.0")],
    ]
    let index =
      random.chance(50)
      ? ["factor": decimal("1.04")] : JSON.object([.init("escalation", escalation())])
    return .object([
      "key": word(), "kind": "severityHours", "hours": "time", "cycles": "cycles",
      "rate": decimal("180.0"), "cycleRate": decimal("42.5"),
      "index": random.chance(70) ? index : nil, "legTable": random.chance(50) ? table : nil,
      "derate": random.chance(50) ? ["meter": "derate", "table": table] : nil,
      "environment": random.chance(50) ? [["meter": "dust", "factor": decimal("1.12")]] : nil,
      "severityMin": random.chance(50) ? "0.80" : nil,
      "severityMax": random.chance(50) ? "1.25" : nil,
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
