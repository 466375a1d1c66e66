import Base
import Contracts
import GRDB
import Ingestion
import Metering
import Rating
import Settlement
import Workflow

/// Gathers the evidence of many lines at once. A page of the log has events of many subjects, and
/// several meters read the same event: each page is read once for all of them.
///
/// Pages come by the times of their earliest events. What happened before the next of them is
/// complete: it is digested, and let go. What was read is looked over in the same pass for what a
/// draft must be held for.
struct EvidenceReader {
  /// What a meter counted for some subjects while they count.
  struct Request: Hashable {
    let meter: MeterKey
    let stretches: [SubjectStretch]
    /// The stretches of that time which count, rising; nil where all of it does.
    var times: [Period]?
    /// The group whose events count; nil for all of them.
    var group: String?
    /// The time whose events are looked over as well; nil for none.
    var reviewed: Period?
    /// What the contract says of the meter, before what the meter says itself.
    var bounds = MeterBounds.none
  }

  struct Result {
    let evidence: Evidence
    let reasons: [HoldReason]
  }

  fileprivate struct Interest {
    /// The place of the request.
    let request: Int
    /// That of its meter among those that read.
    let meter: Int
    /// That of its stretch in the request.
    let stretch: Int
    /// Of that stretch.
    let period: Period
    /// What of it counts, rising.
    let times: [Period]
    let group: String?
    /// The samples that the times rest on, by group, where the meter remembers some.
    let basis: [String: Set<Sample>]?
    /// The hours in which an event may lie that has something to say about the times.
    let hours: ClosedRange<Int64>
    /// Earlier hours with samples that held already when the times began.
    let earlier: Set<Int64>

    func mayHold(_ hour: Int64) -> Bool { hours.contains(hour) || earlier.contains(hour) }
  }

  /// An event, and what the meter read from it; small, for there are many.
  private struct Found {
    let occurred: Instant
    let source: Int64
    let id: EventIdentifier
    /// The place of its stretch in the request; here it takes no room.
    let stretch: Int32
    let units: Int64
    /// The same for events that are equal in all but source and id.
    let likeness: UInt64

    func isLike(_ other: Found) -> Bool {
      likeness == other.likeness && stretch == other.stretch && units == other.units
    }
  }

