import Base
import TestSupport
import Testing
import Valuation

@Suite struct ScoreTests {
  @Test func `the worked example of vcs-1`() throws {
    let scores = try WorkedExample.customers.map { ($0, try WorkedExample.score(of: $0)) }
    #expect(
      table(of: scores) == """
                          Aerolink     BlueFreight        Cityline
        C1                  14.875          17.063           3.889
        C2                  10.778          12.500           2.469
        C3                   8.286           9.571           3.968
        C4                   3.703           4.386               -
        C5                   4.000           5.000           0.988
        P1                  16.450           4.941          17.500
        P2                   7.897           0.000           1.852
        P3                   5.904           0.832           6.692
        P4                   4.004               -           1.203
        P5                   4.250           0.490           3.333
        balance             -1.568         -21.128          -9.633
        VCS                 78.579          33.655          32.261
        C                   83.284          97.040          22.628
        P                   77.011          12.526          61.160
        quadrant            mutual provider-funded      extractive
        """)
  }

  @Test func `coverage says what was observed`() throws {
    let coverage = try WorkedExample.customers.map { customer in
      let score = try WorkedExample.score(of: customer)
      return "\(customer) \(score.customerCoverage) \(score.providerCoverage)"
    }
    #expect(
      coverage == [
        "Aerolink 1.0000 1.0000", "BlueFreight 1.0000 0.8500", "Cityline 0.9000 1.0000",
      ])
  }

  @Test(arguments: [("0", "54.783"), ("0.5", "33.655"), ("1", "12.526")])
  func `lambda is the price of one-sidedness`(lambda: String, points: String) throws {
    let score = try WorkedExample.score(of: "BlueFreight", lambda: lambda)
    #expect(score.composite?.points.description == points)
  }

  @Test(arguments: ["-0.01", "1.01"])
  func `a lambda outside 0 to 1 is refused`(lambda: String) throws {
    let fault = #expect(throws: Fault.self) {
      try WorkedExample.score(of: "Aerolink", lambda: lambda)
    }
    #expect(fault?.code == .invalidValue)
  }
}

/// Rule 5: the gate.
@Suite struct GateTests {
  @Test func `delight never hides broken commitments`() throws {
    let score = try Score.of(Made.observations(allAt: 100, [.commitmentsKept: 0]))
    #expect(
      table(of: [("Broken", score)]) == """
                            Broken
        C1                  17.500
        C2                   0.000
        C3                  10.000
        C4                   5.000
        C5                   5.000
        P1                  17.500
        P2                  10.000
        P3                  10.000
        P4                   7.500
        P5                   5.000
        balance             -6.250
        gate               -41.250
        VCS                 40.000
        C                   75.000
        P                  100.000
        quadrant            mutual
        """)
  }

  @Test(arguments: [(19, true), (20, false), (100, false)])
  func `it falls below 20 points of commitments kept`(points: Int, gated: Bool) throws {
    let score = try Score.of(Made.observations(allAt: 100, [.commitmentsKept: points]))
    #expect((score.composite?.contribution(of: .gate) != nil) == gated)
    #expect((score.composite?.points.description == "40.000") == gated)
  }

  @Test func `it lifts nobody, and has no line where it takes nothing`() throws {
    let score = try Score.of(Made.observations(allAt: 30, [.commitmentsKept: 0]))
    #expect(score.composite?.points.description == "24.375")
    #expect(score.composite?.contribution(of: .gate) == nil)
  }

  @Test func `commitments nobody observed are not broken ones`() throws {
    var observations = try Made.observations(allAt: 100, [:])
    observations[.commitmentsKept] = nil
    #expect(try Score.of(observations).composite?.points.description == "100.000")
  }
}

