import Base
import Contracts
import Foundation
import GRDB
import Ingestion
import Metering
import Workflow

/// Writes admitted events to the log, each (source, id) once, and adds what the meters read to the
/// buckets of the same transaction.
///
/// It remembers what is in the database, and changes with each transaction; after one that failed
/// it must be made anew. Only to be used where a writing connection is at hand, which is its lock.
final class EventWriter: @unchecked Sendable {
  private var names = TextInterner()
  private var hours = ActiveHours()
  private var blocks: BlockPacker
  private var identities: IdentityIndex
  private let memory = PageMemory()
  private var nextSequence: Int64
  private var chain: LogChain
  /// Hashes of events that corrections name and that have not come yet.
  private var awaited: Set<UInt64> = []

  /// Subjects of events that lie on a damaged page of the log, and may come again: nobody could
  /// tell.
  private var unknowable: [String: Int64] = [:]
  private let isMaintained: Bool

  /// `isMaintained` where what is left to do behind the events is done beside them.
  init(_ db: Database, recentIdentitiesMax: Int, isMaintained: Bool = true) throws {
    self.isMaintained = isMaintained
    blocks = try BlockPacker(db)
    identities = try IdentityIndex(
      db, recentMax: recentIdentitiesMax, isMaintained: isMaintained)
    nextSequence = try LogReader.last(db) + 1
    chain = try LogChain(db)
    let rows = try Row.fetchAll(
      db, sql: "SELECT source, id FROM event_correction WHERE event IS NULL")
    for row in rows { awaited.insert(identities.hash(source: row[0], id: row[1])) }
    var texts = InternedTexts()
    for page in identities.unreadPages {
      for subject in try LogReader.subjects(on: page, db) {
        unknowable[subject == 0 ? "" : try texts.text(subject, db)] = page
      }
    }
  }

  /// Why the events of a request cannot be taken; nil where they can.
  func refusal(of request: Request) -> Fault? {
    guard !unknowable.isEmpty else { return nil }
    return request.intake.batch.bytes.withUnsafeBytes { text in
      for admitted in request.intake.admitted {
        let subject = admitted.event.subject.map { String(decoding: text.slice($0), as: UTF8.self) }
        guard let page = unknowable[subject ?? ""] else { continue }
        return Fault(
          .dataDamaged,
          "events of \(subject.map { "`\($0)`" } ?? "nobody") cannot be taken: whether they came "
            + "before is on a damaged page of the log, that of event \(page)")
      }
      return nil
    }
  }

  /// The events of one request, with whether they were read under the meters as they are now.
  struct Request {
    let intake: Intake
    let isCurrent: Bool
  }

  /// What became of each admitted event, request by request.
  func write(
    _ requests: [Request], _ catalog: CatalogSnapshot, _ db: Database
  ) throws -> [[AppendResult]] {
    var commit = Commit(received: requests.map(\.intake.received).max() ?? .earliest)
    commit.buckets.reserve(requests.reduce(0) { $0 + $1.intake.readings.values.count })
    let outcomes = try requests.map { request in
      try request.intake.batch.bytes.withUnsafeBytes { text in
        let reader = EventReader(request, text, catalog)
        var lately = LatelyNamed()
        let author = try request.intake.author.map { try names.number($0, db) }
        return try request.intake.admitted.enumerated().map { place, admitted in
          let correction =
            request.intake.corrections.isEmpty ? nil : request.intake.corrections[place]
          return try take(admitted, correction, by: author, reader, &lately, &commit, db)
        }
      }
    }
    try finish(&commit, catalog.state, db)
    return outcomes
  }

  /// Does a slice of what is left to do behind the events; false where there is nothing.
  func tidy(_ state: CatalogState, _ db: Database) throws -> Bool { try blocks.tidy(state, db) }

  /// How many blocks of hours have fallen quiet and are still to be packed.
  var blocksWaiting: Int { blocks.waitingCount }

  /// What one transaction will write.
  private struct Commit {
    var pending: PendingEvents
    var buckets = BucketDeltas()
    var conflicts: [Quarantine.Entry] = []
    /// By the places of their events in `pending`.
    var corrections: [(place: Int, Correction)] = []
    /// The places of events that corrections have been waiting for.
    var arrived: [Int] = []