  private let reader: MeterReader
  private let meters: [MeterDefinition]
  private var interests: [Interest] = []
  /// Where those in each subject stand among them.
  private var places: [Int64: Range<Int>] = [:]
  private var builders: [EvidenceBuilder]
  /// Nil where nobody asked for it.
  private var reviews: [EventReview?]
  /// Whether what is counted of an event after the period lies in it.
  private let takesLater: [Bool]
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
  ) throws -> [Result] {
    var reader = try EvidenceReader(requests, meters, db)
    try reader.read(pagesAtOnce: pagesAtOnce, db)
    return zip(reader.builders, reader.reviews).map {
      Result(evidence: $0.finish(), reasons: $1?.reasons ?? [])
    }
  }

  private init(_ requests: [Request], _ book: MeterBook, _ db: Database) throws {
    let named = Set(requests.map(\.meter))
    let meters = book.meters.filter { named.contains($0.key) }
    self.meters = meters
    reader = try MeterReader(meters, db)
    builders = requests.map { EvidenceBuilder(meter: $0.meter, places: book[$0.meter]!.places) }
    reviews = requests.map { request in
      request.reviewed.map { period in
        let meter = book[request.meter]!
        return EventReview(
          meter, request.bounds.or(meter.bounds), over: period,
          subjects: request.stretches.map(\.subject))
      }
    }
    takesLater = requests.map { request in
      request.reviewed.map { period in
        request.stretches.allSatisfy { $0.period.end <= period.end }
      } ?? false
    }
    found = Array(repeating: [], count: requests.count)
    var bySubject: [Int64: [Interest]] = [:]
    for (place, request) in requests.enumerated() {
      let meter = meters.firstIndex { $0.key == request.meter }!
      for (number, stretch) in request.stretches.enumerated() where !stretch.period.isEmpty {
        guard let subject = try Names.find(stretch.subject, db) else { continue }
        if let interest = try Interest(
          request, place, meters, meter, stretch, number, subject, db)
        {
          bySubject[subject, default: []].append(interest)
        }
      }
    }
    for (subject, interests) in bySubject {
      places[subject] = self.interests.count..<self.interests.count + interests.count
      self.interests += interests
    }
  }

  private mutating func read(pagesAtOnce: Int, _ db: Database) throws {
    let hours = places.mapValues { places in
      let hours = interests[places].map(\.hours)
      return hours.map(\.lowerBound).min()!...hours.map(\.upperBound).max()!
    }
    let earlier = places.mapValues { places in
      interests[places].reduce(into: Set<Int64>()) { $0.formUnion($1.earlier) }
    }
    for (subject, hours) in hours {
      let first = min(earlier[subject]!.min() ?? hours.lowerBound, hours.lowerBound)
      try Amendments.forEach(of: subject, hours: first...hours.upperBound, db) { page in
        try take(page, without: [], db)
      }
    }
    let starts = try EventPages.starts(of: hours, and: earlier, db)
    for (place, start) in starts.enumerated() {
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
      let hour = occurred.hour
      guard places.contains(where: { interests[$0].mayHold(hour) }) else { continue }
      guard record.occurredMicroseconds >= digestedMicroseconds else {
        throw EventPage.damaged(page.first)
      }
      _ = try names.text(record.source, db)
      readings.removeAll()
      let verdict = reader.read(record, of: page, into: &readings)
      if !verdict.failures.isEmpty { try note(verdict.failures, record, of: page, places) }
      let likeness = EvidenceReader.likeness(of: record, in: page)
      for place in places {
        let interest = interests[place]
        guard let units = units(of: interest, record, at: occurred) else { continue }
        found[interest.request].append(
          Found(
            occurred: occurred, source: record.source, id: page.identifier(of: record),
            stretch: Int32(truncatingIfNeeded: interest.stretch), units: units,
            likeness: likeness))
      }
    }
  }

  /// Tells the meters of those who wait for it that they could not read an event.
  private mutating func note(
    _ failures: [MeterFailure], _ record: EventRecord, of page: EventPage, _ places: Range<Int>
  ) throws {
    let reference = Evidence.Reference(
      source: names.texts[record.source]!, id: page.id(of: record), occurred: record.occurred)
    for place in places {
      let interest = interests[place]
      guard interest.period.contains(record.occurred),
        reviews[interest.request]?.period.contains(record.occurred) ?? false,
        let failure = failures.first(where: { $0.meter == interest.meter })
      else { continue }
      reviews[interest.request]!.note(failure, reference)
    }
  }

  /// Events under other sources and ids have the same where type and payload are the same, as they
  /// were sent; others, as good as never. The key need not be secret: who makes two events alike
  /// has them looked at.
  private static func likeness(of record: EventRecord, in page: EventPage) -> UInt64 {
    page.bytes.withUnsafeBytes { bytes in
      let data = record.data.map { bytes.slice($0) }
      return likeness(
        data ?? UnsafeRawBufferPointer(start: nil, count: 0), label: UInt64(record.type))
    }
  }

  private static let likeness = KeyedHash(key: (0x7573_616e_6365_2e65, 0x7175_616c_2e6f_6e65))

  /// What the event that was read last is to an interest; nil where it is nothing.
  private func units(
    of interest: Interest, _ record: EventRecord, at occurred: Instant
  ) -> Int64? {
    for value in readings.values where value.meter == interest.meter {
      return interest.times.contains { $0.contains(occurred) } ? value.units : nil
    }
    guard let reading = readings.others.first(where: { $0.meter == interest.meter }),
      interest.group == nil || interest.group == reading.group
    else { return nil }
    if let basis = interest.basis {
      let sample = meters[interest.meter].sample(of: reading, source: record.source)
      let isThere = sample.map { basis[reading.group]?.contains($0) ?? false } ?? false
      return isThere ? reading.units : nil
    }
    let tallies = interest.times.compactMap { reading.tally(in: $0) }
    guard !tallies.isEmpty else { return nil }
    return reading.sample == nil ? Int64(tallies.reduce(0) { $0 + $1.units }) : reading.units
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
      review(events[..<complete], place, sources)
      events.removeFirst(complete)
      swap(&events, &found[place])
    }
  }

  /// Looks over the events of a request, in order. Most are fine, and none of those is named.
  private mutating func review(
    _ events: ArraySlice<Found>, _ place: Int, _ sources: [Int64: String]
  ) {
    guard var review = reviews[place], !events.isEmpty else { return }
    // Changed where it is, it would be copied for every event.
    reviews[place] = nil
    defer { reviews[place] = review }
    func reference(_ event: Found) -> Evidence.Reference {
      Evidence.Reference(
        source: sources[event.source]!, id: String(decoding: event.id.spelling, as: UTF8.self),
        occurred: event.occurred)
    }
    var start = events.startIndex
    for index in events.indices {
      let event = events[index]
      if event.occurred != events[start].occurred {
        if index - start > 1 { Self.noteEqual(events[start..<index], &review, reference) }
        start = index
      }
      // An interval may end later, and count in part.
      guard
        review.period.contains(event.occurred)
          || takesLater[place] && review.period.end <= event.occurred
      else { continue }
      let findings = review.take(subject: Int(event.stretch), event.units, at: event.occurred)
      if !findings.isEmpty { review.note(findings, event.units, reference(event)) }
    }
    if events.endIndex - start > 1 { Self.noteEqual(events[start...], &review, reference) }
  }

  /// Of some events at one moment, those that are alike.
  private static func noteEqual(
    _ moment: ArraySlice<Found>, _ review: inout EventReview,
    _ reference: (Found) -> Evidence.Reference
  ) {
    guard review.looksForEqual, review.period.contains(moment[moment.startIndex].occurred) else {
      return
    }
    let byLikeness = Dictionary(grouping: moment.indices) { moment[$0].likeness }
    for places in byLikeness.values.filter({ $0.count > 1 }).sorted(by: { $0[0] < $1[0] }) {
      var rest = places[...]
      while let first = rest.first {
        let alike = rest.filter { moment[$0].isLike(moment[first]) }
        if alike.count > 1 { review.note(equal: alike.map { reference(moment[$0]) }) }
        rest = rest.filter { !alike.contains($0) }[...]
      }
    }
  }

  private static func isBefore(_ event: Found, _ other: Found, _ sources: [Int64: String]) -> Bool {
    guard event.occurred == other.occurred else { return event.occurred < other.occurred }
    return EventOrder.precedes(
      (event.occurred, sources[event.source]!), event.id.spelling,
      (other.occurred, sources[other.source]!), other.id.spelling)
  }
}

