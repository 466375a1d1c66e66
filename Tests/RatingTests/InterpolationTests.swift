import Base
import Contracts
import TestSupport
import Testing

@testable import Rating

struct InterpolationTests {
  /// Hours per cycle on the sample table, and the factor.
  @Test(arguments: [
    // At the points.
    ("1", "1.235"), ("1.5", "1.078"), ("2", "1"), ("3", "0.922"), ("5", "0.859"), ("10", "0.812"),
    // Between them.
    ("1.25", "1.1565"), ("1.75", "1.039"), ("2.5", "0.961"), ("4", "0.8905"), ("7.5", "0.8355"),
    // Beyond the ends the table is flat.
    ("0", "1.235"), ("0.999999", "1.235"), ("-3", "1.235"), ("10.000001", "0.812"),
    ("100000", "0.812"),
  ])
  func readsTheSampleLegTable(at: String, factor: String) throws {
    let found = try table(sampleLegTable).factor(at: Fixed(at).ratio)
    #expect(try found == Fixed(factor).ratio)
  }

  @Test func isExactWhereNoDecimalSaysIt() throws {
    let third = try table("0:0 3:1").factor(at: .one)
    #expect(try third == Ratio(1, over: 3))
  }

  @Test func aTableOfOnePointIsFlat() throws {
    for at in ["-1", "2", "9"] {
      #expect(try table("2:1.5").factor(at: Fixed(at).ratio) == Ratio(3, over: 2))
    }
  }

  @Test func staysBetweenItsNeighbours() throws {
    var random = SeededRandom(seed: 13)
    for _ in 0..<200 {
      let ats = Set((0..<random.number(1...8)).map { _ in random.number(-50...50) }).sorted()
      let points = ats.map {
        FactorTable.Point(
          at: Fixed(units: Int128($0), places: 1),
          factor: Fixed(units: random.number(0...3000 as ClosedRange<Int128>), places: 3))
      }
      let factors = try points.map { try $0.factor.ratio }
      let table = try FactorTable(points)
      for _ in 0..<20 {
        let at = try Ratio(random.number(-700...700 as ClosedRange<Int128>), over: 97)
        let factor = try table.factor(at: at)
        #expect(factors.min()! <= factor && factor <= factors.max()!)
      }
      for (point, factor) in zip(points, factors) {
        #expect(try table.factor(at: point.at.ratio) == factor)
      }
    }
  }
}
