import Base
import Contracts
import Metering
import Rating
import TestSupport
import Testing

/// Two years of a real turbine, R80790 of the wind farm La Haute Borne (ENGIE, licence of Etalab),
/// at 10,000.00 a month under bands of 97, 95 and 90 per cent.
struct WindFarmGoldenTests {
  /// A row wherever another state begins; `Scripts/reduce-wind-farm.py` made them.
  static func intervals() throws -> [StateInterval] {
    let changes = try WindFarm.changes()
    let ends = changes.dropFirst().map(\.time) + [Instant("2016-01-01T00:00:00Z")!]
    return try zip(changes, ends).map { change, end in
      let kind = try #require(StateClass.Kind(rawValue: change.state))
      return StateInterval(Period(start: change.time, end: end), StateClass(kind))
    }
  }

  @Test func theCreditsOfTwoYears() throws {
    var contract = try RatedContract(
      """
      - {key: turbines, kind: flatFee, amount: 10000.00}
      - {key: availability, kind: availabilityGuarantee, meter: state, bands:
         [{atLeast: 97, percent: 0}, {atLeast: 95, percent: 5}, {atLeast: 90, percent: 10},
          {percent: 20}]}
      """, from: "2014-01", assets: ["R80790"])
    try contract.say(Self.intervals(), of: "R80790")
    let months = try contract.months(through: "2015-12")
    let rows = try months.map { month in
      let finding = try #require(month.finding(of: "availability"))
      let (share, credit) = (try #require(finding.value), month.lines[1].amount)
      return [
        "\(month.month)", "\(try share / Ratio(100))", try share.rounded(to: 4).description,
        try (finding.coverage * Ratio(100)).rounded(to: 2).description, credit.fixed.grouped,
      ]
    }
    #expect(
      columns([["month", "A", "A %", "known %", "credit"]] + rows) == """
          month            A       A %  known %     credit
          2014-01  4333/4464   97.0654   100.00       0.00
          2014-02          1  100.0000   100.00       0.00
          2014-03  4463/4464   99.9776   100.00       0.00
          2014-04  1421/1436   98.9554    99.72       0.00
          2014-05    277/279   99.2832   100.00       0.00
          2014-06  3872/4285   90.3617    99.19  -1,000.00
          2014-07  2231/2232   99.9552   100.00       0.00
          2014-08          1  100.0000   100.00       0.00
          2014-09    713/720   99.0278   100.00       0.00
          2014-10  1454/1463   99.3848    98.32       0.00
          2014-11    713/720   99.0278   100.00       0.00
          2014-12  4441/4464   99.4848   100.00       0.00
          2015-01  1103/1114   99.0126    99.82       0.00
          2015-02  3647/3965   91.9798    98.34  -1,000.00
          2015-03  2231/2232   99.9552   100.00       0.00
          2015-04  2111/2139   98.6910    99.03       0.00
          2015-05  4440/4457   99.6186    99.84       0.00
          2015-06    659/685   96.2044    95.14    -500.00
          2015-07  4453/4464   99.7536   100.00       0.00
          2015-08  2203/2232   98.7007   100.00       0.00
          2015-09  4249/4320   98.3565   100.00       0.00
          2015-10  4457/4458   99.9776    99.87       0.00
          2015-11  4279/4320   99.0509   100.00       0.00
          2015-12          1  100.0000   100.00       0.00
        """)
    let june = try #require(months.first { "\($0.month)" == "2014-06" })
    #expect(try june.finding(of: "availability")?.value == Ratio(387_200, over: 4285))
  }
}
