import Base
import Contracts
import Metering
import Rating
import TestSupport
import Testing
import Workflow

/// Whatever is agreed and whatever meters say, a month comes to lines that explain themselves, or
/// to a fault with a name: never to a trap, and never to a zero that nobody knows.
@Suite("Lines or a named fault")
struct NamedFaultTests {
  private static let expected: Set<Fault.Code> = [
    .overflow, .missingUsage, .missingIndexValue, .unknownReference,
  ]

  @Test("10,000 random contracts and months")
  func randomMonths() throws {
    var random = SeededRandom(seed: SeededRandom.runSeed)
    var seen: [String: Int] = [:]
    for round in 0..<10_000 {
      let contract = try Self.contract(&random)
      let (run, usage) = try Self.month(contract, &random)
      do throws(Fault) {
        let month = try run.rate(usage, series: Self.series)
        for line in month.lines { try Self.check(line, round) }
        for clause in contract.clauses {
          let isThere = month.lines.contains { $0.clause == clause.key }
          let isHeld = month.unbilled.contains { $0.clause == clause.key }
          let isLater = clause.stage == .minimum || clause.isPerAsset
          #expect(isThere || isHeld || isLater, "round \(round): \(clause.key) has disappeared")
        }
        seen["lines", default: 0] += 1
        seen["unbilled", default: 0] += month.unbilled.count
      } catch {
        #expect(Self.expected.contains(error.code), "round \(round): \(error)")
        seen[error.code.rawValue, default: 0] += 1
      }
    }
    for outcome in ["lines", "unbilled", "overflow", "missing_usage", "missing_index_value"] {
      #expect(seen[outcome, default: 0] > 50, "\(outcome) among \(seen)")
    }
  }

  private static func check(_ line: RatedLine, _ round: Int) throws(Fault) {
    var sum = Money.zero(line.amount.currency)
    for bar in line.waterfall.bars { sum = try sum + bar.amount }
    #expect(sum == line.amount, "round \(round): \(line.key)")
    #expect(!line.derivation.steps.isEmpty && !line.derivation.sentence.isEmpty)
  }

  /// A meter that has seen nothing it could tell a mean of.
  @Test("What nobody knows is no zero", arguments: kinds)
  func missing(kind: String) throws {
    var random = SeededRandom(seed: 1)
    for policy in [nil, "hold", "estimateMinimum", "estimateTrailingMean"] {
      let contract = try Self.contract([Self.clause(kind, policy, &random)], until: nil)
      let run = MonthRating(
        contract, try BillingMonth("2026-12"), zone: .utc, assets: Self.assets,
        assignments: Dictionary(uniqueKeysWithValues: Self.assets.map { ($0, [.always]) }))
      let usage = UsageTable(
        Dictionary(uniqueKeysWithValues: Set(run.requests).map { ($0, Self.unknown($0)) }))
      do throws(Fault) {
        let month = try run.rate(usage, series: Self.series)
        #expect(
          month.lines.allSatisfy { $0.flags.contains(.withheld) }, "\(kind), \(policy ?? "-")")
        #expect(!month.lines.isEmpty || !month.unbilled.isEmpty)
      } catch {
        #expect([.missingUsage, .missingIndexValue].contains(error.code), "\(error)")
        #expect(policy == nil || error.code == .missingIndexValue)
      }
    }
  }

  static let kinds = [
    "usageCharge", "severityHours", "gainShare", "coCreationCredit", "minimumUtilisation",
  ]

  private static func unknown(_ request: UsageRequest) -> UsageResult {
    let meter = definition(request.meter, .mean(try! NumberTerms(value: "/n")))
    let series = UsageSeries(meter, request.windows.map { _ in Usage() })
    return UsageResult(series, parts: [UsageResult.Part("N1", series)])
  }
}

extension NamedFaultTests {
  private static func contract(_ random: inout SeededRandom) throws -> Contract {
    let policies = [nil, nil, "hold", "estimateMinimum", "estimateTrailingMean"]
    let clauses = (0..<random.number(1...3)).map { _ in
      clause(random.pick(kinds + ["flatFee"]), random.pick(policies), &random)
    }
    let until = random.chance(30) ? "2026-0\(random.number(2...9))-0\(random.number(1...9))" : nil
    return try contract(
      clauses.enumerated().map { place, clause in
        guard case .object(let members) = clause else { return clause }
        return .object([.init("key", .string("c\(place)"))] + members.dropFirst())
      }, until: until)
  }

  private static func contract(_ clauses: [JSON], until: String?) throws -> Contract {
    try Contract(
      Node(
        .object([
          "customer": "acme", "currency": "EUR", "zone": "UTC", "from": "2026-01-16",
          "until": until.map(JSON.string), "clauses": .array(clauses),
        ])), key: ContractKey("c"))
  }

