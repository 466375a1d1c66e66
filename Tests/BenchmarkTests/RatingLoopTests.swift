import Base
import Contracts
import TestSupport
import Testing

@testable import Benchmark

struct RatingLoopTests {
  /// How many lines come of each with the clauses it rests on, and without it.
  @Test(
    "each of the benchmark's clauses can be rated, with those it rests on and without it",
    arguments: [
      ("power", 2, 0), ("running", 1, 0), ("starts", 1, 0), ("inspections", 1, 0),
      ("access", 1, 0), ("payments", 1, 0), ("regions", 3, 0), ("night", 2, 0), ("service", 1, 0),
      ("least", 2, 1), ("most", 2, 1), ("coupons", 2, 1), ("credit", 2, 1), ("cases", 1, 0),
      ("availability", 2, 1), ("savings", 1, 0), ("points", 3, 2), ("scores", 3, 2),
      ("held", 5, 3), ("partner", 5, 2), ("minimum", 1, 0), ("at-risk", 7, 6),
    ])
  func lines(clause: String, count: Int, beneath: Int) throws {
    #expect(try RatingLoop.rate(clause, times: 3) == 3 * count)
    #expect(try RatingLoop.rate(clause, withoutIt: true, times: 3) == 3 * beneath)
  }

  @Test("all of the contract of five clauses can be rated")
  func all() throws { #expect(try RatingLoop.rate(nil, times: 3) == 3 * 6) }

  @Test("every kind of clause is among those whose instructions are counted")
  func kinds() {
    let counted = Set(BenchClauses.all.compactMap { $0.clause["kind"]?.stringValue })
    #expect(counted == Set(ClauseKinds.names))
  }

  @Test("a clause that there is none of is refused")
  func unknown() {
    #expect(fault { try RatingLoop.rate("towing", times: 1) }?.code == .notFound)
  }
}
