package import Base

/// Reads CloudEvents 1.0 in the JSON format, structured mode, in one pass over the bytes.
/// Source: CloudEvents JSON Event Format 1.0.2, sections 2 to 4.
///
/// Text that is not JSON refuses the whole request, or the whole line where each event has a line
/// of its own. An event that is JSON but not a sound CloudEvent is refused alone, and the others go
/// on.
package struct EventScanner {
  package static let eventsMax = 10_000

  private var resolved: ResolvedText
  private var events: [Event] = []
  private var refusals: [EventBatch.Refusal] = []

  private init(over bytes: [UInt8]) { resolved = ResolvedText(behind: bytes.count) }

  package static func scan(
    _ body: [UInt8], as format: EventFormat
  ) throws(Fault) -> EventBatch {
    var scanner = EventScanner(over: body)
    try JSONCursor.over(body) { (cursor) throws(Fault) in
      switch format {
      case .single: try scanner.event(&cursor, index: 0, depth: 0)
      case .batch:
        try cursor.array(depth: 0) { (cursor, index) throws(Fault) in
          guard index < eventsMax else {
            throw Fault(.limitExceeded, "a request holds at most \(eventsMax) events")
          }
          try scanner.event(&cursor, index: index, depth: 1)
        }
      }
      try cursor.expectEnd()
    }
    return scanner.batch(of: body, isSingle: format == .single)
  }

  /// Reads one event a line. The line is the unit: one that is not JSON is refused alone, and one
  /// that is blank is no event.
  package static func scan(_ slice: LineSlice) -> EventBatch {
    var scanner = EventScanner(over: slice.bytes)
    slice.bytes.withUnsafeBytes { bytes in
      for line in slice.lines { scanner.line(line, of: bytes) }
    }
    return scanner.batch(of: slice.bytes, isSingle: false)
  }

  private mutating func line(_ line: LineSlice.Line, of bytes: UnsafeRawBufferPointer) {
    guard !line.isTooLong else {
      let detail = "a line has at most \(LineSlicer.lineBytesMax) bytes"
      return refuse(line.index, Fault(.limitExceeded, detail), 1)
    }
    var cursor = JSONCursor(bytes, in: line.range)
    guard cursor.peek() != nil else { return }
    let (eventCount, refusalCount) = (events.count, refusals.count)
    do throws(Fault) {
      try event(&cursor, index: line.index, depth: 1)
      try cursor.expectEnd()
    } catch {
      // Whatever was read of the line does not count.
      events.removeSubrange(eventCount...)
      refusals.removeSubrange(refusalCount...)
      refuse(line.index, error, 1)
    }
  }

  private func batch(of bytes: [UInt8], isSingle: Bool) -> EventBatch {
    // Nearly always nothing was resolved, and the body need not be copied.
    let text = resolved.bytes.isEmpty ? bytes : bytes + resolved.bytes
    return EventBatch(bytes: text, events: events, refusals: refusals, isSingle: isSingle)
  }

  private mutating func event(
    _ cursor: inout JSONCursor, index: Int, depth: Int
  ) throws(Fault) {
    var draft = EventDraft()
    guard cursor.peek() == UInt8(ascii: "{") else {
      _ = try cursor.skipValue(depth: depth)
      refuse(index, Fault(.invalidValue, "an event is a JSON object"), depth)
      return
    }
    var names = MemberNames(of: cursor)
    try cursor.object(depth: depth) { (cursor, name) throws(Fault) in
      try names.insert(name, of: &cursor)
      try draft.read(name, &cursor, depth: depth + 1, &resolved)
    }
    names.close(&cursor)
    do throws(Fault) {
      events.append(try draft.event(index: index, bytes: cursor.bytes, &resolved))
    } catch {
      refuse(index, error, depth)
    }
  }

  private mutating func refuse(_ index: Int, _ fault: Fault, _ depth: Int) {
    refusals.append(
      EventBatch.Refusal(index: index, fault: depth == 0 ? fault : fault.nested(under: "/\(index)"))
    )
  }
}
