package import Base

/// A price list by the clock on the wall: what is used in the evening costs less, say. Formula:
/// Rating, `TimeOfDayCharge`.
package struct TimeOfDayTerms: ClauseTerms {
  package static var kind: String { "timeOfDay" }

  /// Stretches of the week with a price of their own.
  package struct Band: Hashable, Sendable {
    package let name: String
    package let times: [DayTimes]
    package let price: PriceTerms

    package init(name: String, times: [DayTimes], price: PriceTerms) {
      self.name = name
      self.times = times
      self.price = price
    }
  }

  package let meter: MeterKey
  package let bands: [Band]
  /// For every time that no band claims, so that none falls through.
  package let otherwise: PriceTerms
  /// The calendar whose holidays are no days of the week; nil where every day is one.
  package let holidays: CalendarKey?
  /// IANA name of the zone whose clocks and days count; nil for that of the contract.
  package let zone: String?

  package init(
    meter: MeterKey, bands: [Band], otherwise: PriceTerms, holidays: CalendarKey? = nil,
    zone: String? = nil
  ) {
    self.meter = meter
    self.bands = bands
    self.otherwise = otherwise
    self.holidays = holidays
    self.zone = zone
  }

  package var meters: [MeterKey] { [meter] }
  package var calendars: [CalendarKey] { holidays.map { [$0] } ?? [] }
  package var zones: [String] { zone.map { [$0] } ?? [] }

  /// What the line of the time between the bands is called.
  package static let otherwiseName = "otherwise"
}

extension TimeOfDayTerms {
  package func summary(in currency: Currency) -> String { "\(meter) at a price by time of day" }

  package init?(_ fields: inout FieldReader) {
    let meter = fields.required("meter", MeterKey.read)
    let bands = fields.required("bands", all: Node.list(of: Band.init(_:), countMax: 50))
    let otherwise = fields.required("otherwise", all: PriceTerms.init(_:))
    let holidays = fields.optional("holidays", CalendarKey.read)
    let zone = fields.optional("zone", Node.label)
    if holidays == nil,
      bands?.contains(where: { $0.times.contains(where: \.isOfHolidays) }) ?? false
    {
      fields.refuse("bands", "a band is of holidays, and `holidays` names no calendar")
    }
    let names = (bands?.map(\.name) ?? []) + [Self.otherwiseName]
    if Set(names).count < names.count {
      fields.refuse("bands", "two bands have the same name, or one is called `otherwise`")
    }
    if let times = bands?.flatMap(\.times), DayTimes.overlap(times) {
      fields.refuse("bands", "two bands claim the same time")
    }
    guard let meter, let bands, let otherwise else { return nil }
    self.init(meter: meter, bands: bands, otherwise: otherwise, holidays: holidays, zone: zone)
  }

  package var members: [JSON.Member] {
    [
      .init("meter", .text(meter)), .init("bands", .array(bands.map(\.json))),
      .init("otherwise", otherwise.json),
    ] + (holidays.map { [.init("holidays", .text($0))] } ?? [])
      + (zone.map { [.init("zone", .string($0))] } ?? [])
  }
}

extension TimeOfDayTerms.Band {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let name = fields.required("name", Node.lineName)
    let times = fields.required("times", all: Node.list(of: DayTimes.init(_:), countMax: 20))
    let price = fields.required("price", all: PriceTerms.init(_:))
    guard fields.isValid, let name, let times, let price else { throw fields.failure }
    self.init(name: name, times: times, price: price)
  }

  var json: JSON {
    ["name": .string(name), "times": .array(times.map(\.json)), "price": price.json]
  }
}
