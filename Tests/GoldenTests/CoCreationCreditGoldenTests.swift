import Base
import Contracts
import Rating
import Testing

/// Domain rule G7, co-creation credits, to the cent.
struct CoCreationCreditGoldenTests {
  /// The base of April is that of domain rule G1: 135,533.35.
  @Test func theWorkedExample() throws {
    let example = try Chapter(
      """
      ```yaml
      from: 2026-04-01
      clauses:
        - {key: power, kind: flatFee, amount: "135533.35"}
        - key: partner
          kind: coCreationCredit
          capPercent: 6
          bankMonths: 12
          activities:
            - {key: inspection, name: Borescope inspection,
               perUnit: {meter: inspection, rate: "95.00", allowance: 40}}
            - {key: reports, name: Failure report,
               perUnit: {meter: reports, rate: "250.00", cap: 5}}
            - {key: data, name: Data sharing, ofBase: {percent: "0.5", meter: shared, atLeast: 95}}
            - {key: referral, name: Referral, perUnit: {meter: referrals, rate: "2000.00"}}
      ```
      ```usage
      inspection h       2026-04-07 30    #T-1
      inspection h       2026-04-09 16    #T-1
      reports    reports 2026-04-10 7
      shared     %       2026-04-30 97.2
      referrals  closed  2026-04-21 1
      ```
      ```lines
      ```
      """)
    let month = try example.months(through: BillingMonth("2026-04"))[0]
    let credits = month.lines.filter { $0.stage == .coCreation }
    let sum = try month.sum { $0.stage == .coCreation }
    let rows = try credits.map { line in
      [
        line.description, try line.quantity.rounded(to: 2).grouped, line.unit,
        line.amount.fixed.grouped,
      ]
    }
    #expect(
      columns(rows + [["sum", "", "", sum.fixed.grouped]]) == """
          Borescope inspection       40.00        h  -3,800.00
          Failure report              5.00  reports  -1,250.00
          Data sharing          135,533.35      EUR    -677.67
          Referral                    1.00   closed  -2,000.00
          sum                                        -7,727.67
        """)
    #expect(month.finding(of: "partner")?.value == .zero, "nothing is banked under 8,132.00")
  }
}
