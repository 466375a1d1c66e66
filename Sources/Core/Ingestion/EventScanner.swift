package import Base

/// Reads CloudEvents 1.0 in the JSON format, structured mode, in one pass over the bytes.
/// Source: CloudEvents JSON Event Format 1.0.2, sections 2 to 4.
///
/// Text that is not JSON refuses the whole request. An event that is JSON but not a sound
/// CloudEvent is refused alone, and the others go on.
package struct EventScanner {
  package static let eventsMax = 10_000

  private var resolved: [UInt8] = []
  private var events: [Event] = []
  private var refusals: [EventBatch.Refusal] = []

  private init() {}

  package static func scan(
    _ body: [UInt8], as format: EventFormat
  ) throws(Fault) -> EventBatch {
    var scanner = EventScanner()
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
    return EventBatch(
      bytes: body + scanner.resolved, events: scanner.events, refusals: scanner.refusals,
      format: format)
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
    var names = MemberNames()
    try cursor.object(depth: depth) { (cursor, name) throws(Fault) in
      try names.insert(name, of: cursor)
      try draft.read(name, &cursor, depth: depth + 1, &resolved)
    }
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
