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

    package init(hours: String, count: String, sum: String) {
      self.hours = hours
      self.count = count
      self.sum = sum
    }
  }

  private let meters: Meters
  /// From the start of a contract, of which some terms depend.
  private let year: Int

  package init(_ meters: Meters, year: Int) {
    self.meters = meters
    self.year = year
  }

  /// One to six clauses, each with a key of its own.
  package func list(_ random: inout SeededRandom) -> [JSON] {
    (0..<random.number(1...6)).map { number in
      let perAsset = random.chance(25)
      let common: [JSON.Member] = [.init("key", .string("c\(number)"))]
      return .object(
        common + (perAsset ? [.init("perAsset", true)] : []) + members(&random).compactMap(\.self))
    }
  }

  private func members(_ random: inout SeededRandom) -> [JSON.Member?] {
    switch random.number(0...4) {
    case 0, 1: severityHours(&random)
    case 2: flatFee(&random)
    default: usageCharge(&random)
    }
  }

  private func severityHours(_ random: inout SeededRandom) -> [JSON.Member?] {
    [
      .init("kind", "severityHours"), .init("hours", .string(meters.hours)),
      .init("cycles", .string(meters.count)), .init("rate", decimal(1...99_999, 2, &random)),
      .init("cycleRate", decimal(0...9_999, 2, &random)),
      maybe("index", index(&random), &random), maybe("legTable", table(&random), &random),
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
