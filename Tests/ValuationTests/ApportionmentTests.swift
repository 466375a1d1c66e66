import Base
import TestSupport
import Testing
import Valuation

@Suite struct ApportionmentTests {
  @Test(
    arguments: [
      (["0.5", "0.5"], [1, 0]),  // equals: the first is given the one
      (["0.4", "0.4", "0.4"], [1, 0, 0]),
      (["1.2", "1.3", "1.5"], [1, 1, 2]),
      (["2", "3"], [2, 3]),  // whole lines stay
      (["2", "0.9", "0.1"], [2, 1, 0]),
      (["10.6", "-0.3"], [10, 0]),  // 10.3 is printed as 10
      (["10.6", "-3.6"], [11, -4]),
      (["-0.5", "-0.5"], [0, -1]),
      ([], []),
    ] as [([String], [Int128])])
  func `lines add up to the rounded sum`(lines: [String], whole: [Int128]) throws {
    #expect(try apportioned(lines.map { try Fixed($0).ratio }) == whole)
  }

  @Test func `no line moves by one, whole lines stay`() throws {
    var generator = SeededRandom(seed: 2)
    for _ in 0..<2000 {
      let lines = try (0..<Int.random(in: 1...12, using: &generator)).map { _ in
        try Ratio(
          Int128.random(in: -9999...9999, using: &generator),
          over: Int128.random(in: 1...12, using: &generator))
      }
      let whole = try apportioned(lines)
      let sum = try lines.reduce(Ratio.zero) { try $0 + $1 }
      #expect(whole.reduce(0, +) == (try sum.rounded(to: 0).units))
      for (line, rounded) in zip(lines, whole) {
        let moved = try Ratio(rounded) - line
        #expect(max(moved, -moved) < .one)
        #expect(line.denominator > 1 || moved == .zero)
      }
    }
  }
}
