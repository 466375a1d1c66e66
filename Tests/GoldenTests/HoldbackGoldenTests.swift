import Base
import Contracts
import Rating
import Testing

/// Domain rule G8, a holdback that a scorecard releases, to the cent.
struct HoldbackGoldenTests {
  static let clauses = """
    - {key: engines, kind: usageCharge, meter: use, price: {model: perUnit, rate: 1}}
    - key: scores
      kind: scorecard
      span: quarter
      kpis:
        - {name: dispatch, weight: 0.4, meter: dispatch, threshold: 99.0, target: 99.7}
        - {name: turnaround, weight: 0.3, meter: turnaround, threshold: 75, target: 50}
        - {name: surveys, weight: 0.2, meter: surveys, threshold: 0, target: 100}
        - {name: reports, weight: 0.1, meter: reports, threshold: 0, target: 100}
    - {key: held, kind: holdback, percent: 8, scorecard: scores, floorScore: 60}
    """

  /// The usage of a quarter from April on, and what its KPIs showed in June.
  static func quarter(
    _ clauses: String = clauses, until: String? = nil, turnaround: String? = "58"
  ) throws -> RatedContract {
    var contract = try RatedContract(clauses, from: "2026-04", until: until)
    for (month, use) in [("04", "135533.35"), ("05", "125000.00"), ("06", "125194.63")] {
      try contract.show("use", use, in: "2026-\(month)")
    }
    try contract.show("dispatch", "99.52", in: "2026-06")
    try contract.show("reports", "90", in: "2026-06")
    if let turnaround { try contract.show("turnaround", turnaround, in: "2026-05") }
    return contract
  }

  @Test func theWorkedExample() throws {
    let months = try Self.quarter().months(through: "2026-06")
    let lines = months[2].lines
    #expect(
      """
      \(linesText(months))

      \(stepsText(lines[1].derivation.steps))
      \(lines[1].derivation.sentence)

      \(lineText(lines[3]))
      \(lines[3].derivation.sentence)
      """ == """
          month    line               amount
          2026-04  engines        135,533.35
          2026-04  held/retained  -10,842.67
          2026-05  engines        125,000.00
          2026-05  held/retained  -10,000.00
          2026-06  engines        125,194.63
          2026-06  scores               0.00
          2026-06  held/retained  -10,015.57
          2026-06  held/released   22,802.05

          520/7    k = clamp((x - threshold) / (target - threshold), 0, 1) * 100
                   x = 99.52, threshold = 99.0, target = 99.7
          68       k = clamp((x - threshold) / (target - threshold), 0, 1) * 100
                   x = 58, threshold = 75, target = 50
          90       k = clamp((x - threshold) / (target - threshold), 0, 1) * 100
                   x = 90, threshold = 0, target = 100
          0.8      coverage = sum(weight measured) / sum(weight)
                   dispatch = 0.4, turnaround = 0.3, surveys = 0.2, not measured, reports = 0.1
          73.8929  score = round4(sum(weight * k) / sum(weight))
                   sum(weight * k) = 59.114286, sum(weight) = 0.8
        The KPIs of 2026-04 to 2026-06 score 73.8929 of 100 points.

        Holdback, released: 30858.24 held back, 22,802.05 EUR
          22802.05  amount = round(pool * score / 100)
                    pool = 30858.24, score = 73.8929, floor = 60
        waterfall
          score  22,802.05
          line   22,802.05
        73.8929 of 100 points release 22,802.05 EUR of the 30,858.24 EUR held back.
        """)
  }

  /// Without the turnaround, half of the weights are measured: the pool waits for the next score.
  @Test func tooLittleMeasuredRollsForward() throws {
    var contract = try Self.quarter(turnaround: nil)
    for month in ["07", "08", "09"] {
      try contract.show("use", "100000", in: "2026-\(month)")
      try contract.show("dispatch", "99.7", in: "2026-\(month)")
      try contract.show("turnaround", "40", in: "2026-\(month)")
    }
    #expect(
      linesText(try contract.months(through: "2026-09")) == """
          month    line               amount
          2026-04  engines        135,533.35
          2026-04  held/retained  -10,842.67
          2026-05  engines        125,000.00
          2026-05  held/retained  -10,000.00
          2026-06  engines        125,194.63
          2026-06  scores               0.00  not_determinable
          2026-06  held/retained  -10,015.57
          2026-06  held/released        0.00  not_determinable
          2026-07  engines        100,000.00
          2026-07  held/retained   -8,000.00
          2026-08  engines        100,000.00
          2026-08  held/retained   -8,000.00
          2026-09  engines        100,000.00
          2026-09  scores               0.00
          2026-09  held/retained   -8,000.00
          2026-09  held/released   54,858.24
        """)
  }

  /// A low score releases nothing, and what it does not release is lost.
  @Test func theFloor() throws {
    let clauses = Self.clauses.replacing("floorScore: 60", with: "floorScore: 73.9")
    let lines = try Self.quarter(clauses).months(through: "2026-06")[2].lines
    #expect(lines[3].amount.description == "0.00")
    #expect(
      lines[3].derivation.sentence == """
        73.8929 points are below the 73.9 agreed: \
        nothing of the 30,858.24 EUR held back is released.
        """)
    let reached = Self.clauses.replacing("floorScore: 60", with: "floorScore: 73.8929")
    #expect(
      try Self.quarter(reached).months(through: "2026-06")[2].lines[3].amount.description
        == "22802.05")
  }

  /// The last stretch ends with the contract, and the money with it.
  @Test func theEndOfTheContract() throws {
    let months = try Self.quarter(until: "2026-06-01").months(through: "2026-05")
    #expect(months[1].lines.map(\.key) == ["engines", "scores", "held/retained", "held/released"])
    #expect(months[1].lines[3].flags == [.notDeterminable])
  }
}
