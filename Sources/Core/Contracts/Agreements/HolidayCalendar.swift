package import Base

/// The days that are public holidays somewhere. Contracts say which calendar they keep.
package struct HolidayCalendar: Hashable, Sendable {
  package let key: CalendarKey
  package let name: String?
  /// Rising.
  package let holidays: [CivilDate]

  private static let holidaysMax = 5000
}

extension HolidayCalendar: CatalogDocument {
  package init(_ node: Node, key: CalendarKey) throws(Faults) {
    var fields = try FieldReader(node)
    let name = fields.optional("name", Node.label)
    let holidays = fields.required(
      "holidays", all: Node.list(each: Node.date, countMax: Self.holidaysMax))
    if let holidays, Set(holidays).count < holidays.count {
      fields.refuse("holidays", "a day is in the list twice")
    }
    guard fields.isValid, let holidays else { throw fields.failure }
    self.init(key: key, name: name, holidays: holidays.sorted())
  }

  package var json: JSON {
    .object([
      "name": name.map(JSON.string), "holidays": .array(holidays.map { .text($0) }),
    ])
  }
}

/// The clocks and calendars that clauses name beside the contract's own zone.
package struct Clocks: Sendable {
  package let zones: [String: ZoneRules]
  package let calendars: [CalendarKey: HolidayCalendar]

  package init(zones: [String: ZoneRules], calendars: [CalendarKey: HolidayCalendar]) {
    self.zones = zones
    self.calendars = calendars
  }

  package static let none = Clocks(zones: [:], calendars: [:])
}
