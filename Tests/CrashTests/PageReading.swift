/// Reads the log's pages from outside, from their description in Documentation/Decisions alone.
struct PageReading {
  struct Event {
    let source: Int
    let type: Int
    let subject: Int?
    let occurredMicroseconds: Int
    let id: String
    let data: String?
  }

  private let bytes: [UInt8]
  private var position = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  static func events(_ body: [UInt8], received: Int) -> [Event] {
    var reading = PageReading(body)
    var events: [Event] = []
    while reading.position < body.count { events.append(reading.event(received)) }
    return events
  }

  private mutating func event(_ received: Int) -> Event {
    let flags = take(1)[0]
    let (source, type) = (number(), number())
    let subject = flags & 8 != 0 ? number() : nil
    let folded = number()
    let distance = folded % 2 == 0 ? folded / 2 : -(folded + 1) / 2
    let unit = flags & 2 != 0 ? 1_000_000 : flags & 1 != 0 ? 1000 : 1
    let id = flags & 4 != 0 ? uuid(take(16)) : text()
    if flags & 16 != 0 { _ = text() }
    let data = flags & 32 != 0 ? text() : nil
    // Who posted it.
    if flags & 64 != 0 { _ = number() }
    return Event(
      source: source, type: type, subject: subject,
      occurredMicroseconds: received + distance * unit, id: id, data: data)
  }

  private mutating func take(_ count: Int) -> [UInt8] {
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  private mutating func number() -> Int {
    var (number, weight) = (0, 1)
    while true {
      let byte = Int(take(1)[0])
      number += byte % 128 * weight
      if byte < 128 { return number }
      weight *= 128
    }
  }

  private mutating func text() -> String { String(decoding: take(number()), as: UTF8.self) }

  private func uuid(_ bytes: [UInt8]) -> String {
    let digits = bytes.map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }
    return [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { digits[$0].joined() }
      .joined(separator: "-")
  }
}
