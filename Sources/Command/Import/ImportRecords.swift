import Base
import Ingestion

/// One line or row of the file: an event, or why it is none.
struct ImportRecord {
  enum Content {
    case event([UInt8])
    /// What stood there, as far as it can be shown.
    case refused(Fault, JSON)
  }

  /// From one.
  let line: Int
  let content: Content
  /// How many bytes of the text lie before the next record.
  let end: Int

  /// An event is looked at here already, so that one bad line cannot spoil its batch.
  init(line: Int, event: [UInt8], end: Int, otherwise: @autoclosure () -> JSON) {
    self.line = line
    self.end = end
    do throws(Fault) {
      let batch = try EventScanner.scan(event, as: .single)
      if let refusal = batch.refusals.first { throw refusal.fault }
      content = .event(event)
    } catch {
      content = .refused(error, otherwise())
    }
  }

  init(line: Int, end: Int, refused fault: Fault, _ shown: JSON) {
    self.line = line
    self.end = end
    content = .refused(fault, shown)
  }
}

/// Reads records from a text that comes in pieces.
protocol ImportRecords {
  mutating func append(_ piece: [UInt8])
  /// To be called behind the last piece.
  mutating func finish()
  /// The next record; nil where another piece is needed, or at the end.
  mutating func next() throws -> ImportRecord?
}

/// The rows of a CSV text behind its header.
struct CSVRecords: ImportRecords {
  private let mapping: CSVMapping
  private let zone: ZoneRules
  private var reader: CSVReader
  private var events: CSVEvents?
  private var isFinished = false

  /// `zone` is the one that the mapping names.
  init(_ mapping: CSVMapping, zone: ZoneRules) {
    self.mapping = mapping
    self.zone = zone
    reader = CSVReader(delimiter: mapping.delimiter, skippingLines: mapping.skipLines)
  }

  mutating func append(_ piece: [UInt8]) { reader.append(piece) }

  mutating func finish() {
    reader.finish()
    isFinished = true
  }

  mutating func next() throws -> ImportRecord? {
    while let row = try reader.next() {
      guard let events else {
        events = try CSVEvents(mapping, header: row, zone: zone)
        continue
      }
      let cells = row.cells.map { JSON.string(String(decoding: $0, as: UTF8.self)) }
      do throws(Fault) {
        return ImportRecord(
          line: row.line, event: try events.event(row), end: row.end, otherwise: .array(cells))
      } catch {
        return ImportRecord(line: row.line, end: row.end, refused: error, .array(cells))
      }
    }
    guard !isFinished || events != nil else {
      throw Fault(.malformedDocument, "there is not even a header")
    }
    return nil
  }
}

/// One CloudEvent a line; blank lines are skipped.
struct JSONRecords: ImportRecords {
  static let lineBytesMax = LineSlicer.lineBytesMax
  private static let shownBytesMax = 1 << 10
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private var buffer: [UInt8] = []
  private var position = 0
  /// Of the first byte of `buffer`, in the whole text.
  private var offset = 0
  private var line = 0
  private var isFinished = false
  /// The beginning of a line that is too long, while its end has not come.
  private var overlong: [UInt8]?

  mutating func append(_ piece: [UInt8]) {
    offset += position
    buffer.removeFirst(position)
    position = 0
    buffer += piece
  }

  mutating func finish() { isFinished = true }

  mutating func next() -> ImportRecord? {
    while position < buffer.count || isFinished && overlong != nil {
      let rest = buffer[position...]
      let end = rest.firstIndex(of: UInt8(ascii: "\n"))
      guard end != nil || isFinished || rest.count > Self.lineBytesMax else { return nil }
      guard end != nil || isFinished else {
        // Its bytes are let go as they come; only its beginning is kept, to show it.
        overlong = overlong ?? Array(rest.prefix(Self.shownBytesMax))
        position = buffer.count
        return nil
      }
      let text = Array(rest[..<(end ?? buffer.count)])
      position = end.map { $0 + 1 } ?? buffer.count
      line += 1
      if let record = record(text) { return record }
    }
    return nil
  }

  private mutating func record(_ text: [UInt8]) -> ImportRecord? {
    let end = offset + position
    if overlong != nil || text.count > Self.lineBytesMax {
      let shown = String(
        decoding: overlong ?? Array(text.prefix(Self.shownBytesMax)), as: UTF8.self)
      overlong = nil
      return ImportRecord(
        line: line, end: end,
        refused: Fault(.limitExceeded, "a line has at most \(Self.lineBytesMax) bytes"),
        .string(shown + "..."))
    }
    let event = line == 1 && text.starts(with: Self.mark) ? Array(text.dropFirst(3)) : text
    guard !event.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) else { return nil }
    return ImportRecord(
      line: line, event: event, end: end, otherwise: .string(String(decoding: event, as: UTF8.self))
    )
  }
}
