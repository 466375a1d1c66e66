/// Values by the bytes of a text, found without making a String of them: what every event asks for
/// (its type, its subject, its source) is looked up where it stands in the request.
package struct TextTable<Value: Sendable>: Sendable {
  /// Place of an entry plus one; zero where the slot is free. Their number is a power of two.
  private var slots: [Int32]
  private var entries: [(hash: Int, text: Range<Int>)] = []
  private var texts: [UInt8] = []
  private var values: [Value] = []

  package init() { slots = Array(repeating: 0, count: 16) }

  package var count: Int { values.count }

  package subscript(_ text: UnsafeRawBufferPointer) -> Value? {
    find(text, Self.hash(text)).map { values[$0] }
  }

  package subscript(_ text: String) -> Value? {
    var text = text
    return text.withUTF8 { self[UnsafeRawBufferPointer($0)] }
  }

  /// Puts a value in, or another in its place.
  package mutating func put(_ value: Value, for text: UnsafeRawBufferPointer) {
    let hash = Self.hash(text)
    if let place = find(text, hash) {
      values[place] = value
      return
    }
    if (values.count + 1) * 2 > slots.count { grow() }
    entries.append((hash, texts.count..<texts.count + text.count))
    texts += text
    values.append(value)
    occupy(hash, Int32(values.count))
  }

  package mutating func put(_ value: Value, for text: String) {
    var text = text
    text.withUTF8 { put(value, for: UnsafeRawBufferPointer($0)) }
  }

  private static func hash(_ text: UnsafeRawBufferPointer) -> Int {
    Int(truncatingIfNeeded: processHash(text))
  }

  private func find(_ text: UnsafeRawBufferPointer, _ hash: Int) -> Int? {
    var slot = hash & (slots.count - 1)
    while slots[slot] != 0 {
      let place = Int(slots[slot]) - 1
      if entries[place].hash == hash, isSame(entries[place].text, text) { return place }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  private func isSame(_ range: Range<Int>, _ text: UnsafeRawBufferPointer) -> Bool {
    guard range.count == text.count else { return false }
    return texts.withUnsafeBytes {
      $0.slice(range).isSame(as: text)
    }
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for (place, entry) in entries.enumerated() { occupy(entry.hash, Int32(place + 1)) }
  }

  private mutating func occupy(_ hash: Int, _ mark: Int32) {
    var slot = hash & (slots.count - 1)
    while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = mark
  }
}

/// Keyed anew in every process, by the key the standard library hashes with.
private let processHash = KeyedHash(
  key: (
    UInt64(truncatingIfNeeded: "text".hashValue), UInt64(truncatingIfNeeded: "table".hashValue)
  ))
