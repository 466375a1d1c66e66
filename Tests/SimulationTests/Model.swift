import Settlement

/// What the product should have come to, said as plainly as it can be said: a dictionary of events
/// and whole numbers. It shares nothing with the product but the wish.
struct Model {
  /// One thing a device said. Times are microseconds since 1970, running times tenths of a second.
  struct Event: Hashable {
    var source: String
    var id: String
    var type: String
    var subject: String
    var time: Int
    /// Nil where the device sent something that is no number.
    var tenths: Int?
    var bonus: Int
    /// What it says about another event, where it is a correction; its figures mean nothing then.
    var change: Change?
  }

  struct Figures: Hashable {
    var tenths: Int?
    var bonus: Int
  }

  /// What is different about an event; nil is as it was.
  struct Change: Hashable {
    var target: Name
    var isRetraction = false
    var time: Int?
    var subject: String?
    var type: String?
    var data: Figures?
  }

  struct Name: Hashable {
    let source: String
    let id: String
  }

  /// When a subject's events count for the contract.
  struct Stretch {
    let subject: String
    let from: Int
    let until: Int
  }

  struct Invoice: Equatable {
    var tenths = 0
    var runs = 0
    var hoursCents = 0
    var runsCents = 0
    /// The ids behind the running time, in order of time, source and id.
    var evidence: [String] = []
  }

  private(set) var events: [Name: Event] = [:]
  private(set) var conflicts: Set<Event> = []
  /// What counts once everything is told, whatever was corrected.
  private(set) var standing: [Event] = []

  mutating func take(_ event: Event) {
    let name = Name(source: event.source, id: event.id)
    guard let first = events[name] else {
      events[name] = event
      return
    }
    if first != event { conflicts.insert(event) }
  }

  /// To be called when everything was told.
  mutating func settle() {
    let corrections = events.values.filter { $0.change != nil }.sorted {
      ($0.time, $0.source, $0.id) < ($1.time, $1.source, $1.id)
    }
    var latest: [Name: Change] = [:]
    for correction in corrections { latest[correction.change!.target] = correction.change }
    standing = events.compactMap { name, event in
      guard event.change == nil else { return nil }
      return latest[name].map { Model.corrected(event, $0) } ?? event
    }
  }

  private static func corrected(_ event: Event, _ change: Change) -> Event? {
    if change.isRetraction { return nil }
    var event = event
    event.time = change.time ?? event.time
    event.subject = change.subject ?? event.subject
    event.type = change.type ?? event.type
    if let data = change.data { (event.tenths, event.bonus) = (data.tenths, data.bonus) }
    return event
  }

  static func counts(_ event: Event, meter: String) -> Int? {
    switch meter {
    case "time":
      event.type == "ran" || event.type == "hovered"
        ? event.tenths.flatMap { $0 < 0 ? nil : $0 } : nil
    case "runs": event.type == "ran" ? 1 : nil
    default: event.type == "ran" ? event.bonus : nil
    }
  }

  func usage(_ meter: String, _ subject: String, from: Int, until: Int) -> (count: Int, sum: Int) {
    let values =
      standing
      .filter { $0.subject == subject && from <= $0.time && $0.time < until }
      .compactMap { Model.counts($0, meter: meter) }
    return (values.count, values.reduce(0, +))
  }

  private func total(_ meter: String, _ stretches: [Stretch], from: Int, until: Int) -> Int {
    stretches.reduce(0) {
      let (from, until) = (max(from, $1.from), min(until, $1.until))
      return $0 + usage(meter, $1.subject, from: from, until: until).sum
    }
  }

