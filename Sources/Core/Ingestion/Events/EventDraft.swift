import Base

/// The attributes of one event while its members go by; the first thing wrong with it is
/// remembered, and the scan goes on, for the text behind it must be JSON too.
struct EventDraft {
  private var id: Range<Int>?
  private var source: Range<Int>?
  private var type: Range<Int>?
  private var subject: Range<Int>?
  private var time: Instant?
  private var data: Range<Int>?
  private var isVersionOne = false
  private var others: [(name: Range<Int>, value: Range<Int>)] = []
  private var fault: Fault?

  static let textBytesMax = 256

  /// Consumes the value of the member `name`.
  mutating func read(
    _ name: JSONCursor.StringToken, _ cursor: inout JSONCursor, depth: Int,
    _ resolved: inout ResolvedText
  ) throws(Fault) {
    switch Attribute(cursor.bytes.slice(name.range)) {
    case .id: id = try text("id", &cursor, depth, &resolved)
    case .source: source = try text("source", &cursor, depth, &resolved)
    case .type: type = try text("type", &cursor, depth, &resolved)
    case .subject: subject = try text("subject", &cursor, depth, &resolved)
    case .time: try readTime(&cursor, depth)
    case .specversion:
      let value = try cursor.skipValue(depth: depth)
      isVersionOne = cursor.bytes[value].elementsEqual("\"1.0\"".utf8)
      if !isVersionOne { refuse("specversion", "expected \"1.0\"") }
    case .data: data = try cursor.skipValue(depth: depth)
    case .other:
      if name.range.isEmpty || name.hasEscapes || !cursor.bytes[name.range].allSatisfy(isNameByte) {
        refuse(
          String(decoding: cursor.text(name), as: UTF8.self),
          "an attribute's name has only a-z, 0-9 and _")
      }
      let value = try cursor.skipValue(depth: depth)
      if !isUnsaid(name.range, value, cursor) { others.append((name.range, value)) }
    }
  }

  /// The finished event, or the first fault of it.
  func event(
    index: Int, bytes: UnsafeRawBufferPointer, _ resolved: inout ResolvedText
  ) throws(Fault) -> Event {
    if let fault { throw fault }
    guard let id else { throw EventDraft.missing("id") }
    guard let source else { throw EventDraft.missing("source") }
    guard let type else { throw EventDraft.missing("type") }
    guard isVersionOne else { throw EventDraft.missing("specversion") }
    return Event(
      index: index, id: id, source: source, type: type, subject: subject, time: time, data: data,
      attributes: keepOthers(bytes, &resolved))
  }

  /// Writes the other attributes one behind the other, for they may stand apart in the text.
  private func keepOthers(
    _ bytes: UnsafeRawBufferPointer, _ resolved: inout ResolvedText
  ) -> Range<Int>? {
    guard !others.isEmpty else { return nil }
    var members: [UInt8] = []
    for (position, other) in others.enumerated() {
      if position > 0 { members.append(UInt8(ascii: ",")) }
      members.append(UInt8(ascii: "\""))
      members += bytes[other.name]
      members += "\":".utf8
      members += bytes[other.value]
    }
    return resolved.append(members)
  }

  private mutating func text(
    _ name: String, _ cursor: inout JSONCursor, _ depth: Int, _ resolved: inout ResolvedText
  ) throws(Fault) -> Range<Int>? {
    guard cursor.peek() == UInt8(ascii: "\"") else {
      try readNull(name, "a string", &cursor, depth)
      return nil
    }
    let token = try cursor.string()
    var range = token.range
    if cursor.bytes[range].contains(0x7F) { refuseControl(name) }
    if token.hasEscapes {
      let text = cursor.text(token)
      if text.contains(where: { $0 < 0x20 || $0 == 0x7F }) { refuseControl(name) }
      range = resolved.append(text)
    }
    if range.isEmpty || range.count > Self.textBytesMax {
      refuse(name, "expected a text of 1 to \(Self.textBytesMax) bytes")
    }
    return range
  }

  private mutating func readTime(_ cursor: inout JSONCursor, _ depth: Int) throws(Fault) {
    guard cursor.peek() == UInt8(ascii: "\"") else {
      return try readNull("time", "a string", &cursor, depth)
    }
    let token = try cursor.string()
    // Some libraries write the plus sign of an offset as an escape.
    time =
      token.hasEscapes
      ? cursor.text(token).withUnsafeBytes { Instant(text: $0) }
      : Instant(text: UnsafeRawBufferPointer(rebasing: cursor.bytes[token.range]))
    if time == nil {
      refuse("time", "expected a date and time of RFC 3339, such as 2013-01-01T06:00:00-05:00")
    }
  }

  /// The JSON format lets a sender write null for an attribute that is not set.
  private mutating func readNull(
    _ name: String, _ wanted: String, _ cursor: inout JSONCursor, _ depth: Int
  ) throws(Fault) {
    let isNull = cursor.peek() == UInt8(ascii: "n")
    _ = try cursor.skipValue(depth: depth)
    if !isNull { refuse(name, "expected \(wanted)") }
  }

  private mutating func refuseControl(_ name: String) {
    refuse(name, "control characters are not allowed")
  }

  private mutating func refuse(_ name: String, _ detail: String) {
    if fault == nil { fault = Fault(.invalidValue, detail, at: JSON.pointerStep(name)) }
  }

  /// Nothing worth keeping: an attribute that is null is not set, and the content type that every
  /// JSON event has goes without saying.
  private func isUnsaid(_ name: Range<Int>, _ value: Range<Int>, _ cursor: JSONCursor) -> Bool {
    cursor.bytes[value].elementsEqual("null".utf8)
      || cursor.bytes[name].elementsEqual("datacontenttype".utf8)
        && cursor.bytes[value].elementsEqual("\"application/json\"".utf8)
  }

  private static func missing(_ name: String) -> Fault {
    Fault(.missingField, "`\(name)` is missing", at: "/\(name)")
  }
}

/// The attributes that have a meaning here.
private enum Attribute {
  case id, source, type, subject, time, specversion, data, other

  init(_ name: UnsafeRawBufferPointer) {
    func matches(_ word: StaticString) -> Bool {
      name.isSame(
        as: UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }
    if matches("id") {
      self = .id
    } else if matches("source") {
      self = .source
    } else if matches("type") {
      self = .type
    } else if matches("subject") {
      self = .subject
    } else if matches("time") {
      self = .time
    } else if matches("specversion") {
      self = .specversion
    } else if matches("data") {
      self = .data
    } else {
      self = .other
    }
  }
}

/// CloudEvents names are lower case letters and digits; `data_base64` alone has an underscore.
private func isNameByte(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
}