    init(received: Instant) { pending = PendingEvents(received: received) }
  }

  private func take(
    _ admitted: AdmittedEvent, _ correction: Correction?, by author: Int64?,
    _ reader: EventReader, _ lately: inout LatelyNamed, _ commit: inout Commit, _ db: Database
  ) throws -> AppendResult {
    let (event, text) = (admitted.event, reader.text)
    let numbers = EventNumbers(
      source: try lately.source.number(text.slice(event.source), &names, db),
      type: try lately.type.number(text.slice(event.type), &names, db),
      subject: try event.subject.map { try names.number(text.slice($0), db) }, author: author)
    let range = commit.pending.append(event, of: text, numbers, occurred: admitted.occurred)
    let record = commit.pending.record(at: range.lowerBound)
    let hash = commit.pending.bytes.withUnsafeBytes { identities.hash(of: record, in: $0) }
    if let known = try find(record, hash, commit.pending, db) {
      commit.pending.takeBack(range)
      if known.isRepeated(by: event, of: text, numbers, occurred: admitted.occurred) {
        return .duplicate
      }
      commit.conflicts.append(
        Quarantine.Entry(
          known: known.place, sent: PayloadIdentity(event, of: text, numbers, admitted.occurred),
          isUndated: event.time == nil, received: reader.received, author: author))
      return .conflicting
    }
    let place = commit.pending.entries.count
    if let correction { commit.corrections.append((place, correction)) }
    if awaited.contains(hash) { commit.arrived.append(place) }
    var isDoubtful = admitted.doubt != nil || correction != nil
    let hour = admitted.occurred.hour
    reader.forEachValue(of: admitted, &isDoubtful) { meter, units in
      guard let subject = numbers.subject else { return }
      commit.buckets.add(units, to: Bucket(meter: meter, subject: subject, hour: hour))
    }
    if let subject = numbers.subject, reader.hasOthers(admitted) {
      for reading in reader.others(of: admitted) {
        let series = try BucketSeries(reading, reader.state, &names, db)
        commit.buckets.count(reading, in: series, subject: subject, source: numbers.source)
      }
    }
    commit.pending.keep(
      PendingEvents.Entry(
        subject: numbers.subject ?? 0, hour: hour,
        occurred: admitted.occurred.microsecondsSinceEpoch, record: range,
        identity: identities.insert(hash, standIn: -Int64(place) - 1), isDoubtful: isDoubtful))
    return .accepted
  }

  /// The event with the same source and id, stored or pending.
  private func find(
    _ record: LogRecord, _ hash: UInt64, _ pending: PendingEvents, _ db: Database
  ) throws -> StoredEvent? {
    var known: StoredEvent?
    let memory = memory
    _ = try identities.first(hash, db) { place in
      let candidate =
        try place < 0
        ? pending.event(place)
        : memory.event(place, db)
      guard candidate.hasIdentity(of: record, in: pending.bytes) else { return false }
      known = candidate
      return true
    }
    return known
  }

  private func finish(
    _ commit: inout Commit, _ state: CatalogState, _ db: Database
  ) throws {
    let sequences = try LogWriter.write(
      commit.pending, first: nextSequence, &hours, &chain, db)
    for (entry, sequence) in zip(commit.pending.entries, sequences) {
      identities.settle(entry.identity, sequence)
    }
    for conflict in commit.conflicts {
      let sequence = conflict.known < 0 ? sequences[Int(-conflict.known) - 1] : conflict.known
      try Quarantine.keep(conflict, conflictingWith: sequence, db)
    }
    try settleCorrections(&commit, sequences, state, db)
    try commit.buckets.save(&hours, db) { try blocks.note($0, db) }
    if isMaintained { try blocks.work(state, stored: sequences.count, db) }
    nextSequence += Int64(sequences.count)
    try identities.finish(through: nextSequence - 1, stored: sequences.count, db)
  }
}

