import Base
import GRDB
import Ingestion

/// Appends the events of a transaction to the log, page by page.
struct PageWriter {
  private let pending: PendingEvents
  private var first: Int64
  private var body: [UInt8] = []
  private var page: [PendingEvents.Entry] = []

  /// `first` is the sequence number of the next event.
  private init(_ pending: PendingEvents, first: Int64) {
    self.pending = pending
    self.first = first
  }

  /// Gives each event its number, in the order of `pending.entries`.
  static func write(
    _ pending: PendingEvents, first: Int64, _ hours: inout HoursSeen, _ db: Database
  ) throws -> [Int64] {
    var sequences = Array(repeating: Int64(0), count: pending.entries.count)
    var writer = PageWriter(pending, first: first)
    for (rank, place) in pending.placesInOrder().enumerated() {
      let entry = pending.entries[place]
      sequences[place] = first + Int64(rank)
      if writer.isFull(with: entry) { try writer.close(&hours, db) }
      writer.append(entry)
    }
    try writer.close(&hours, db)
    return sequences
  }

  private func isFull(with entry: PendingEvents.Entry) -> Bool {
    page.count == EventPage.eventsMax
      || (!page.isEmpty && body.count + entry.record.count > EventPage.bytesMax)
  }

  private mutating func append(_ entry: PendingEvents.Entry) {
    page.append(entry)
    body.append(contentsOf: pending.bytes[entry.record])
  }

  private mutating func close(_ hours: inout HoursSeen, _ db: Database) throws {
    guard !page.isEmpty else { return }
    try body.withUnsafeBytes { body in
      try RawStatement(
        """
        INSERT INTO event_page (first, events, received, earliest, latest, doubtful, checksum, body)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """, db
      ).bind(
        first, Int64(page.count), pending.received.microsecondsSinceEpoch,
        page.map(\.occurred).min()!, page.map(\.occurred).max()!,
        page.contains(where: \.isDoubtful) ? 1 : 0, EventPages.checksum(body, first: first)
      ).run(blob: body, at: 8)
    }
    try writePlaces(&hours, db)
    first += Int64(page.count)
    page.removeAll(keepingCapacity: true)
    body.removeAll(keepingCapacity: true)
  }

  /// Entries are in the order of subject and hour: the same two come one behind the other.
  private func writePlaces(_ hours: inout HoursSeen, _ db: Database) throws {
    let statement = try RawStatement(
      "INSERT INTO event_place (hour, subject, page) VALUES (?, ?, ?)", db)
    var last: (subject: Int64, hour: Int64)?
    for entry in page where last?.subject != entry.subject || last?.hour != entry.hour {
      last = (entry.subject, entry.hour)
      try hours.note(entry.hour, db)
      try statement.bind(entry.hour, entry.subject, first).run()
    }
  }
}
