import Base
import Contracts
import Rating
import Testing

/// Domain rule G5, gain-share against a baseline, to the cent.
struct GainShareGoldenTests {
  /// April: 30 x 35,000 + 12 x 15,000 heating and 20 x 1,000 cooling degree days expect 1,250,000
  /// kWh at 0.14.
  private static func example(_ actual: String, _ terms: String) throws -> Chapter {
    try Chapter(
      """
      ```yaml
      from: 2026-04-01
      clauses:
        - {key: savings, kind: gainShare, actual: energy, price: "0.14", share: "0.40",
           baseline: {perDay: 35000, drivers: [{meter: hdd, coefficient: 12},
             {meter: cdd, coefficient: 20}], cvRMSE: "0.112", cvRMSEMax: "0.25"},
           coverageMin: "0.90"\(terms)}
      ```
      ```usage
      hdd    K·d 2026-04 daily 500
      cdd    K·d 2026-04 daily 0
      cdd    K·d 2026-04-30 1000
      energy kWh 2026-04 daily 37000
      energy kWh 2026-04-30 \(actual)
      ```
      ```lines
      ```
      """)
  }

  private static let bounds = #", cap: "0.03", floor: "0.02""#

  private static func line(_ actual: String, _ terms: String) throws -> RatedLine {
    try example(actual, terms).months(through: BillingMonth("2026-04"))[0].lines[0]
  }

  /// 37,000 kWh each day, and on the last day as many more as are needed for the total.
  private static let totals = [
    ("1,131,400", "21400"), ("1,290,000", "180000"), ("1,231,000", "121000"),
  ]

  @Test func theWorkedExample() throws {
    var rows = [["actual", "deductible", "threshold"]]
    for (total, rest) in Self.totals {
      let deductible = try Self.line(rest, Self.bounds + #", deductible: "0.02""#)
      let threshold = try Self.line(rest, Self.bounds + #", threshold: "0.02""#)
      rows.append([total, deductible.amount.fixed.grouped, threshold.amount.fixed.grouped])
    }
    #expect(
      columns(rows) == """
          actual     deductible  threshold
          1,131,400    5,241.60   5,250.00
          1,290,000     -840.00  -2,240.00
          1,231,000        0.00       0.00
        """)
    let uncapped = try Self.line("21400", #", threshold: "0.02""#)
    #expect(uncapped.amount.description == "6641.60")
  }

  @Test func explainsItself() throws {
    let line = try Self.line("21400", Self.bounds + #", threshold: "0.02""#)
    #expect(
      lineText(line) == """
        Share of the savings: 118600 kWh, 5,250.00 EUR
          1250000  B = sum over days(perDay + sum(b * x)) + adjustments
                   days = 30, known on both sides = 30, adjustments = 0
          118600   s = B - A
                   B = 1250000, A = 1131400
          1        known days / days >= agreed
                   agreed = 0.90, passed = yes
          0.112    CV(RMSE) <= agreed
                   agreed = 0.25, passed = yes
          118600   el = s if |s| >= 0.02 * B else 0
                   s = 118600, B = 1250000
          5250     fee = clamp(el * price * share, -floor * B * price, cap * B * price)
                   price = 0.14, share = 0.40, floor = 0.02, cap = 0.03
          5250.00  amount = round(fee to date) - fee settled before
                   fee to date = 5250.00, settled before = 0.00
        waterfall
          savings          6,641.60
          threshold            0.00
          cap             -1,391.60
          settled before       0.00
          line             5,250.00
        """)
    #expect(
      line.derivation.sentence == """
        118,600.00 kWh saved in the year so far make a fee of 5,250.00 EUR, of which 0.00 were \
        settled before: 5,250.00 EUR.
        """)
  }

  /// A baseline of 100,000 a month; each line is the fee of the year to date less what was settled.
  @Test func theYearToDate() throws {
    let actual = [("01", "92000"), ("02", "99500"), ("03", "97000"), ("04", "104000")]
    let example = try Chapter(
      """
      ```yaml
      from: 2026-01-01
      clauses:
        - {key: savings, kind: gainShare, actual: energy, price: "0.14", share: "0.40",
           deductible: "0.02", baseline: {perDay: 0, drivers: [{meter: output, coefficient: 100}]}}
      ```
      ```usage
      \(actual.map { "output t 2026-\($0.0)-15 1000\nenergy kWh 2026-\($0.0)-15 \($0.1)" }
        .joined(separator: "\n"))
      ```
      ```lines
      ```
      """)
    let months = try example.months(through: BillingMonth("2026-04"))
    var total = Money.zero(try Currency("EUR"))
    var rows = [["month", "actual", "line", "year to date"]]
    for (month, reading) in zip(months, actual) {
      total = try total + month.lines[0].amount
      rows.append(
        [
          "\(month.month)", try Fixed(reading.1).grouped, month.lines[0].amount.fixed.grouped,
          total.fixed.grouped,
        ])
    }
    #expect(
      columns(rows) == """
          month     actual     line  year to date
          2026-01   92,000   336.00        336.00
          2026-02   99,500   -84.00        252.00
          2026-03   97,000    56.00        308.00
          2026-04  104,000  -308.00          0.00
        """)
  }
}
