import Base
import TestSupport
import Testing

@testable import Command

struct RatingLoopTests {
  @Test(
    "each clause of the benchmark's contract can be rated, alone and with the others",
    arguments: [
      ("power", 2), ("running", 1), ("starts", 1), ("inspections", 1), ("access", 1), (nil, 6),
    ])
  func lines(clause: String?, count: Int) throws {
    #expect(try RatingLoop.rate(clause, times: 3) == 3 * count)
  }

  @Test("a clause that there is none of is refused")
  func unknown() {
    #expect(fault { try RatingLoop.rate("towing", times: 1) }?.code == .notFound)
  }
}
