package import Base

/// The rows of a CSV text as events. They are numbered by the lines they begin on, and a row may
/// end slices after it began.
package struct CSVLines: LineFormat {
  private static let lineFeed = UInt8(ascii: "\n")

  private let mapping: CSVMapping
  private let zone: ZoneRules
  private var reader: CSVReader
  /// Nil before the header has come.
  private var writer: CSVEvents?

  /// `zone` is the one that the mapping names.
  package init(_ mapping: CSVMapping, zone: ZoneRules = .utc) {
    self.mapping = mapping
    self.zone = zone
    reader = CSVReader(delimiter: mapping.delimiter, skippingLines: mapping.skipLines)
  }

  package mutating func events(in slice: LineSlice) throws(Fault) -> EventBatch {
    var text: [UInt8] = []
    text.reserveCapacity(slice.bytes.count + slice.lines.count)
    for line in slice.lines {
      guard !line.isTooLong else {
        throw Fault(
          .limitExceeded,
          "line \(line.index + 1) has over \(LineSlicer.lineBytesMax) bytes; is a quote missing?")
      }
      text += slice.bytes[line.range]
      text.append(Self.lineFeed)
    }
    reader.append(text)
    return try rows()
  }

  /// Every line that came had its end, so what is still open is a quote.
  package mutating func end() throws(Fault) -> EventBatch? {
    reader.finish()
    return try rows()
  }

  private mutating func rows() throws(Fault) -> EventBatch {
    var bytes: [UInt8] = []
    var lines: [LineSlice.Line] = []
    var refusals: [EventBatch.Refusal] = []
    while let row = try reader.next() {
      guard let writer else {
        writer = try header(row)
        continue
      }
      let index = row.line - 1
      do throws(Fault) {
        let start = bytes.count
        bytes += try writer.event(row)
        lines.append(.init(index: index, range: start..<bytes.count, isTooLong: false))
      } catch {
        refusals.append(.init(index: index, fault: error.nested(under: "/\(index)")))
      }
    }
    return EventScanner.scan(LineSlice(bytes: bytes, lines: lines)).refusing(refusals)
  }

  private func header(_ row: CSVRow) throws(Fault) -> CSVEvents {
    do throws(Faults) {
      return try CSVEvents(mapping, header: row, zone: zone)
    } catch {
      // The pointer leads into the mapping, which is no part of the text.
      let fault = error.list[0]
      throw Fault(fault.code, "the mapping at \(fault.pointer): \(fault.detail)")
    }
  }
}

extension EventBatch {
  /// The same batch with lines refused that never became text for the scanner.
  fileprivate func refusing(_ others: [Refusal]) -> EventBatch {
    EventBatch(
      bytes: bytes, events: events,
      refusals: (refusals + others).sorted { $0.index < $1.index }, isSingle: isSingle)
  }
}
