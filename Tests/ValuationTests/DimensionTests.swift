import Base
import Testing
import Valuation

@Suite struct DimensionTests {
  @Test func `the policy's table is this one`() {
    let rows = Dimension.allCases.map {
      "\($0.id) \($0.side) \($0.weight) \($0.goalposts.low)..\($0.goalposts.high) \($0.name)"
    }
    #expect(
      rows.joined(separator: "\n") == """
        C1 customer 3500 0.60..1.00 outcome attainment
        C2 customer 2500 0.950..0.995 commitments kept
        C3 customer 2000 0.30..1.00 value in use
        C4 customer 1000 0.50..0.95 experience
        C5 customer 1000 0.50..0.95 recovery and parity
        P1 provider 3500 0.50..1.00 economic
        P2 provider 2000 0..50 knowledge
        P3 provider 2000 0..40 relationship
        P4 provider 1500 0..30 advocacy and referral
        P5 provider 1000 0.40..1.00 co-production
        """)
  }

  @Test(arguments: Side.allCases)
  func `a side's weights add up to a whole`(side: Side) {
    #expect(side.dimensions.reduce(0) { $0 + $1.weight } == 10_000)
  }

  @Test func `points fade in the dimensions of points`() {
    let halfLives = Dimension.allCases.compactMap { dimension in
      dimension.decay.map { "\(dimension.id) \($0.gains.halfLifeDays) \($0.losses.halfLifeDays)" }
    }
    #expect(halfLives == ["P2 180 360", "P3 365 730", "P4 180 360"])
  }

  @Test(arguments: [
    ("0.94", 85_000),  // (0.94 - 0.60) / 0.40
    ("0.60", 0),
    ("1.00", 100_000),
    ("0.599999", 0),
    ("1.000001", 100_000),
    ("-7", 0),
    ("999999999999", 100_000),
    ("0.600002", 1),  // half a thousandth of a point goes up
    ("0.6000019", 0),
  ])
  func `a measure stands between the goalposts`(measure: String, position: Int) throws {
    let goalposts = Dimension.outcomeAttainment.goalposts
    #expect(try goalposts.position(of: Fixed(measure).ratio) == position)
  }

  @Test func `a measure far out does not overflow`() throws {
    let goalposts = Dimension.commitmentsKept.goalposts
    #expect(try goalposts.position(of: Ratio(.max, over: 7)) == 100_000)
    #expect(try goalposts.position(of: Ratio(-.max, over: 7)) == 0)
    #expect(try goalposts.position(of: Ratio(7, over: .max)) == 0)
  }
}
