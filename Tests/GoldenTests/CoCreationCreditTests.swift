import Base
import Contracts
import Rating
import Testing

/// What is paid for an activity, and what happens to what a cap cuts off.
struct CoCreationCreditTests {
  private func lines(
    _ activity: String, _ usage: String, terms: String = "", until: String? = nil,
    through: String
  ) throws -> [String] {
    let example = try Chapter(
      """
      ```yaml
      from: 2026-01-01
      \(until.map { "until: \($0)" } ?? "")
      clauses:
        - {key: power, kind: usageCharge, meter: hours, price: {model: perUnit, rate: "1.00"}}
        - {key: c, kind: coCreationCredit\(terms), activities: [{key: a, name: A, \(activity)}]}
      ```
      ```usage
      \(usage)
      ```
      ```lines
      ```
      """)
    return try example.months(through: BillingMonth(through)).flatMap { month in
      month.lines.filter { $0.stage == .coCreation }.map { line in
        (["\(month.month)", "\(line.key.dropFirst(2))", "\(line.amount)"]
          + line.flags.map(\.rawValue)).joined(separator: " ")
      }
    }
  }

  /// 46 hours of one task over two months, and 10 of another: 40 and 10 are paid for.
  @Test func anAllowanceIsOfATaskAndNotOfAMonth() throws {
    let usage = """
      work h 2026-01-20 30 #T-1
      work h 2026-02-03 16 #T-1
      work h 2026-02-05 10 #T-2
      """
    #expect(
      try lines("perUnit: {meter: work, rate: 2, allowance: 40}", usage, through: "2026-03") == [
        "2026-01 a -60.00", "2026-02 a -40.00", "2026-03 a 0.00",
      ])
    #expect(
      try lines("perUnit: {meter: work, rate: 2, cap: 25}", usage, through: "2026-02") == [
        "2026-01 a -50.00", "2026-02 a -50.00",
      ])
  }

  @Test func whatIsPendingIsNotPaidAndIsSeen() throws {
    let usage = "good n 2026-01-05 2\nclaimed n 2026-01-06 3"
    #expect(
      try lines("perUnit: {meter: good, pending: claimed, rate: 7}", usage, through: "2026-02") == [
        "2026-01 a -14.00 evidence_pending", "2026-02 a 0.00",
      ])
  }

  /// 0.5 % of 1,000.01 is 5.00005; nothing is known of February, and March misses it by a hair.
  @Test func aShareOfTheBaseWhereAMeasureReachesIt() throws {
    let usage = """
      hours h 2026-01-31 1000.01
      shared % 2026-01-31 95
      hours h 2026-02-28 1000
      hours h 2026-03-31 1000
      shared % 2026-03-31 94.999999
      """
    #expect(
      try lines("ofBase: {percent: \"0.5\", meter: shared, atLeast: 95}", usage, through: "2026-03")
        == ["2026-01 a -5.00", "2026-02 a 0.00 withheld", "2026-03 a 0.00"])
  }

  private static let surplus = """
    hours h 2026-01-31 1000
    hours h 2026-02-28 1000
    hours h 2026-03-31 1000
    hours h 2026-04-30 1000
    hours h 2026-05-31 1000
    work h 2026-01-10 150
    work h 2026-02-10 120
    work h 2026-03-10 70
    work h 2026-05-10 10
    """

  /// A cap of 100 a month: January leaves 50, February 20; March has room for 30, April for 100.
  @Test func theOldestIsPaidOutFirst() throws {
    #expect(
      try lines(
        "perUnit: {meter: work, rate: 1}", Self.surplus,
        terms: ", capPercent: 10, bankMonths: 12", through: "2026-05") == [
          "2026-01 a -150.00", "2026-01 banked 50.00", "2026-02 a -120.00",
          "2026-02 banked 20.00", "2026-03 a -70.00", "2026-03 paid -30.00", "2026-04 a 0.00",
          "2026-04 paid -40.00", "2026-05 a -10.00",
        ])
  }

  /// The contract ends with February: its own 20 and January's 50 are paid out, or lost.
  @Test(arguments: [("paid", ["2026-02 settled -70.00"]), ("lost", [])])
  func theEndOfTheContract(bankAtEnd: String, settled: [String]) throws {
    #expect(
      try lines(
        "perUnit: {meter: work, rate: 1}", Self.surplus,
        terms: ", capPercent: 10, bankMonths: 12, bankAtEnd: \(bankAtEnd)", until: "2026-03-01",
        through: "2026-02") == [
          "2026-01 a -150.00", "2026-01 banked 50.00", "2026-02 a -120.00",
          "2026-02 banked 20.00",
        ] + settled)
  }

  /// For one month: January's 50 are gone in March, February's 20 are paid out in it.
  @Test func whatIsNotPaidOutInTimeExpires() throws {
    #expect(
      try lines(
        "perUnit: {meter: work, rate: 1}", Self.surplus,
        terms: ", capPercent: 10, bankMonths: 1", through: "2026-05") == [
          "2026-01 a -150.00", "2026-01 banked 50.00", "2026-02 a -120.00",
          "2026-02 banked 20.00", "2026-03 a -70.00", "2026-03 paid -20.00", "2026-04 a 0.00",
          "2026-05 a -10.00",
        ])
  }

  @Test func withoutABankItIsLost() throws {
    #expect(
      try lines(
        "perUnit: {meter: work, rate: 1}", Self.surplus, terms: ", capPercent: 10",
        through: "2026-03") == [
          "2026-01 a -150.00", "2026-01 cut 50.00", "2026-02 a -120.00", "2026-02 cut 20.00",
          "2026-03 a -70.00",
        ])
  }

  /// Credits of a month without any charge are a payment to the customer.
  @Test func withoutACapTheCustomerMayBePaid() throws {
    #expect(
      try lines("perUnit: {meter: work, rate: 1}", "work h 2026-01-01 9", through: "2026-01")
        == ["2026-01 a -9.00"])
  }
}
