import Base
import GRDB
import Ingestion
import Metering
import Rating

/// Gathers the evidence of many lines at once. A page of the log has events of many subjects, and
/// several meters read the same event: each page is read once for all of them.
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

  private let meters: [MeterDefinition]
  private let reader: MeterReader
  private var interests: [Int64: [Interest]] = [:]
  private var found: [[(event: Evidence.Reference, units: Int64)]]
  private var names = NameTexts()

  /// The evidence of each request; `meters` are those as they serve, and have all that are named.
  static func evidence(
    _ requests: [Request], _ meters: MeterBook, _ db: Database
  ) throws -> [Evidence] {
    var reader = try EvidenceReader(requests, meters, db)
    try reader.read(db)
    return zip(requests, reader.found).map { request, found in
      let found = found.sorted { $0.event.precedes($1.event) }
      var builder = EvidenceBuilder(meter: request.meter, places: meters[request.meter]!.places)
      for (event, units) in found { builder.append(event, units: units) }
      return builder.finish()
    }
  }

  private init(_ requests: [Request], _ book: MeterBook, _ db: Database) throws {
    let named = Set(requests.map(\.meter))
    meters = book.meters.filter { named.contains($0.key) }
    reader = try MeterReader(meters, db)
    found = Array(repeating: [], count: requests.count)
    for (place, request) in requests.enumerated() {
      let meter = meters.firstIndex { $0.key == request.meter }!
      for stretch in request.stretches where !stretch.period.isEmpty {
        guard let subject = try Names.find(stretch.subject, db) else { continue }
        interests[subject, default: []].append(
          Interest(
            request: place, meter: meter, period: stretch.period,
            reach: meters[meter].aggregation.reach(of: stretch.period)))
      }
    }
  }

  private mutating func read(_ db: Database) throws {
    let hours = interests.mapValues { interests in
      interests.map(\.reach.hours.lowerBound).min()!...interests.map(\.reach.hours.upperBound)
        .max()!
    }
    for first in try EventPages.firsts(of: hours, db) {
      guard let page = try EventPages.page(holding: first, db) else {
        throw EventPage.damaged(first)
      }
      try take(page, without: Amendments.corrected(page.sequences, db), db)
    }
    for (subject, hours) in hours {
      var amended: [EventPage] = []
      try Amendments.forEach(of: subject, hours: hours, db) { amended.append($0) }
      for page in amended { try take(page, without: [], db) }
    }
  }

  private mutating func take(
    _ page: EventPage, without corrected: Set<Int64>, _ db: Database
  ) throws {
    for sequence in page.sequences where !corrected.contains(sequence) {
      let record = page[sequence]
      guard let subject = record.subject, let interests = interests[subject],
        interests.contains(where: { $0.reach.contains(record.occurred) })
      else { continue }
      var event: Evidence.Reference?
      for reading in reader.readings(record, of: page) {
        for interest in interests where interest.meter == reading.meter {
          guard let tally = reading.tally(in: interest.period) else { continue }
          let reference = try event ?? names.reference(to: record, of: page, db)
          event = reference
          found[interest.request].append(
            (reference, reading.sample == nil ? Int64(tally.units) : reading.units))
        }
      }
    }
  }
}

extension NameTexts {
  /// What evidence and facts call an event.
  mutating func reference(
    to record: EventRecord, of page: EventPage, _ db: Database
  ) throws -> Evidence.Reference {
    Evidence.Reference(
      source: try text(record.source, db), id: page.id(of: record), occurred: record.occurred)
  }
}
