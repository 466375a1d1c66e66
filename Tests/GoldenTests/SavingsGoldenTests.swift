import Base
import Contracts
import Foundation
import Rating
import Testing

/// A year of a house whose true saving is known, for it was simulated: a tenth (opendsm,
/// Apache-2.0, as Scripts/reduce-savings.py fits its baseline and reduces it). Domain, section 7.
struct SavingsGoldenTests {
  private static func example() throws -> Chapter {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Savings/house-2017.txt")
    let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .map { $0.split(separator: " ").map(String.init) }
    let (baseline, days) = (rows[0], rows.dropFirst())
    let readings = days.flatMap { day in
      zip(["energy kWh", "hdd F·d", "cdd F·d"], day.dropFirst(2)).map { "\($0) \(day[1]) \($1)" }
    }
    return try Chapter(
      """
      ```yaml
      from: 2017-02-01
      clauses:
        - key: savings
          kind: gainShare
          actual: energy
          price: "0.14"
          share: "0.40"
          deductible: "0.02"
          coverageMin: "0.90"
          baseline:
            perDay: "\(baseline[1])"
            drivers:
              - {meter: hdd, coefficient: "\(baseline[2])"}
              - {meter: cdd, coefficient: "\(baseline[3])"}
            cvRMSE: "\(baseline[4])"
            cvRMSEMax: "0.30"
      ```
      ```usage
      \(readings.joined(separator: "\n"))
      ```
      ```lines
      ```
      """)
  }

  /// What is measured goes up and down around the true tenth, with a fit of one fourth of a day's
  /// use; each line settles the year to date.
  @Test func aHouseThatSavesATenth() throws {
    let months = try Self.example().months(through: BillingMonth("2018-01"))
    var total = Money.zero(try Currency("EUR"))
    var rows = [["month", "saved %", "line", "year to date"]]
    for month in months {
      total = try total + month.lines[0].amount
      let saved = try #require(month.finding(of: "savings")?.value)
      rows.append([
        "\(month.month)", try saved.rounded(to: 2).description,
        month.lines[0].amount.fixed.grouped, total.fixed.grouped,
      ])
    }
    #expect(
      columns(rows) == """
          month    saved %   line  year to date
          2017-02    16.74   5.82          5.82
          2017-03    13.90   3.87          9.69
          2017-04    11.76   0.85         10.54
          2017-05    11.29   2.50         13.04
          2017-06     9.06   0.89         13.93
          2017-07     9.07   4.98         18.91
          2017-08     8.63   1.69         20.60
          2017-09     7.85  -0.07         20.53
          2017-10     7.50   0.59         21.12
          2017-11     8.23   5.34         26.46
          2017-12     8.38   4.81         31.27
          2018-01     8.27   4.02         35.29
        """)
  }
}
