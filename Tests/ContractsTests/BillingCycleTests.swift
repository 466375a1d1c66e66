import Base
import Contracts
import TestSupport
import Testing

/// Which periods a contract is billed in.
struct BillingCycleTests {
  /// A cycle, a month, whether a period begins in it, and its first day and the next one's.
  @Test(
    arguments: [
      (.month, 1, 1, "2013-02", true, "2013-02-01", "2013-03-01"),
      (.month, 15, 7, "2013-02", true, "2013-02-15", "2013-03-15"),
      (.month, 31, 1, "2013-02", true, "2013-02-28", "2013-03-31"),
      (.month, 30, 1, "2012-02", true, "2012-02-29", "2012-03-30"),
      (.quarter, 1, 1, "2013-04", true, "2013-04-01", "2013-07-01"),
      (.quarter, 1, 1, "2013-05", false, "2013-05-01", "2013-08-01"),
      (.quarter, 31, 2, "2012-11", true, "2012-11-30", "2013-02-28"),
      (.halfYear, 1, 12, "2013-06", true, "2013-06-01", "2013-12-01"),
      (.year, 29, 2, "2012-02", true, "2012-02-29", "2013-02-28"),
      (.year, 1, 4, "2013-01", false, "2013-01-01", "2014-01-01"),
    ] as [(BillingCycle.Length, Int, Int, String, Bool, String, String)])
  func beginsOnItsDay(
    length: BillingCycle.Length, day: Int, anchor: Int, month: String, begins: Bool,
    first: String, next: String
  ) throws {
    let cycle = BillingCycle(length, anchorDay: day, anchorMonth: anchor)
    let month = try BillingMonth(month)
    #expect(cycle.begins(in: month) == begins)
    #expect(cycle.firstDay(of: month).description == first)
    #expect(cycle.firstDay(of: cycle.next(after: month)).description == next)
    #expect(cycle.previous(before: cycle.next(after: month)) == month)
  }

  /// Whatever the cycle, its periods follow each other without a gap.
  @Test func periodsFollowEachOther() throws {
    var random = SeededRandom(seed: SeededRandom.runSeed)
    for _ in 0..<500 {
      let cycle = BillingCycle(
        random.pick(BillingCycle.Length.allCases), anchorDay: random.number(1...31),
        anchorMonth: random.number(1...12))
      var month = BillingMonth(year: 2012, month: cycle.anchorMonth)!
      for _ in 0..<8 {
        #expect(cycle.begins(in: month))
        let next = cycle.next(after: month)
        #expect(cycle.period(month, in: .utc).end == cycle.period(next, in: .utc).start)
        month = next
      }
    }
  }
}
