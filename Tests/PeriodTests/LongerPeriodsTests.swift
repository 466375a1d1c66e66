import Base
import Foundation
import SQLite
import Services
import TestSupport
import Testing
import TimeZones
import Workflow

/// What is agreed by the month, the week, the date or the unit comes to the same whatever the
/// billing periods are: a quarter, a half-year and a year are their months added up.
struct LongerPeriodsTests {
  /// 12 in `make test`; `USANCE_HISTORIES=5000` before a release.
  private static let histories =
    ProcessInfo.processInfo.environment["USANCE_HISTORIES"].flatMap(Int.init) ?? 12

  private static let complaintsMax = 3
  private static let start = Month(2023, 1)

  @Test("quarters, half-years and years are their months added up")
  func addUp() async {
    let started = ContinuousClock.now
    let zones = ZoneDatabase()
    var complaints: [String] = []
    for number in 0..<Self.histories where complaints.count < Self.complaintsMax {
      var random = SeededRandom(seed: SeededRandom.runSeed &+ UInt64(number) &* 104_729)
      let year = Year(&random)
      for cycle in [AgreedTerms.Cycle.quarter, .halfYear, .year] {
        guard let difference = await Self.difference(year, cycle, zones) else { continue }
        complaints.append(
          """
          history \(number), seed \(SeededRandom.runSeed), \(cycle): \(difference)
          \(year.contract(cycle).text)
          """)
      }
    }
    #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n\n"))")
    print("longer periods: \(Self.histories) years in \(started.duration(to: .now))")
  }

  private static func difference(
    _ year: Year, _ cycle: AgreedTerms.Cycle, _ zones: ZoneDatabase
  ) async -> String? {
    do {
      let months = try await year.sums(.month, zones)
      let longer = try await year.sums(cycle, zones)
      return Set(months.keys).union(longer.keys).sorted()
        .first { months[$0] ?? 0 != longer[$0] ?? 0 }
        .map { "\($0): \(longer[$0] ?? 0) cents, by months \(months[$0] ?? 0)" }
    } catch {
      return "stopped: \(error)"
    }
  }

  /// A year of one contract. Whole units at whole amounts: no month rounds anything.
  private struct Year {
    let anchorDay: Int
    let zone: String
    let until: Day?
    let clauses: [JSON]
    let events: [JSON]

    private var from: Day { start.day(anchorDay) }

    init(_ random: inout SeededRandom) {
      anchorDay = random.pick([1, 15, 31])
      zone = random.pick(["UTC", "Europe/Berlin", "Australia/Lord_Howe"])
      let from = start.day(anchorDay)
      until = random.chance(30) ? from + random.number(20...360) : nil
      let others =
        [Self.share(&random), Self.work(&random)] + (0..<2).map { Self.fee("fee\($0)", &random) }
        + [Self.coupon(&random), Self.grants(&random)]
      clauses = [Self.usage] + others.filter { _ in random.chance(70) }
      let local = LocalTime(zone)
      events = (0..<random.number(5...60)).map { number in
        let time = local.midnight(from + random.number(0...364)) + random.number(0...86_399)
        return Self.event(number, time, &random)
      }
    }

    func contract(_ cycle: AgreedTerms.Cycle) -> JSON {
      .object([
        "customer": "acme", "currency": "EUR", "zone": .string(zone),
        "billing": [
          "every": .string(cycle.rawValue), "anchorDay": .integer(anchorDay), "anchorMonth": 1,
        ],
        "from": .day(from), "until": until.map { .day($0) }, "clauses": .array(clauses),
      ])
    }

    private static let usage: JSON = [
      "key": "use", "kind": "usageCharge", "meter": "use",
      "price": ["model": "perUnit", "rate": "1.00"],
    ]

