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
  /// An event, and what the meter read from it; small, for there are many.
  private struct Found {
    let occurred: Instant
    let source: Int64
    let id: EventIdentifier
    /// The place of its stretch in the request; here it takes no room.
    let stretch: Int32
    let units: Int64
    /// Its number in the log.
    let sequence: Int64
    /// The same for events of one type with the same payload, as it was sent.
    let likeness: UInt64

    /// What events that are equal in all but source and id have in common.
    struct Measure: Hashable {
      let stretch: Int32
      let units: Int64
    }

    var measure: Measure { Measure(stretch: stretch, units: units) }
  }

  private let reader: MeterReader
  private let meters: [MeterDefinition]
  private var interests: [Interest] = []
  /// Where those in each subject stand among them.
  private var places: [Int64: Range<Int>] = [:]
  private var builders: [EvidenceBuilder]
  /// Nil where nobody asked for it.
  private let reviews: [EventReview?]
  /// Whether anybody asked for events that are equal in all but source and id.
  private let looksForEqual: Bool
  /// Whether what is counted of an event after the period lies in it.
  private let takesLater: [Bool]
  /// What of each request is not digested yet.
  private var found: [[Found]]
  /// What is older has been digested.
  private var digestedMicroseconds = Int64.min
  private var names = InternedTexts()
  /// Most events come from where the one before came from.
  private var lastSource: Int64?
  private var readings = MeterReadings()
  private var spelling: [UInt8] = []
  /// The page that was read last to compare payloads.
  private var comparedPage: LogPage?

  /// The evidence of each request; `meters` are those as they serve, and have all that are named.
  /// So many pages are read before what is complete among them is digested.
  static func evidence(
    _ requests: [EvidenceRequest], _ meters: MeterSet, pagesAtOnce: Int = 256, _ db: Database
  ) throws -> [EvidenceResult] {
    var reader = try EvidenceReader(requests, meters, db)
    try reader.read(pagesAtOnce: pagesAtOnce, db)
    let heard = reader.heard
    return requests.enumerated().map { place, request in
      EvidenceResult(
        evidence: reader.builders[place].finish(), reasons: reader.reviews[place]?.reasons ?? [],
        unheard: unheard(of: request, heard[place]))
    }
  }

  /// The places of those stretches of each request of which something counts that happened in the
  /// time looked over.
  private var heard: [Set<Int>] {
    interests.reduce(into: Array(repeating: [], count: builders.count)) { heard, interest in
      if interest.isHeard { heard[interest.request].insert(interest.stretch) }
    }
  }

  /// Most are heard: only those that are not are looked at by name.
  private static func unheard(of request: EvidenceRequest, _ heard: Set<Int>) -> [String] {
    guard let reviewed = request.reviewed else { return [] }
    let stretches = request.stretches
    let missing = stretches.indices.filter {
      !heard.contains($0) && !stretches[$0].period.intersection(reviewed).isEmpty
    }
    return Set(missing.map { stretches[$0].subject }).filter { subject in
      !stretches.indices.contains { heard.contains($0) && stretches[$0].subject == subject }
    }.sorted()
  }

  private init(_ requests: [EvidenceRequest], _ book: MeterSet, _ db: Database) throws {
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
    looksForEqual = reviews.contains { $0?.looksForEqual ?? false }
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
        guard let subject = try TextInterner.find(stretch.subject, db) else { continue }
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
      try CorrectedEvents.forEach(of: subject, hours: first...hours.upperBound, db) { page in
        try take(page, without: [], db)
      }
    }
    let starts = try LogReader.starts(of: hours, and: earlier, db)
    for (place, start) in starts.enumerated() {
      if place.isMultiple(of: pagesAtOnce) {
        try digest(before: start.earliestMicroseconds, db)
      }
      guard let page = try page(start.first, db) else { continue }
      try take(page, without: CorrectedEvents.corrected(page.sequences, db), db)
    }
    try digest(before: .max, db)
  }

  /// A page, or nil where it cannot be read and holds nothing of what is asked for.
  private func page(_ first: Int64, _ db: Database) throws -> LogPage? {
    if let page = try LogReader.sound(first, db) { return page }
    let subjects = try LogReader.subjects(on: first, db)
    guard subjects.isDisjoint(with: places.keys) else { throw LogPage.damaged(first) }
    return nil
  }

  private mutating func take(
    _ page: LogPage, without corrected: Set<Int64>, _ db: Database
  ) throws {
    // On a page what is of one subject lies together.
    var (last, lastPlaces) = (Int64?.none, Range<Int>?.none)
    for sequence in page.sequences where corrected.isEmpty || !corrected.contains(sequence) {
      guard let subject = page.subject(of: sequence) else { continue }
      if subject != last { (last, lastPlaces) = (subject, places[subject]) }
      guard let places = lastPlaces else { continue }
      let record = page[sequence]
      let occurred = record.occurred
      let hour = occurred.hour
      guard places.contains(where: { interests[$0].mayHold(hour) }) else { continue }
      guard record.occurredMicroseconds >= digestedMicroseconds else {
        throw LogPage.damaged(page.first)
      }
      if record.source != lastSource {
        _ = try names.text(record.source, db)
        lastSource = record.source
      }
      readings.removeAll()
      let verdict = reader.read(record, of: page, into: &readings)
      if !verdict.failures.isEmpty { try note(verdict.failures, record, of: page, places) }
      let likeness = looksForEqual ? EvidenceReader.likeness(of: record, in: page) : 0
      for place in places {
        let interest = interests[place]
        guard let units = units(of: interest, record, at: occurred) else { continue }
        if let only = interest.only {
          let reference = Evidence.Reference(
            source: names.texts[record.source]!, id: page.id(of: record), occurred: occurred)
          guard only.contains(reference) else { continue }
        }
        if interest.basis != nil || interest.heardFrom <= occurred { interest.isHeard = true }
        found[interest.request].append(
          Found(
            occurred: occurred, source: record.source, id: page.identifier(of: record),
            stretch: Int32(truncatingIfNeeded: interest.stretch), units: units,
            sequence: sequence, likeness: likeness))
      }
    }
  }

  /// Tells the meters of those who wait for it that they could not read an event.
  private mutating func note(
    _ failures: [MeterFailure], _ record: LogRecord, of page: LogPage, _ places: Range<Int>
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
  /// were sent; others, as good as never. It is cheap: only where it differs, of events at one
  /// moment that measure the same, are payloads compared by what they say. The key need not be
  /// secret: who makes two events alike has them looked at.
  private static func likeness(of record: LogRecord, in page: LogPage) -> UInt64 {
    page.bytes.withUnsafeBytes { bytes in
      let data = record.data.map { bytes.slice($0) }
      return likeness(
        data ?? UnsafeRawBufferPointer(start: nil, count: 0), label: UInt64(record.type))
    }
  }

  private static let likeness = KeyedHash(key: (0x7573_616e_6365_2e65, 0x7175_616c_2e6f_6e65))

  /// What the event that was read last is to an interest; nil where it is nothing.
  private func units(
    of interest: Interest, _ record: LogRecord, at occurred: Instant
  ) -> Int64? {
    for value in readings.values where value.meter == interest.meter {
      return interest.counts(occurred) ? value.units : nil
    }
    guard let reading = readings.others.first(where: { $0.meter == interest.meter }),
      interest.group == nil || interest.group == reading.group
    else { return nil }
    if let basis = interest.basis {
      let sample = meters[interest.meter].sample(of: reading, source: record.source)
      let isThere = sample.map { basis[reading.group]?.contains($0) ?? false } ?? false
      return isThere ? reading.units : nil
    }
    var units: Int128?
    for time in interest.times {
      if let tally = reading.tally(in: time) { units = (units ?? 0) + tally.units }
    }
    guard let units else { return nil }
    return reading.sample == nil ? Int64(units) : reading.units
  }

  private mutating func digest(before microseconds: Int64, _ db: Database) throws {
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
          source: sources[event.source]!, id: &spelling, event.occurred, units: event.units)
      }
      try review(events[..<complete], place, sources, db)
      events.removeFirst(complete)
      swap(&events, &found[place])
    }
  }

  /// Looks over the events of a request, in order. Most are fine, and none of those is named.
  private mutating func review(
    _ events: ArraySlice<Found>, _ place: Int, _ sources: [Int64: String], _ db: Database
  ) throws {
    guard let review = reviews[place], !events.isEmpty else { return }
    func reference(_ event: Found) -> Evidence.Reference {
      Evidence.Reference(
        source: sources[event.source]!, id: String(decoding: event.id.spelling, as: UTF8.self),
        occurred: event.occurred)
    }
    let period = review.period
    var start = events.startIndex
    for index in events.indices {
      let event = events[index]
      if event.occurred != events[start].occurred {
        if index - start > 1 { try noteEqual(events[start..<index], review, db, reference) }
        start = index
      }
      // An interval may end later, and count in part.
      guard
        period.contains(event.occurred)
          || takesLater[place] && period.end <= event.occurred
      else { continue }
      let findings = review.take(subject: Int(event.stretch), event.units, at: event.occurred)
      if !findings.isEmpty { review.note(findings, event.units, reference(event)) }
    }
    if events.endIndex - start > 1 { try noteEqual(events[start...], review, db, reference) }
  }

  /// Of some events at one moment, those that are alike.
  private mutating func noteEqual(
    _ moment: ArraySlice<Found>, _ review: EventReview, _ db: Database,
    _ reference: (Found) -> Evidence.Reference
  ) throws {
    guard review.looksForEqual, review.period.contains(moment[moment.startIndex].occurred) else {
      return
    }
    let byMeasure = Dictionary(grouping: moment.indices) { moment[$0].measure }
    for places in byMeasure.values.filter({ $0.count > 1 }).sorted(by: { $0[0] < $1[0] }) {
      let asSent = Dictionary(grouping: places) { moment[$0].likeness }
      var alike = asSent
      if asSent.count > 1 {
        alike = [:]
        // Those that were sent alike say the same: one of each is looked at.
        for places in asSent.values {
          alike[try payloadLikeness(of: moment[places[0]].sequence, db), default: []] += places
        }
      }
      for places in alike.values.filter({ $0.count > 1 }).map({ $0.sorted() })
        .sorted(by: { $0[0] < $1[0] })
      {
        review.note(equal: places.map { reference(moment[$0]) })
      }
    }
  }

  /// What an event says, or what stands for it says now.
  private mutating func payloadLikeness(of sequence: Int64, _ db: Database) throws -> UInt64 {
    var page = comparedPage
    if case .amended(let other, _) = try CorrectedEvents.standing(for: sequence, db) {
      page = other
    } else if page?.sequences.contains(sequence) != true {
      page = try LogReader.page(holding: sequence, db)
      comparedPage = page
    }
    guard let page, page.sequences.contains(sequence) else { throw LogPage.damaged(sequence) }
    let record = page[sequence]
    return page.bytes.withUnsafeBytes { bytes in
      PayloadLikeness.of(
        record.data.map { bytes.slice($0) } ?? UnsafeRawBufferPointer(start: nil, count: 0),
        type: UInt64(record.type))
    }
  }

  private static func isBefore(_ event: Found, _ other: Found, _ sources: [Int64: String]) -> Bool {
    guard event.occurred == other.occurred else { return event.occurred < other.occurred }
    return EventOrder.precedes(
      (event.occurred, sources[event.source]!), event.id.spelling,
      (other.occurred, sources[other.source]!), other.id.spelling)
  }
}
