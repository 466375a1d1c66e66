import Base
import Contracts
import Rating
import Testing

/// Domain rule G2, minimum utilisation with a true-up at the year's end, to the cent.
struct MinimumUtilisationGoldenTests {
  /// An engine that came on 1 March: 306 of 365 days, 96 hours of them excused.
  private static func example(_ late: String = "") throws -> Chapter {
    try Chapter(
      """
      ```yaml
      from: 2026-01-01
      clauses:
        - {key: minimum, kind: minimumUtilisation, hours: engine-time, minimum: 3000,
           rate: "180.00", index: {factor: "1.04"}, excused: unavailable, perAsset: true}
      ```
      ```usage
      assigned E1 2026-03-01
      engine-time h 2026-05-17 2,000.00 @E1
      engine-time h 2026-11-02   301.40 @E1
      unavailable h 2026-08-01    96    @E1
      \(late)
      ```
      ```lines
      ```
      """)
  }

  @Test func theWorkedExample() throws {
    let months = try Self.example().months(through: BillingMonth("2026-12"))
    #expect(
      months.dropLast().allSatisfy { $0.lines.isEmpty }, "nothing is billed before the year ends")
    let line = try #require(months.last?.lines.first)
    #expect(
      lineText(line) == """
        Hours below the minimum of the year: 65989/365 h, 33,844.22 EUR
          181200/73  M_eff = max(0, M * (active s - excused s) / year s)
                     M = 3000, active s = 26438400, excused s = 345600, year s = 31536000
          65989/365  short = max(0, M_eff - hours)
                     M_eff = 181200/73, hours = 2301.4
          187.2000   R = round4(R0 * E)
                     R0 = 180.00, E = 1.04
          33844.22   amount = round(sum(short) * R)
                     settled = 1, short of it = 1, hours = 65989/365, R = 187.2000
        waterfall
          hours below the minimum  33,844.22
          line                     33,844.22
        """)
    #expect(line.stage == .minimum)
    #expect(
      line.derivation.sentence == """
        180.7918 hours below the minimum at 187.2000 EUR an hour make 33,844.22 EUR.
        """)
  }

  /// 12.5 hours that were heard of after the invoice had been issued.
  @Test func aLateFlightLowersItByItsHours() throws {
    let december = try BillingMonth("2026-12")
    let issued = try Self.example().months(through: december)
    let anew = try Self.example("engine-time h 2026-12-30 12.5 @E1").months(through: december)
    let (before, after) = (issued.last!.lines[0].amount, anew.last!.lines[0].amount)
    #expect(before.description == "33844.22")
    #expect(after.description == "31504.22")
    let difference = try after - before
    #expect(difference.description == "-2340.00")
  }

  /// What is to be expected at the end of each month, and is not billed.
  @Test func theExpectedShortfallIsAnAccrual() throws {
    let months = try Self.example().months(through: BillingMonth("2026-12"))
    let rows = try months.map { month in
      let finding = month.finding(of: "minimum", for: try AssetKey("E1"))
      return ["\(month.month)", try finding?.value?.rounded(to: 2).grouped ?? "-"]
    }
    #expect(
      columns(rows) == """
          2026-01          -
          2026-02          -
          2026-03  47,697.53
          2026-04  93,856.44
          2026-05       0.00
          2026-06       0.00
          2026-07       0.00
          2026-08       0.00
          2026-09       0.00
          2026-10       0.00
          2026-11       0.00
          2026-12       0.00
        """)
  }
}