    private static func fee(_ key: String, _ random: inout SeededRandom) -> JSON {
      let every = random.pick(AgreedClause.Interval.allCases)
      return .object([
        "key": .string(key), "kind": "recurringFee", "amount": .cents(random.number(100...90_000)),
        "every": .string(every.rawValue),
        "due": .string(random.pick(["advance", "arrears"])),
        "day": every == .week ? .integer(random.number(1...7)) : .integer(random.pick([1, 8, 31])),
        "proration": .string(random.pick(["day", "second", "none"])),
      ])
    }

    private static func share(_ random: inout SeededRandom) -> JSON {
      .object([
        "key": "share", "kind": "gainShare", "actual": "use", "price": "1.00", "share": "0.5",
        "deductible": random.chance(40) ? "0.02" : nil, "cap": random.chance(40) ? "0.1" : nil,
        "floor": "0.05",
        "baseline": [
          "perDay": "0", "drivers": [["meter": "output", "coefficient": "1"]],
        ],
      ])
    }

    private static func work(_ random: inout SeededRandom) -> JSON {
      [
        "key": "work", "kind": "coCreationCredit",
        "activities": [
          [
            "key": "task", "name": "Task",
            "perUnit": [
              "meter": "done", "rate": "3.00", "allowance": .integer(random.number(5...60)),
            ],
          ]
        ],
      ]
    }

    private static func coupon(_ random: inout SeededRandom) -> JSON {
      let from = start + random.number(0...11)
      return [
        "key": "cut", "kind": "discount", "clauses": ["use"],
        "coupons": [
          [
            "name": "spring", "percent": .integer(random.pick([10, 25, 50])),
            "from": .month(from), "until": .month(from + random.number(1...5)),
          ]
        ],
      ]
    }

    private static func grants(_ random: inout SeededRandom) -> JSON {
      let grants = (0..<random.number(1...2)).map { number -> JSON in
        let from = start + random.number(0...11)
        return .object([
          "name": .string("grant\(number)"), "amount": .cents(random.number(1...300) * 100),
          "from": .month(from),
          "until": random.chance(50) ? .month(from + random.number(1...4)) : nil,
          "bought": random.chance(40) ? .month(from) : nil,
        ])
      }
      return [
        "key": "credit", "kind": "prepaidCredit", "clauses": ["use"], "grants": .array(grants),
      ]
    }

    private static func event(_ number: Int, _ time: Int, _ random: inout SeededRandom) -> JSON {
      let type = random.pick(["use", "use", "output", "done"])
      return [
        "specversion": "1.0", "id": .string("e-\(number)"), "source": "//test",
        "type": .string(type), "subject": "acme",
        "time": .text(Instant(clampingSeconds: Int64(time))),
        "data": [
          "n": .integer(random.number(0...60)), "task": .string(random.pick(["a", "b"])),
        ],
      ]
    }

    /// What each clause comes to over the whole year, in cents.
    func sums(_ cycle: AgreedTerms.Cycle, _ zones: ZoneDatabase) async throws -> [String: Int] {
      var workspace = try PeriodWorkspace(zones)
      try workspace.put(.customer, "acme", ["name": "Acme"])
      for key in ["use", "output", "done"] {
        try workspace.put(
          .meter, key,
          .object([
            "aggregation": "sum", "eventTypes": [.string(key)], "unit": "units", "value": "/n",
            "groupBy": key == "done" ? ["/task"] : nil,
          ]))
      }
      try workspace.put(.contract, "c", contract(cycle))
      try await workspace.post(events)
      var sums: [String: Int] = [:]
      for place in 0..<12 / cycle.months {
        let month = start + place * cycle.months
        guard until.map({ month.day(anchorDay) < $0 }) ?? true else { break }
        for line in try workspace.run(month)["c"]?["lines"]?.elements ?? [] {
          let amount = try Fixed(line["amount"]?.stringValue ?? "")
          sums[line["clause"]?.stringValue ?? "", default: 0] += Int(amount.units)
        }
      }
      return sums
    }
  }
}
