import Base
import Testing
import Valuation

@Suite struct ObservationTests {
  @Test(arguments: [(18, 20, 5, 6), (27, 28, 17, 19), (0, 0, 7, 10), (2, 2, 3, 4)])
  func `few answers are held near seven in ten`(
    satisfied: Int, answers: Int, numerator: Int, denominator: Int
  ) throws {
    let observation = try Observation.experience(satisfied: satisfied, answers: answers)
    #expect(observation.measure == (try Ratio(Int128(numerator), over: Int128(denominator))))
    #expect(observation.evidenceCount == answers)
  }

  @Test(arguments: [(3, 2), (-1, 2), (-1, -1)])
  func `impossible counts are refused`(satisfied: Int, answers: Int) {
    #expect(throws: Fault.self) {
      try Observation.experience(satisfied: satisfied, answers: answers)
    }
  }
}
