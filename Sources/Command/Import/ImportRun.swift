import Base
import Console
import Foundation

/// One import: records into batches, batches to the server, what became of them into the journal.
struct ImportRun {
  static let batchEventsMax = 1_000
  /// Well below what the server takes at once.
  private static let batchBytesMax = 4 << 20

  private var reader: any ImportRecords
  private let source: ImportSource
  let journal: ImportJournal
  private var sender: ImportSender

  private var batch: [ImportRecord] = []
  private var batchBytes = 0
  private var bar: ProgressBar
  private let started = ContinuousClock.now
  private let rowsBefore: Int

  init(
    reader: any ImportRecords, source: ImportSource, journal: ImportJournal, sender: ImportSender
  ) {
    self.reader = reader
    self.source = source
    self.journal = journal
    self.sender = sender
    bar = ProgressBar("Importing", total: source.bytesTotal ?? 0)
    rowsBefore = journal.tally.rows
  }

  /// Reads to the end of the file. Where the file itself is at fault, what stands before the fault
  /// is posted first.
  mutating func post() async throws {
    do {
      while let piece = try source.next() {
        reader.append(piece)
        try await drain()
      }
      reader.finish()
      try await drain()
    } catch {
      try await postBatch()
      throw error
    }
    try await postBatch()
    try journal.end()
  }

  private mutating func drain() async throws {
    while let record = try reader.next() {
      // Acknowledged by an earlier run.
      guard record.end > journal.bytes else { continue }
      batch.append(record)
      if case .event(let text) = record.content { batchBytes += text.count }
      if batch.count == Self.batchEventsMax || batchBytes > Self.batchBytesMax {
        try await postBatch()
      }
    }
  }

  private mutating func postBatch() async throws {
    guard let last = batch.last else { return }
    let records = batch
    batch = []
    batchBytes = 0
    var events: [(line: Int, text: [UInt8])] = []
    for record in records {
      if case .event(let text) = record.content { events.append((record.line, text)) }
    }
    let receipt =
      events.isEmpty ? ImportSender.Receipt() : try await sender.post(events.map(\.text))
    for record in records {
      guard case .refused(let fault, let row) = record.content else { continue }
      try journal.refuse(record.line, "rejected", fault.code.rawValue, fault.detail, row)
    }
    for refusal in receipt.refusals {
      let event = events[refusal.index]
      try journal.refuse(
        event.line, refusal.outcome, refusal.code, refusal.detail, try JSON(parsing: event.text))
    }
    try journal.acknowledge(receipt.tally, end: last.end)
    show()
  }

  private mutating func show() {
    guard source.bytesTotal != nil else { return }
    let tally = journal.tally
    let elapsed = started.duration(to: .now) / .seconds(1)
    let rate = elapsed > 0 ? Int(Double(tally.rows - rowsBefore) / elapsed) : 0
    bar.show(
      source.bytesRead,
      """
      \(rate) events/s, \(tally["accepted"]) accepted, \(tally["duplicate"]) duplicate, \
      \(tally.refused) refused
      """)
  }

  /// What became of the file, and which rows need a person.
  func report() {
    let tally = journal.tally
    Output.say(
      """
      Read \(tally.rows.counted("row")): \(tally["accepted"]) accepted, \
      \(tally["duplicate"]) duplicate, \(tally["conflicting"]) conflicting, \
      \(tally["rejected"]) rejected.
      """)
    if tally["unmatched"] > 0 {
      Output.say(
        """
        \(tally["unmatched"]) of the accepted events are kept and do not count yet; \
        GET /v1/events?status=unmatched says why.
        """)
    }
    guard tally.refused > 0 else { return }
    for line in journal.shown { Output.say("  " + line) }
    Output.say("All refused rows, with the reasons: \(journal.rejectedPath)")
  }
}
