import Base
import Contracts
import Metering
import Rating
import Testing

struct TimeOfDayChargeTests {
  /// Clocks go forward on the 31st of March 2013 at two, and back on the 27th of October at three.
  private static let berlin = ZoneRules(
    name: "Europe/Berlin", initialOffsetSeconds: 3600,
    changes: [
      .init(secondsSinceEpoch: 1_364_691_600, offsetSeconds: 7200),
      .init(secondsSinceEpoch: 1_382_835_600, offsetSeconds: 3600),
    ])

  private static func terms() throws -> TimeOfDayTerms {
    func price(_ rate: String) throws -> PriceTerms { .perUnit(rate: try Fixed(rate)) }
    return TimeOfDayTerms(
      meter: try MeterKey("energy"),
      bands: [
        .init(
          name: "night",
          times: [DayTimes(from: 22 * 60, until: 1440), DayTimes(from: 0, until: 150)],
          price: try price("0.10")),
        .init(
          name: "weekend",
          times: [DayTimes(days: [.saturday, .sunday], from: 150, until: 22 * 60)],
          price: try price("0.20")),
      ], otherwise: try price("0.30"))
  }

  /// What one kWh each second would come to: the value of a band is how long it is.
  private func hours(_ month: Int, zone: ZoneRules) throws -> [String] {
    let meter = MeterDefinition(
      key: try MeterKey("energy"), eventTypes: ["e"],
      aggregation: .sum(try NumberTerms(value: "/n")), unit: MeasureUnit("kWh"))
    let windows = RatingWindows(
      BillingMonth(year: 2013, month: month)!, term: .always, zone: zone)
    let charge = TimeOfDayCharge(
      try Self.terms(), ClauseScope("power", in: try Currency("EUR"), windows))
    let usage = charge.request.windows.map { window in
      Usage(count: 1, units: Int128(window.microseconds / 60_000_000))
    }
    return try charge.lines(UsageSeries(meter, usage)).map {
      "\($0.key) \(try $0.quantity / Ratio(60))"
    }
  }

  /// April 2013 has 30 days, 8 of them Saturdays and Sundays; the night has 4.5 hours.
  @Test func countsTheHoursOfEachBand() throws {
    #expect(
      try hours(4, zone: Self.berlin) == [
        "power/night 135", "power/weekend 156", "power/otherwise 429",
      ])
  }

  /// The last Sunday of March has no hour from two to three: the night loses half of it, and the
  /// weekend the other half. That of October has it twice, and so have both bands.
  @Test func theClocksOfTheZoneDecide() throws {
    #expect(
      try hours(3, zone: Self.berlin) == [
        "power/night 139", "power/weekend 194.5", "power/otherwise 409.5",
      ])
    #expect(
      try hours(10, zone: Self.berlin) == [
        "power/night 140", "power/weekend 156.5", "power/otherwise 448.5",
      ])
    #expect(
      try hours(10, zone: .utc) == [
        "power/night 139.5", "power/weekend 156", "power/otherwise 448.5",
      ])
  }
}
