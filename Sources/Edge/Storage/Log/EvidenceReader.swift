import Base
import GRDB
import Ingestion
import Metering
import Rating

/// Gathers the evidence of many lines at once. A page of the log has events of many subjects, and
/// several meters read the same event: each page is read once for all of them.
///
/// Pages come by the times of their earliest events. What happened before the next of them is
/// complete: it is digested, and let go.
struct EvidenceReader {
  /// What a meter counted for some subjects while they count.
  struct Request: Hashable {
    let meter: MeterKey
    let stretches: [SubjectStretch]
  }

  private struct Interest {
    /// The place of the request.
    let request: Int
    /// That of its meter among those that read.
    let meter: Int
    let period: Period
    /// The time in which an event may lie that has something to say about the period.
    let reach: Period
  }

  /// An event, and what the meter read from it; small, for there are many.
  private struct Found {
    let occurred: Instant
    let source: Int64
    let id: EventIdentifier
    let units: Int64
  }

  private let reader: MeterReader
  private var interests: [Interest] = []
  /// Where those in each subject stand among them.
  private var places: [Int64: Range<Int>] = [:]
  private var builders: [EvidenceBuilder]
  /// What of each request is not digested yet.
  private var found: [[Found]]
  /// What is older has been digested.
  private var digestedMicroseconds = Int64.min
  private var names = NameTexts()
  private var readings = MeterReadings()
  private var spelling: [UInt8] = []

  /// The evidence of each request; `meters` are those as they serve, and have all that are named.
  /// So many pages are read before what is complete among them is digested.
  static func evidence(
    _ requests: [Request], _ meters: MeterBook, pagesAtOnce: Int = 256, _ db: Database
  ) throws -> [Evidence] {
    var reader = try EvidenceReader(requests, meters, db)
    try reader.read(pagesAtOnce: pagesAtOnce, db)
    return reader.builders.map { $0.finish() }
  }

  private init(_ requests: [Request], _ book: MeterBook, _ db: Database) throws {
    let named = Set(requests.map(\.meter))
    let meters = book.meters.filter { named.contains($0.key) }
    reader = try MeterReader(meters, db)
    builders = requests.map { EvidenceBuilder(meter: $0.meter, places: book[$0.meter]!.places) }
    found = Array(repeating: [], count: requests.count)
    var bySubject: [Int64: [Interest]] = [:]
    for (place, request) in requests.enumerated() {
      let meter = meters.firstIndex { $0.key == request.meter }!
      for stretch in request.stretches where !stretch.period.isEmpty {
        guard let subject = try Names.find(stretch.subject, db) else { continue }
        bySubject[subject, default: []].append(
          Interest(
            request: place, meter: meter, period: stretch.period,
            reach: meters[meter].aggregation.reach(of: stretch.period)))
      }
    }
    for (subject, interests) in bySubject {
      places[subject] = self.interests.count..<self.interests.count + interests.count
      self.interests += interests
    }
  }

  private mutating func read(pagesAtOnce: Int, _ db: Database) throws {
    let hours = places.mapValues { places in
      let hours = interests[places].map(\.reach.hours)
      return hours.map(\.lowerBound).min()!...hours.map(\.upperBound).max()!
    }
    for (subject, hours) in hours {
      try Amendments.forEach(of: subject, hours: hours, db) { page in
        try take(page, without: [], db)
      }
    }
    for (place, start) in try EventPages.starts(of: hours, db).enumerated() {
      if place.isMultiple(of: pagesAtOnce) {
        digest(before: start.earliestMicroseconds)
      }
      guard let page = try EventPages.page(holding: start.first, db) else {
        throw EventPage.damaged(start.first)
      }
      try take(page, without: Amendments.corrected(page.sequences, db), db)
    }
    digest(before: .max)
  }

  private mutating func take(
    _ page: EventPage, without corrected: Set<Int64>, _ db: Database
  ) throws {
    for sequence in page.sequences where corrected.isEmpty || !corrected.contains(sequence) {
      let record = page[sequence]
      guard let subject = record.subject, let places = places[subject] else { continue }
      let occurred = record.occurred
      guard places.contains(where: { interests[$0].reach.contains(occurred) }) else { continue }
      guard record.occurredMicroseconds >= digestedMicroseconds else {
        throw EventPage.damaged(page.first)
      }
      _ = try names.text(record.source, db)
      readings.removeAll()
      _ = reader.read(record, of: page, into: &readings)
      for place in places {
        let interest = interests[place]
        guard let units = units(of: interest, at: occurred) else { continue }
        found[interest.request].append(
          Found(
            occurred: occurred, source: record.source, id: page.identifier(of: record),
            units: units))
      }
    }
  }

  /// What the event that was read last is to an interest; nil where it is nothing.
  private func units(of interest: Interest, at occurred: Instant) -> Int64? {
    for value in readings.values where value.meter == interest.meter {
      return interest.period.contains(occurred) ? value.units : nil
    }
    guard let reading = readings.others.first(where: { $0.meter == interest.meter }),
      let tally = reading.tally(in: interest.period)
    else { return nil }
    return reading.sample == nil ? Int64(tally.units) : reading.units
  }

  private mutating func digest(before microseconds: Int64) {
    digestedMicroseconds = microseconds
    let sources = names.texts
    for place in found.indices where !found[place].isEmpty {
      var events: [Found] = []
      swap(&events, &found[place])
      events.sort { Self.isBefore($0, $1, sources) }
      let complete = events.indices.partitionPoint {
        events[$0].occurred.microsecondsSinceEpoch >= microseconds
      }
      for event in events[..<complete] {
        spelling.removeAll(keepingCapacity: true)
        event.id.append(to: &spelling)
        builders[place].append(
          source: sources[event.source]!, id: spelling, event.occurred, units: event.units)
      }
      events.removeFirst(complete)
      swap(&events, &found[place])
    }
  }

  private static func isBefore(_ event: Found, _ other: Found, _ sources: [Int64: String]) -> Bool {
    guard event.occurred == other.occurred else { return event.occurred < other.occurred }
    return EventOrder.precedes(
      (event.occurred, sources[event.source]!), event.id.spelling,
      (other.occurred, sources[other.source]!), other.id.spelling)
  }
}