  /// `month` and `year` are where the windows start; both end at `end`.
  func invoice(_ stretches: [Stretch], year: Int, month: Int, end: Int) -> Invoice {
    var invoice = Invoice()
    invoice.tenths = total("time", stretches, from: month, until: end)
    invoice.runs = total("runs", stretches, from: month, until: end)
    var leg = (tenths: invoice.tenths, runs: invoice.runs)
    // What the year says of a leg, its events say.
    let saysNoLeg = leg.runs == 0 && leg.tenths > 0
    let start = saysNoLeg ? year : month
    if saysNoLeg {
      leg = (
        total("time", stretches, from: year, until: end),
        total("runs", stretches, from: year, until: end)
      )
    }
    let severity = leg.runs == 0 ? 1_000_000 : Terms.severity(leg.tenths, leg.runs)
    // Tenths of a second over 36,000 are hours; cents an hour; millionths of severity.
    invoice.hoursCents = Model.rounded(
      Int128(invoice.tenths) * Int128(Terms.rateCents) * Int128(severity),
      over: 36_000 * 1_000_000)
    invoice.runsCents = invoice.runs * Terms.runCents
    invoice.evidence =
      standing
      .filter { event in
        Model.counts(event, meter: "time") != nil && start <= event.time && event.time < end
          && stretches.contains {
            $0.subject == event.subject && $0.from <= event.time && event.time < $0.until
          }
      }
      .sorted { ($0.time, $0.source, $0.id) < ($1.time, $1.source, $1.id) }.map(\.id)
    return invoice
  }

  /// Half away from zero; nothing here is negative.
  static func rounded(_ number: Int128, over divisor: Int128) -> Int {
    Int((2 * number + divisor) / (2 * divisor))
  }
}

/// What was agreed, in whole numbers.
enum Terms {
  static let rateCents = 13_725
  static let runCents = 310
  /// Hours a run and the factor there, both in thousandths.
  static let legTable = [
    (1000, 1235), (1500, 1078), (2000, 1000), (3000, 922), (5000, 859), (10_000, 812),
  ]

  /// In millionths: between two points on the straight line through them, beyond them flat.
  static func severity(_ tenths: Int, _ runs: Int) -> Int {
    // Hours a run is thousandths / divisor.
    let (thousandths, divisor) = (Int128(tenths) * 1000, Int128(runs) * 36_000)
    func isAtMost(_ at: Int) -> Bool { thousandths <= Int128(at) * divisor }
    if isAtMost(legTable[0].0) { return legTable[0].1 * 1000 }
    for place in 1..<legTable.count where isAtMost(legTable[place].0) {
      let (low, high) = (legTable[place - 1], legTable[place])
      let width = Int128(high.0 - low.0) * divisor
      let into = thousandths - Int128(low.0) * divisor
      let factor = Int128(low.1) * width + Int128(high.1 - low.1) * into
      return Model.rounded(factor * 1000, over: width)
    }
    return legTable[legTable.count - 1].1 * 1000
  }
}

/// A calendar made of a list of months, and clocks made of a list of changes.
struct Clocks {
  let zone: String
  /// Seconds since 1970 from which an offset, in seconds, is in force.
  private let offsets: [(from: Int, offset: Int)]

  /// 2012 and 2013 as the IANA time zone database has them.
  static let all = [
    Clocks(zone: "UTC", offsets: [(.min, 0)]),
    Clocks(zone: "Asia/Kathmandu", offsets: [(.min, 20_700)]),
    Clocks(zone: "Asia/Kolkata", offsets: [(.min, 19_800)]),
    Clocks(
      zone: "America/New_York",
      offsets: [
        (.min, -18_000), (1_331_449_200, -14_400), (1_352_008_800, -18_000),
        (1_362_898_800, -14_400), (1_383_458_400, -18_000),
      ]),
    Clocks(
      zone: "America/St_Johns",
      offsets: [
        (.min, -12_600), (1_331_443_800, -9000), (1_352_003_400, -12_600),
        (1_362_893_400, -9000), (1_383_453_000, -12_600),
      ]),
    Clocks(
      zone: "Australia/Lord_Howe",
      offsets: [
        (.min, 39_600), (1_333_206_000, 37_800), (1_349_537_400, 39_600),
        (1_365_260_400, 37_800), (1_380_987_000, 39_600),
      ]),
  ]

  /// Local midnight of the first day of the month that lies so many months after January 2012, in
  /// microseconds since 1970.
  func start(ofMonth index: Int) -> Int {
    var days = 15_340
    for month in 0..<index {
      let lengths = [31, month == 1 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      days += lengths[month % 12]
    }
    let local = days * 86_400
    let second = offsets.map { local - $0.offset }.first { second in
      second + offsets.last { $0.from <= second }!.offset == local
    }
    return second! * 1_000_000
  }
}

extension Model.Event {
  /// One that says nothing but its figures.
  init(_ figures: Model.Figures) {
    self.init(
      source: "", id: "", type: "", subject: "", time: 0, tenths: figures.tenths,
      bonus: figures.bonus)
  }
}