  /// With a rate that may be larger than anything a meter could be multiplied with.
  private static func clause(
    _ kind: String, _ policy: String?, _ random: inout SeededRandom
  ) -> JSON {
    let rate = JSON.string(random.pick(["0", "0.335", "187.2", "999999999999999999999.999"]))
    let terms: [JSON.Member] =
      switch kind {
      case "usageCharge":
        [.init("meter", "a"), .init("price", ["model": "perUnit", "rate": rate])]
      case "severityHours":
        [
          .init("hours", "time"), .init("cycles", "a"), .init("rate", rate),
          .init("cycleRate", "1"), .init("index", index(random.chance(50))),
        ]
      case "gainShare":
        [
          .init("actual", "a"), .init("price", rate), .init("share", "0.4"),
          .init("cap", "0.03"), .init("deductible", "0.02"),
          .init("baseline", ["perDay": "10", "drivers": [["meter": "b", "coefficient": "-2.5"]]]),
        ]
      case "coCreationCredit":
        [
          .init("capPercent", 6),
          .init(
            "activities",
            [
              [
                "key": "x", "name": "X",
                "perUnit": .object([
                  "meter": "a", "rate": rate, "allowance": random.chance(50) ? 40 : nil,
                ]),
              ],
              ["key": "y", "name": "Y", "ofBase": ["percent": 1, "meter": "b", "atLeast": 95]],
            ]),
        ]
      case "minimumUtilisation":
        [
          .init("hours", "time"), .init("minimum", "300"), .init("rate", rate),
          .init("excused", "time"), .init("bank", .bool(random.chance(50))),
          .init("counting", .string(random.pick(["asset", "pool", "contract"]))),
        ]
      default: [.init("amount", rate)]
      }
    let members: [JSON.Member] = [.init("key", "c0"), .init("kind", .string(kind))] + terms
    return .object(members + (policy.map { [.init("missing", .string($0))] } ?? []))
  }

  /// A factor, or a formula over a series that nobody has published.
  private static func index(_ isAgreed: Bool) -> JSON {
    guard !isAgreed else { return ["factor": "1.04"] }
    return [
      "escalation": [
        "fixedShare": "0.1", "window": ["months": 3, "lag": 12],
        "components": [
          ["name": "labour", "weight": "0.9", "base": "142.3", "series": "labour"]
        ],
        "years": [["from": "2026-01-16"]],
      ]
    ]
  }

  private static let series: IndexSeriesByKey = {
    let key = try! IndexSeriesKey("labour")
    return [key: try! IndexSeries(key: key, places: 1, publications: [])]
  }()

  private static let assets = [try! AssetKey("N1"), try! AssetKey("N2")]

  /// Any month around the contract, also one in which it is not in force.
  private static func month(
    _ contract: Contract, _ random: inout SeededRandom
  ) throws -> (MonthRating, UsageTable) {
    let month = try BillingMonth("2025-12").advanced(by: random.number(0...7))
    let start = Instant("2026-0\(random.number(1...9))-01T00:00:00Z")!
    let run = MonthRating(
      contract, month, zone: .utc, assets: Self.assets,
      assignments: [assets[0]: [.always], assets[1]: [Period(start: start, end: .latest)]])
    let isSilent = random.chance(30)
    var answers: [UsageRequest: UsageResult] = [:]
    for request in run.requests where answers[request] == nil && !random.chance(1) {
      answers[request] = answer(request, isSilent: isSilent, &random)
    }
    return (run, UsageTable(answers))
  }

  private static func answer(
    _ request: UsageRequest, isSilent: Bool, _ random: inout SeededRandom
  ) -> UsageResult {
    let terms = try! NumberTerms(value: "/n", places: random.pick([0, 3, 9]))
    let meter = definition(request.meter, random.chance(80) ? .sum(terms) : .mean(terms))
    let (most, isDense) = (random.pick([0, 10, 1_000_000, Int64.max]), random.chance(50))
    func series() -> UsageSeries {
      UsageSeries(
        meter,
        request.windows.map { _ in
          guard !isSilent, isDense || random.chance(50) else { return Usage() }
          return Usage(count: 1, units: Int128(random.number(0...most)))
        })
    }
    let all = series()
    switch request.breakdown {
    case nil: return UsageResult(all)
    case .asset: return UsageResult(all, parts: [.init("N1", series()), .init("N2", series())])
    case .group: return UsageResult(all, parts: [.init("[\"T-1\"]", series())])
    }
  }

  private static func definition(
    _ key: MeterKey, _ aggregation: MeterDefinition.Aggregation
  ) -> MeterDefinition {
    MeterDefinition(
      key: key, eventTypes: ["e"], aggregation: aggregation,
      unit: MeasureUnit(key.text == "time" ? "s" : "n"))
  }
}
