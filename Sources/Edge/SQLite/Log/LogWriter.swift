import Base
import GRDB
import Ingestion

/// Appends the events of a transaction to the log, page by page.
struct LogWriter {
  private let pending: PendingEvents
  private var first: Int64
  private var body: [UInt8] = []
  private var page: [PendingEvents.Entry] = []
  private var chain: LogChain
  /// Those that the next page covers.
  private var texts: [LogChain.Text]

  /// `first` is the sequence number of the next event.
  private init(
    _ pending: PendingEvents, first: Int64, _ chain: LogChain, _ db: Database
  ) throws {
    self.pending = pending
    self.first = first
    self.chain = chain
    texts = try pending.entries.isEmpty ? [] : chain.newTexts(db)
  }

  /// Gives each event its number, in the order of `pending.entries`.
  static func write(
    _ pending: PendingEvents, first: Int64, _ hours: inout ActiveHours, _ chain: inout LogChain,
    _ db: Database
  ) throws -> [Int64] {
    var sequences = Array(repeating: Int64(0), count: pending.entries.count)
    var writer = try LogWriter(pending, first: first, chain, db)
    for (rank, place) in pending.placesInOrder().enumerated() {
      let entry = pending.entries[place]
      sequences[place] = first + Int64(rank)
      if writer.isFull(with: entry) { try writer.close(&hours, db) }
      writer.append(entry)
    }
    try writer.close(&hours, db)
    chain = writer.chain
    return sequences
  }

  private func isFull(with entry: PendingEvents.Entry) -> Bool {
    page.count == LogPage.eventsMax
      || (!page.isEmpty && body.count + entry.record.count > LogPage.bytesMax)
  }

  private mutating func append(_ entry: PendingEvents.Entry) {
    page.append(entry)
    body.append(contentsOf: pending.bytes[entry.record])
  }

  private mutating func close(_ hours: inout ActiveHours, _ db: Database) throws {
    guard !page.isEmpty else { return }
    let numbers = [
      first, Int64(page.count), pending.received.microsecondsSinceEpoch,
      page.map(\.occurred).min()!, page.map(\.occurred).max()!,
    ]
    try body.withUnsafeBytes { body in
      chain.add(numbers, texts, body)
      try RawStatement(
        """
        INSERT INTO event_page
          (first, events, received, earliest, latest, doubtful, checksum, names, digest, body)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, db
      ).bind(
        numbers[0], numbers[1], numbers[2], numbers[3], numbers[4],
        page.contains(where: \.isDoubtful) ? 1 : 0, LogReader.checksum(body, first: first),
        chain.names
      ).bind(blob: chain.digest, at: 9).run(blob: body, at: 10)
    }
    texts = []
    try writePlaces(&hours, db)
    first += Int64(page.count)
    page.removeAll(keepingCapacity: true)
    body.removeAll(keepingCapacity: true)
  }

  /// Entries are in the order of subject and hour: the same two come one behind the other.
  private func writePlaces(_ hours: inout ActiveHours, _ db: Database) throws {
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