/// Rule 6: coverage and confidence.
@Suite struct EvidenceTests {
  @Test(arguments: [
    ("C1 C2 P1 P2 P5", true),  // 0.60 of the customer's side is enough
    ("C1 C3 P1 P2 P5", false),  // 0.55 is not
    ("C1 C2 C3 C4 C5 P1 P2", false),
    ("C1 C2 C3 C4 C5 P1 P2 P5", true),
    ("C1 C2 C3 C4 C5", false),
    ("P1 P2 P3 P4 P5", false),
    ("", false),
  ])
  func `a side observed to less than 0.60 makes no number`(
    observed: String, ranked: Bool
  ) throws {
    let dimensions = observed.split(separator: " ").map { Dimension(rawValue: String($0))! }
    let all = try Made.observations(allAt: 70, [:])
    let score = try Score.of(all.filter { dimensions.contains($0.key) })
    #expect((score.composite != nil) == ranked)
    // What was observed is reported all the same.
    #expect(
      score.readings.mapValues(\.position).filter { $0.value == 70_000 }.count
        == dimensions.count)
  }

  @Test func `a dimension observed as zero counts, an unobserved one does not`() throws {
    var observations = try Made.observations(allAt: 80, [.advocacy: 0])
    let zero = try #require(Score.of(observations).composite)
    observations[.advocacy] = nil
    let unobserved = try #require(Score.of(observations).composite)
    #expect(zero.provider.description == "68.000")
    #expect(unobserved.provider.description == "80.000")
    #expect(zero.contribution(of: .dimension(.advocacy))?.description == "0.000")
    #expect(unobserved.contribution(of: .dimension(.advocacy)) == nil)
  }

  @Test func `confidence grows with evidence up to enough of it`() throws {
    func confidence(_ count: (Dimension) -> Int) throws -> String {
      var observations: [Dimension: Observation] = [:]
      for dimension in Dimension.allCases {
        observations[dimension] = Observation(.one, evidenceCount: count(dimension))
      }
      return try Score.of(observations).confidence.description
    }
    #expect(try confidence { _ in 0 } == "0.0000")
    #expect(try confidence(\.evidenceCountEnough) == "1.0000")
    #expect(try confidence { 10 * $0.evidenceCountEnough } == "1.0000")
    // 15 of 30 outcomes: half of 3500 out of 20000 is missing.
    #expect(
      try confidence { $0 == .outcomeAttainment ? 15 : $0.evidenceCountEnough } == "0.9125")
  }

  @Test func `cutting off a channel never makes a score look more certain`() throws {
    var generator = SeededRandom(seed: 3)
    for _ in 0..<200 {
      var observations = try generator.observations(observed: 90)
      let before = try Score.of(observations).confidence
      observations[Dimension.allCases.randomElement(using: &generator)!] = nil
      #expect(try Score.of(observations).confidence.units <= before.units)
    }
  }
}

/// Rule 7: the quadrant.
@Suite struct QuadrantTests {
  @Test(arguments: [
    ("60000", "60000", "mutual"), ("60000", "59999.9", "provider-funded"),
    ("59999.9", "60000", "extractive"), ("59999.9", "59999.9", "dormant"),
    ("100000", "0", "provider-funded"), ("0", "100000", "extractive"), ("0", "0", "dormant"),
  ])
  func `a side is high from exactly 60 points on`(
    customer: String, provider: String, quadrant: String
  ) throws {
    let (customer, provider) = (try Fixed(customer).ratio, try Fixed(provider).ratio)
    #expect(Quadrant(customer: customer, provider: provider).rawValue == quadrant)
  }
}

/// Customers made up for a test.
enum Made {
  /// Every dimension at that many points, but for the exceptions.
  static func observations(
    allAt points: Int, _ exceptions: [Dimension: Int]
  ) throws -> [Dimension: Observation] {
    var observations: [Dimension: Observation] = [:]
    for dimension in Dimension.allCases {
      let (low, high) = (try dimension.goalposts.low.ratio, try dimension.goalposts.high.ratio)
      let share = try Ratio(Int128(exceptions[dimension] ?? points), over: 100)
      observations[dimension] = Observation(
        try low + share * (high - low), evidenceCount: dimension.evidenceCountEnough)
    }
    return observations
  }
}