extension EventWriter {
  private func settleCorrections(
    _ commit: inout Commit, _ sequences: [Int64], _ state: CatalogState, _ db: Database
  ) throws {
    guard !commit.corrections.isEmpty || !commit.arrived.isEmpty else { return }
    var events = Dictionary(uniqueKeysWithValues: commit.arrived.map { (sequences[$0], [Int64]()) })
    for (place, correction) in commit.corrections {
      let source = try names.number(correction.source, db)
      let event = try find(source: source, id: correction.id, db)
      try CorrectionWriter.note(correction, sequences[place], source: source, event: event, db)
      if let event {
        events[event, default: []].append(sequences[place])
      } else {
        awaited.insert(identities.hash(source: source, id: correction.id))
      }
    }
    var keeper = try CorrectionWriter(state, db)
    for (event, new) in events.sorted(by: { $0.key < $1.key }) {
      try keeper.settle(event, new: new, &names, &commit.buckets, db)
    }
  }

  /// The number of the event with that source and id, once every event has one.
  private func find(source: Int64, id: String, _ db: Database) throws -> Int64? {
    try identities.first(identities.hash(source: source, id: id), db) { place in
      try memory.event(place, db).isIdentified(bySource: source, id: id)
    }
  }

  /// The same for whoever asks from outside; nil where there is none.
  func find(source: String, id: String, _ db: Database) throws -> Int64? {
    try TextInterner.find(source, db).flatMap { try find(source: $0, id: id, db) }
  }
}

/// What the event before was: in one request most have the same source and the same type, and to
/// compare two short texts takes less than to look one up.
private struct LatelyNamed {
  struct Text {
    /// Nil until there is one.
    private var last: (text: UnsafeRawBufferPointer, number: Int64)?

    mutating func number(
      _ text: UnsafeRawBufferPointer, _ names: inout TextInterner, _ db: Database
    ) throws -> Int64 {
      if let last, last.text.count == text.count, !text.isEmpty,
        memcmp(last.text.baseAddress!, text.baseAddress!, text.count) == 0
      {
        return last.number
      }
      let number = try names.number(text, db)
      last = (text, number)
      return number
    }
  }

  var source = Text()
  var type = Text()
}

/// What the meters read from the events of one request. Where the catalog has changed since they
/// were read, they are read anew: what is stored always agrees with the meters as they are.
private struct EventReader {
  let text: UnsafeRawBufferPointer
  let received: Instant
  private let catalog: CatalogSnapshot
  private let readings: MeterReadings?

  var state: CatalogState { catalog.state }

  init(
    _ request: EventWriter.Request, _ text: UnsafeRawBufferPointer, _ catalog: CatalogSnapshot
  ) {
    self.text = text
    self.catalog = catalog
    received = request.intake.received
    readings = request.isCurrent ? request.intake.readings : nil
  }

  /// Gives the number of each plain meter, and what it read.
  func forEachValue(
    of admitted: AdmittedEvent, _ isDoubtful: inout Bool, _ body: (Int64, Int64) -> Void
  ) {
    if let readings {
      for value in readings.values[admitted.values] {
        body(catalog.state.meterNumbers[value.meter], value.units)
      }
      return
    }
    var anew = MeterReadings()
    let verdict = read(admitted, into: &anew)
    // Who it belongs to may have changed as well.
    let doubt = catalog.state.catalog.doubt(
      aboutSubject: admitted.event.subject.map { text.slice($0) }, at: admitted.occurred)
    isDoubtful = (doubt ?? verdict.doubtOnceAdmitted) != nil
    for value in anew.values { body(catalog.state.meterNumbers[value.meter], value.units) }
  }

  func hasOthers(_ admitted: AdmittedEvent) -> Bool {
    readings == nil || !admitted.others.isEmpty
  }

  /// What the meters read that are not plain.
  func others(of admitted: AdmittedEvent) -> [Reading] {
    if let readings { return Array(readings.others[admitted.others]) }
    var anew = MeterReadings()
    _ = read(admitted, into: &anew)
    return anew.others
  }

  private func read(_ admitted: AdmittedEvent, into anew: inout MeterReadings) -> MeterVerdict {
    catalog.state.meters.read(
      type: text.slice(admitted.event.type), data: admitted.event.data.map { text.slice($0) },
      at: admitted.occurred, into: &anew)
  }
}
