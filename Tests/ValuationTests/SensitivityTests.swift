import Base
import TestSupport
import Testing
import Valuation

@Suite struct SensitivityTests {
  @Test func `the ranking of the worked example says what it rests on`() throws {
    let sensitivity = try Sensitivity.of(WorkedExample.scores())
    #expect(
      lines(of: sensitivity) == """
        1 Aerolink 78.579, between 1 and 1
        2 BlueFreight 33.655, between 2 and 3
        3 Cityline 32.261, between 2 and 3
        Cityline is ahead of BlueFreight at 0.60 0.65 0.70 0.75 0.80 0.85 0.90 0.95 1.00
        """)
  }

  @Test(arguments: ["0.75", "0.80", "0.90", "1"])
  func `BlueFreight and Cityline swap rank at a lambda of 0.75 and more`(lambda: String) throws {
    let standings = try Sensitivity.of(WorkedExample.scores(lambda: lambda)).standings
    #expect(standings.map(\.customer.text) == ["Aerolink", "Cityline", "BlueFreight"])
    #expect(standings.map(\.rank) == [1, 2, 3])
  }

  @Test(arguments: ["0", "0.25", "0.5", "0.56"])
  func `below they do not`(lambda: String) throws {
    let standings = try Sensitivity.of(WorkedExample.scores(lambda: lambda)).standings
    #expect(standings.map(\.customer.text) == ["Aerolink", "BlueFreight", "Cityline"])
  }

  @Test func `a weight alone can swap two customers`() throws {
    // 52 to 50 points on the provider's side; with knowledge at 0.8 of its weight, 50.0 to 50.4.
    var scores: [CustomerKey: Score] = [:]
    let exceptions: [(String, [Dimension: Int])] = [
      ("inventor", [.knowledge: 100]), ("advocate", [.advocacy: 100, .coProduction: 50]),
    ]
    for (name, exception) in exceptions {
      scores[try CustomerKey(name)] = try Score.of(
        Made.observations(allAt: 40, exception), lambda: .zero)
    }
    let sensitivity = try Sensitivity.of(scores)
    #expect(sensitivity.swaps.isEmpty)
    #expect(sensitivity.standings.map(\.customer.text) == ["inventor", "advocate"])
    #expect(sensitivity.standings.map(\.rankWorst) == [2, 2])
  }

  @Test func `equal scores share a rank`() throws {
    var scores: [CustomerKey: Score] = [:]
    for (name, points) in [("c", 50), ("b", 70), ("a", 50), ("d", 10)] {
      scores[try CustomerKey(name)] = try Score.of(Made.observations(allAt: points, [:]))
    }
    #expect(
      lines(of: try Sensitivity.of(scores)) == """
        1 b 70.000, between 1 and 1
        2 a 50.000, between 2 and 2
        2 c 50.000, between 2 and 2
        4 d 10.000, between 4 and 4
        """)
  }

  @Test func `who has too little evidence is not ranked`() throws {
    var scores = try WorkedExample.scores()
    scores[try CustomerKey("newcomer")] = try Score.of([
      .economic: Observation(.one, evidenceCount: 1)
    ])
    let sensitivity = try Sensitivity.of(scores)
    #expect(sensitivity.unranked.map(\.text) == ["newcomer"])
    #expect(sensitivity.standings == (try Sensitivity.of(WorkedExample.scores()).standings))
    #expect(try Sensitivity.of([:]).standings.isEmpty)
  }

  @Test func `rank ranges are those of the naive model`() throws {
    var generator = SeededRandom(seed: 9)
    for _ in 0..<3 {
      var scores: [CustomerKey: Score] = [:]
      for number in 0..<6 {
        scores[try CustomerKey("c\(number)")] = try Score.of(
          generator.observations(observed: 95))
      }
      let sensitivity = try Sensitivity.of(scores)
      let positions = scores.filter { $0.value.composite != nil }
        .mapValues { $0.readings.mapValues(\.position) }
      let ranges = try naiveRanges(positions)
      #expect(sensitivity.standings.count == positions.count)
      for standing in sensitivity.standings {
        #expect(standing.rankBest...standing.rankWorst == ranges[standing.customer])
      }
    }
  }
}

private func lines(of sensitivity: Sensitivity) -> String {
  let standings = sensitivity.standings.map {
    "\($0.rank) \($0.customer) \($0.points), between \($0.rankBest) and \($0.rankWorst)"
  }
  let swaps = sensitivity.swaps.map {
    "\($0.behind) is ahead of \($0.ahead) at "
      + $0.lambdas.map(\.description).joined(separator: " ")
  }
  return (standings + swaps).joined(separator: "\n")
}

/// Scores in every scenario, without the types under test; a rank is one more than the better ones.
private func naiveRanges(
  _ customers: [CustomerKey: [Dimension: Int]]
) throws -> [CustomerKey: ClosedRange<Int>] {
  var ranks: [CustomerKey: [Int]] = [:]
  for changed in [nil] + Dimension.allCases.map(Optional.some) {
    for tenths in changed == nil ? [10] : [8, 12] {
      for step in 0...20 {
        let lambda = try Ratio(Int128(step), over: 20)
        let scores = try customers.mapValues { positions in
          try naiveScore(positions, lambda: lambda) { dimension in
            dimension.weight * (dimension == changed ? tenths : 10)
          }
        }
        for (customer, score) in scores {
          ranks[customer, default: []].append(1 + scores.values.filter { $0 > score }.count)
        }
      }
    }
  }
  return ranks.mapValues { $0.min()!...$0.max()! }
}

private func naiveScore(
  _ positions: [Dimension: Int], lambda: Ratio, weight: (Dimension) -> Int
) throws -> Ratio {
  func mean(_ side: Side) throws -> Ratio {
    let observed = positions.filter { $0.key.side == side }
    return try Ratio(
      Int128(observed.reduce(0) { $0 + weight($1.key) * $1.value }),
      over: Int128(observed.reduce(0) { $0 + weight($1.key) }))
  }
  let (customer, provider) = (try mean(.customer), try mean(.provider))
  let gap = try max(customer, provider) - min(customer, provider)
  let score = try (customer + provider - lambda * gap) * Ratio(1, over: 2)
  let broken = positions[.commitmentsKept].map { $0 < 20_000 } ?? false
  return broken ? min(score, Ratio(40_000)) : score
}