extension EvidenceReader.Interest {
  /// Nil where no event can have anything to say.
  init?(
    _ request: EvidenceReader.Request, _ place: Int, _ meters: [MeterDefinition], _ meter: Int,
    _ stretch: SubjectStretch, _ number: Int, _ subject: Int64, _ db: Database
  ) throws {
    let definition = meters[meter]
    let times = (request.times ?? [stretch.period]).map { $0.intersection(stretch.period) }
      .filter { !$0.isEmpty }
    guard let first = times.first, let last = times.last else { return nil }
    let whole = Period(start: first.start, end: last.end)
    self.request = place
    self.meter = meter
    self.stretch = number
    self.period = stretch.period
    self.times = times
    group = request.group
    hours = definition.aggregation.reach(of: whole).hours
    guard let memory = definition.aggregation.memory else {
      (basis, earlier) = (nil, [])
      return
    }
    var basis: [String: Set<Sample>] = [:]
    for series in try MeterSeries.all(of: definition, db)
    where request.group == nil || request.group == series.group {
      let samples = try SampleHistory(series, subject: subject).samples(of: whole, memory, db)
      basis[series.group] = definition.basis(of: samples, in: times)
    }
    let start = whole.start.microsecondsSinceEpoch
    earlier = basis.values.reduce(into: []) { hours, samples in
      for sample in samples where sample.time < start {
        hours.insert(floorDivide(sample.time, by: Instant.microsecondsPerHour))
      }
    }
    self.basis = basis
  }
}
