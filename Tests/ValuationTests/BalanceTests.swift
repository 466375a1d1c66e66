import Base
import TestSupport
import Testing
import Valuation

@Suite struct BalanceTests {
  @Test func `the published score and the ranked one are the same`() throws {
    var generator = SeededRandom(seed: 10)
    for _ in 0..<500 {
      let lambda = try generator.lambda()
      let score = try Score.of(generator.observations(observed: 90), lambda: lambda)
      guard let composite = score.composite else { continue }
      let balance = try #require(Balance(score.readings.mapValues(\.position)))
      #expect(try balance.score(lambda: lambda).rounded(to: 0).units == composite.points.units)
    }
  }

  @Test func `a side nobody observed has no mean`() {
    #expect(Balance([.economic: 100_000]) == nil)
    #expect(Balance([.experience: 100_000]) == nil)
    #expect(Balance([:]) == nil)
  }

  @Test func `only the ratios of weights matter`() throws {
    let positions: [Dimension: Int] = [
      .outcomeAttainment: 90_000, .commitmentsKept: 30_000, .economic: 50_000,
    ]
    let balance = try #require(Balance(positions))
    #expect(try balance.mean(of: .customer) == Ratio(65_000))  // (3500 * 90 + 2500 * 30) / 6000
    let lighter = try #require(
      Balance(positions, weights: .agreed.scaling(.outcomeAttainment, toPercent: 80)))
    // (2800 * 90 + 2500 * 30) / 5300
    #expect(try lighter.mean(of: .customer) == Ratio(327_000_000, over: 5300))
  }
}
