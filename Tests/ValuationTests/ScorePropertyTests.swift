import Base
import TestSupport
import Testing
import Valuation

/// What holds for every customer, held against a small naive model on random ones.
@Suite struct ScorePropertyTests {
  @Test func `contributions add up to the score, which is the formula's`() throws {
    var generator = SeededRandom(seed: 4)
    var (ranked, gated) = (0, 0)
    for _ in 0..<2000 {
      let observations = try generator.observations(observed: 85)
      let lambda = try generator.lambda()
      let score = try Score.of(observations, lambda: lambda)
      guard let composite = score.composite else { continue }
      ranked += 1
      gated += composite.contribution(of: .gate) == nil ? 0 : 1
      let exact = try Naive.score(score.readings.mapValues(\.position), lambda: lambda)
      #expect(composite.points.units == (try exact.rounded(to: 0).units))
      #expect(composite.contributions.reduce(0) { $0 + $1.points.units } == composite.points.units)
      #expect((0...100_000).contains(composite.points.units))
    }
    // The property would hold of nothing at all: it must have been tried.
    #expect(ranked > 1000)
    #expect(gated > 20)
  }

  @Test func `every contribution is its share to less than a thousandth of a point`() throws {
    var generator = SeededRandom(seed: 5)
    for _ in 0..<500 {
      let score = try Score.of(generator.observations(observed: 90))
      guard let composite = score.composite else { continue }
      for (dimension, reading) in score.readings {
        let weights = score.readings.keys.filter { $0.side == dimension.side }.map(\.weight)
        let exact = try Ratio(
          Int128(dimension.weight * reading.position), over: Int128(2 * weights.reduce(0, +)))
        let printed = try #require(composite.contribution(of: .dimension(dimension)))
        let moved = try Ratio(printed.units) - exact
        #expect(max(moved, -moved) < .one)
      }
    }
  }

  @Test func `an unobserved dimension moves coverage, not n`() throws {
    var generator = SeededRandom(seed: 6)
    for _ in 0..<300 {
      let whole = try generator.observations(observed: 100)
      let before = try Score.of(whole)
      let lost = Dimension.allCases.randomElement(using: &generator)!
      let after = try Score.of(whole.filter { $0.key != lost })

      #expect(after.readings == before.readings.filter { $0.key != lost })
      let missing = Int128(lost.weight)
      let (customer, provider) = lost.side == .customer ? (missing, 0) : (0, missing)
      #expect(after.customerCoverage.units == before.customerCoverage.units - customer)
      #expect(after.providerCoverage.units == before.providerCoverage.units - provider)
    }
  }

  @Test func `a new customer moves no other score`() throws {
    var generator = SeededRandom(seed: 7)
    for round in 0..<10 {
      var scores = try WorkedExample.scores()
      let before = try Sensitivity.of(scores)
      // The newcomer is better, or worse, in everything than anybody before.
      scores[try CustomerKey("newcomer")] = try Score.of(
        round < 2
          ? Made.observations(allAt: round == 0 ? 100 : 0, [:])
          : generator.observations(observed: 100))
      let after = try Sensitivity.of(scores)
      let others = after.standings.filter { $0.customer.text != "newcomer" }
      #expect(others.map(\.customer) == before.standings.map(\.customer))
      #expect(others.map(\.points) == before.standings.map(\.points))
      #expect(after.standings.count == before.standings.count + 1)
    }
  }

  @Test func `more of anything never lowers the score when one-sidedness is free`() throws {
    var generator = SeededRandom(seed: 8)
    for _ in 0..<300 {
      var observations = try generator.observations(observed: 100)
      let before = try #require(Score.of(observations, lambda: .zero).composite)
      let dimension = Dimension.allCases.randomElement(using: &generator)!
      let measure = try observations[dimension]!.measure + Ratio(1, over: 100)
      observations[dimension] = Observation(measure, evidenceCount: 1)
      let after = try #require(Score.of(observations, lambda: .zero).composite)
      #expect(after.points.units >= before.points.units)
    }
  }
}

/// The rules 3 to 5 as they are written, in one expression, for the policy's weights.
enum Naive {
  static func score(_ positions: [Dimension: Int], lambda: Ratio) throws -> Ratio {
    func mean(_ side: Side) throws -> Ratio {
      var (sum, weight): (Int128, Int128) = (0, 0)
      for (dimension, position) in positions where dimension.side == side {
        sum += Int128(dimension.weight * position)
        weight += Int128(dimension.weight)
      }
      return try Ratio(sum, over: weight)
    }
    let (customer, provider) = (try mean(.customer), try mean(.provider))
    let (low, high) = (min(customer, provider), max(customer, provider))
    // The mean less lambda times half the gap is a mixture of the mean and the weaker side.
    let middle = try (low + high) * Ratio(1, over: 2)
    let score = try (Ratio.one - lambda) * middle + lambda * low
    let broken = positions[.commitmentsKept].map { $0 < 20_000 } ?? false
    return broken ? min(score, Ratio(40_000)) : score
  }
}
