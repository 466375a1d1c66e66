package import Base

/// One row of a CSV text: its cells without their quotes.
package struct CSVRow: Hashable, Sendable {
  /// The number of the line it begins on, from one.
  package let line: Int
  package let cells: [[UInt8]]
  /// How many bytes of the text lie before the next row.
  package let end: Int
}

/// Reads CSV (RFC 4180) that comes in pieces, row by row. Quoted cells may hold line feeds; a byte
/// order mark and blank lines are skipped; rows end with a line feed, with or without a carriage
/// return before it.
///
/// A quote out of place is a fault that ends the reading: behind it nobody knows which line feed
/// ends a row and which is part of a cell.
package struct CSVReader: Sendable {
  package static let rowBytesMax = 1 << 20
  package static let cellsMax = 1_000

  private enum State {
    case cellStart, unquoted, quoted, quoteInQuoted, carriageReturn
  }

  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
  private static let marksOfUTF16: [[UInt8]] = [[0xFE, 0xFF], [0xFF, 0xFE]]

  private let delimiter: UInt8
  /// Lines above the header that are still to come; nothing in them is looked at.
  private var skipCount: Int
  private var buffer: [UInt8] = []
  private var position = 0
  private var isEnded = false
  /// Of the first byte of `buffer`, in the whole text.
  private var offset = 0
  private var isStarted = false

  private var state = State.cellStart
  private var cells: [[UInt8]] = []
  private var cell: [UInt8] = []
  private var rowBytes = 0
  private var line = 1
  private var rowLine = 1
  private var fault: Fault?

  package init(delimiter: UInt8 = UInt8(ascii: ","), skippingLines skipCount: Int = 0) {
    self.delimiter = delimiter
    self.skipCount = skipCount
  }

  package mutating func append(_ piece: [UInt8]) {
    precondition(!isEnded, "nothing comes behind the end")
    offset += position
    buffer.removeFirst(position)
    position = 0
    buffer += piece
  }

  /// To be called behind the last piece: the last row needs no line feed.
  package mutating func finish() { isEnded = true }

  /// The next row; nil where another piece is needed, or at the end.
  package mutating func next() throws(Fault) -> CSVRow? {
    if let fault { throw fault }
    do throws(Fault) {
      guard try start(), skip() else { return nil }
      while position < buffer.count {
        let byte = buffer[position]
        position += 1
        if try take(byte), let row = endRow() { return row }
      }
      guard isEnded else { return nil }
      return try last()
    } catch {
      fault = error
      throw error
    }
  }

  /// Whether enough has come in to know how the text begins.
  private mutating func start() throws(Fault) -> Bool {
    if isStarted { return true }
    guard isEnded || buffer.count >= Self.mark.count else { return false }
    guard !Self.marksOfUTF16.contains(where: { buffer.starts(with: $0) }) else {
      throw Fault(.malformedDocument, "the text is UTF-16; it must be saved as UTF-8")
    }
    if buffer.starts(with: Self.mark) { position = Self.mark.count }
    isStarted = true
    return true
  }

  /// Whether the lines above the header are behind.
  private mutating func skip() -> Bool {
    while skipCount > 0 {
      guard let end = buffer[position...].firstIndex(of: UInt8(ascii: "\n")) else {
        position = buffer.count
        return false
      }
      position = end + 1
      skipCount -= 1
      line += 1
      rowLine = line
    }
    return true
  }

  /// Whether the row ends here.
  private mutating func take(_ byte: UInt8) throws(Fault) -> Bool {
    rowBytes += 1
    guard rowBytes <= Self.rowBytesMax else {
      throw Fault(
        .limitExceeded,
        "the row at line \(rowLine) has over \(Self.rowBytesMax) bytes; is a quote missing?")
    }
    if byte == UInt8(ascii: "\n") { line += 1 }
    switch (state, byte) {
    case (.quoted, UInt8(ascii: "\"")): state = .quoteInQuoted
    case (.quoted, _): cell.append(byte)
    case (.quoteInQuoted, UInt8(ascii: "\"")):
      cell.append(byte)
      state = .quoted
    case (_, UInt8(ascii: "\n")): return true
    case (.carriageReturn, _): throw misplaced("a carriage return with no line feed behind it")
    case (_, UInt8(ascii: "\r")): state = .carriageReturn
    case (_, delimiter):
      try endCell()
      state = .cellStart
    case (.cellStart, UInt8(ascii: "\"")):
      state = .quoted
    case (.quoteInQuoted, _): throw misplaced("something behind a closing quote")
    case (_, UInt8(ascii: "\"")): throw misplaced("a quote inside a cell that began without one")
    default:
      cell.append(byte)
      state = .unquoted
    }
    return false
  }

  private mutating func endCell() throws(Fault) {
    cells.append(cell)
    cell = []
    guard cells.count < Self.cellsMax else {
      throw Fault(.limitExceeded, "the row at line \(rowLine) has over \(Self.cellsMax) cells")
    }
  }

  /// The row that ends here; nil for a blank line.
  private mutating func endRow() -> CSVRow? {
    let isBlank = cells.isEmpty && cell.isEmpty && rowBytes <= 2 && state != .quoteInQuoted
    let row = CSVRow(line: rowLine, cells: cells + [cell], end: offset + position)
    cells = []
    cell = []
    state = .cellStart
    rowBytes = 0
    rowLine = line
    return isBlank ? nil : row
  }

  private mutating func last() throws(Fault) -> CSVRow? {
    guard rowBytes > 0 else { return nil }
    if state == .quoted { throw misplaced("a quote that is never closed") }
    if state == .carriageReturn { state = .cellStart }
    return endRow()
  }

  private func misplaced(_ what: String) -> Fault {
    let place = line == rowLine ? "line \(line)" : "the row of lines \(rowLine) to \(line)"
    return Fault(.malformedDocument, "\(place), column \(cells.count + 1): \(what)")
  }
}
