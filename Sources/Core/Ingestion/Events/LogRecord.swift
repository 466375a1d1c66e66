import Base

/// One event as the log keeps it: texts that repeat are numbers, times are distances.
///
/// A record is, one behind the other:
///
///     flags       1 byte, see `Flags`
///     source      number, as varint
///     type        number, as varint
///     subject     number, as varint, where there is one
///     time        distance from the page's moment, zigzag varint, in the unit the flags say
///     id          16 bytes of a UUID, or length and text
///     attributes  length and text, where there are any
///     data        length and text, where there are any
///     author      number, as varint, where one is known
///
/// It is kept small: a page has hundreds.
package struct LogRecord: Sendable {
  package let source: Int64
  package let type: Int64
  package let subject: Int64?
  package let occurredMicroseconds: Int64
  /// Who posted it.
  package let author: Int64?
  package let isUUID: Bool
  private let idPlace: Place
  private let attributesPlace: Place?
  private let dataPlace: Place?
  private let endPlace: UInt32

  /// These are ranges of the bytes the record was read from.
  package var id: Range<Int> { idPlace.range }
  package var attributes: Range<Int>? { attributesPlace?.range }
  package var data: Range<Int>? { dataPlace?.range }
  /// Behind its last byte.
  package var end: Int { Int(endPlace) }

  /// A range of bytes; there are never 4 GiB of them together.
  private struct Place {
    let start: UInt32
    let end: UInt32

    init?(_ range: Range<Int>) {
      guard let start = UInt32(exactly: range.lowerBound),
        let end = UInt32(exactly: range.upperBound)
      else { return nil }
      (self.start, self.end) = (start, end)
    }

    var range: Range<Int> { Int(start)..<Int(end) }
  }

  struct Flags: OptionSet {
    let rawValue: UInt8
    /// The time is in milliseconds, or in seconds; without either, in microseconds.
    static let milliseconds = Flags(rawValue: 1)
    static let seconds = Flags(rawValue: 2)
    static let uuid = Flags(rawValue: 4)
    static let subject = Flags(rawValue: 8)
    static let attributes = Flags(rawValue: 16)
    static let data = Flags(rawValue: 32)
    static let author = Flags(rawValue: 64)
    static let known: Flags = [
      .milliseconds, .seconds, .uuid, .subject, .attributes, .data, .author,
    ]
  }
}

/// The numbers the log gave to the texts of an event that repeat.
package struct EventNumbers: Hashable, Sendable {
  package var source: Int64
  package var type: Int64
  package var subject: Int64?
  /// Who posted the event; no part of what it says.
  package var author: Int64?

  package init(source: Int64, type: Int64, subject: Int64?, author: Int64? = nil) {
    self.source = source
    self.type = type
    self.subject = subject
    self.author = author
  }
}

extension LogRecord {
  /// Writes an event behind `bytes`. `moment` is what its time is told from.
  package static func append(
    _ event: Event, of text: UnsafeRawBufferPointer, _ numbers: EventNumbers, occurred: Int64,
    moment: Int64, to bytes: inout [UInt8]
  ) {
    let id = text.slice(event.id)
    let uuid = EventIdentifier.uuid(id)
    var flags: Flags = uuid == nil ? [] : .uuid
    if event.attributes != nil { flags.insert(.attributes) }
    if event.data != nil { flags.insert(.data) }
    appendHead(flags, numbers, occurred - moment, to: &bytes)
    if let uuid {
      withUnsafeBytes(of: (uuid.0.bigEndian, uuid.1.bigEndian)) { bytes.append(contentsOf: $0) }
    } else {
      append(id, to: &bytes)
    }
    if let attributes = event.attributes { append(text.slice(attributes), to: &bytes) }
    if let data = event.data { append(text.slice(data), to: &bytes) }
    if let author = numbers.author { bytes.append(varint: UInt64(author)) }
  }

  /// The record of the same event with other contents.
  package func amended(
    _ page: UnsafeRawBufferPointer, _ numbers: EventNumbers, occurred: Int64, moment: Int64,
    data: UnsafeRawBufferPointer?
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    var flags: Flags = isUUID ? .uuid : []
    if attributes != nil { flags.insert(.attributes) }
    if data != nil { flags.insert(.data) }
    LogRecord.appendHead(flags, numbers, occurred - moment, to: &bytes)
    if !isUUID { bytes.append(varint: UInt64(id.count)) }
    bytes += page[id]
    if let attributes { LogRecord.append(page.slice(attributes), to: &bytes) }
    if let data { LogRecord.append(data, to: &bytes) }
    if let author = numbers.author { bytes.append(varint: UInt64(author)) }
    return bytes
  }

  private static func appendHead(
    _ contents: Flags, _ numbers: EventNumbers, _ distance: Int64, to bytes: inout [UInt8]
  ) {
    let (distance, unit) = time(distance)
    var flags = contents.union(unit)
    if numbers.subject != nil { flags.insert(.subject) }
    if numbers.author != nil { flags.insert(.author) }
    bytes.append(flags.rawValue)
    bytes.append(varint: UInt64(numbers.source))
    bytes.append(varint: UInt64(numbers.type))
    if let subject = numbers.subject { bytes.append(varint: UInt64(subject)) }
    bytes.append(varint: zigzag(distance))
  }

  private static func append(_ text: UnsafeRawBufferPointer, to bytes: inout [UInt8]) {
    bytes.append(varint: UInt64(text.count))
    bytes.append(contentsOf: text)
  }

  private static func time(_ distance: Int64) -> (Int64, Flags) {
    if distance % 1_000_000 == 0 { return (distance / 1_000_000, .seconds) }
    if distance % 1000 == 0 { return (distance / 1000, .milliseconds) }
    return (distance, [])
  }

  /// Reads the record at `start`; nil where the bytes are not one.
  package init?(_ bytes: UnsafeRawBufferPointer, at start: Int, moment: Int64) {
    var reader = RecordReader(bytes: bytes, position: start)
    guard let flags = reader.byte().map(Flags.init), flags.isSubset(of: .known),
      let source = reader.number(), let type = reader.number()
    else { return nil }
    var subject: Int64?
    if flags.contains(.subject) {
      guard let number = reader.number() else { return nil }
      subject = number
    }
    guard let distance = reader.varint().map(unzigzag) else { return nil }
    let unit: Int64 =
      flags.contains(.seconds) ? 1_000_000 : flags.contains(.milliseconds) ? 1000 : 1
    let (microseconds, overflow) = distance.multipliedReportingOverflow(by: unit)
    let (occurred, beyond) = moment.addingReportingOverflow(microseconds)
    guard !overflow, !beyond else { return nil }
    let id =
      flags.contains(.uuid) ? reader.range(EventIdentifier.uuidBytes) : reader.text()
    guard let id = id.flatMap(Place.init) else { return nil }
    var attributes: Place?
    if flags.contains(.attributes) {
      guard let place = reader.text().flatMap(Place.init) else { return nil }
      attributes = place
    }
    var data: Place?
    if flags.contains(.data) {
      guard let place = reader.text().flatMap(Place.init) else { return nil }
      data = place
    }
    var author: Int64?
    if flags.contains(.author) {
      guard let number = reader.number() else { return nil }
      author = number
    }
    guard let end = UInt32(exactly: reader.position) else { return nil }
    self.source = source
    self.type = type
    self.subject = subject
    occurredMicroseconds = occurred
    isUUID = flags.contains(.uuid)
    idPlace = id
    attributesPlace = attributes
    dataPlace = data
    self.author = author
    endPlace = end
  }
}

/// Steps over the parts of a record without ever leaving its bytes.
private struct RecordReader {
  let bytes: UnsafeRawBufferPointer
  var position: Int

  mutating func byte() -> UInt8? {
    guard position < bytes.count else { return nil }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func varint() -> UInt64? {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 64, let byte = byte() {
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return number }
      shift += 7
    }
    return nil
  }

  mutating func number() -> Int64? { varint().flatMap { Int64(exactly: $0) } }

  mutating func range(_ count: Int) -> Range<Int>? {
    guard count <= bytes.count - position else { return nil }
    defer { position += count }
    return position..<position + count
  }

  mutating func text() -> Range<Int>? {
    varint().flatMap { Int(exactly: $0) }.flatMap { $0 >= 0 ? range($0) : nil }
  }
}
