/// Reads numbers that were written seven bits a byte, and bytes between them.
package struct VarintReader {
  private let buffer: UnsafeRawBufferPointer
  private var position = 0

  package init(_ buffer: UnsafeRawBufferPointer) { self.buffer = buffer }

  package var isAtEnd: Bool { position == buffer.count }

  /// Nil at the end, and where the number does not fit.
  package mutating func next() -> UInt64? {
    var number: UInt64 = 0
    for shift in stride(from: 0, to: 64, by: 7) {
      guard position < buffer.count else { return nil }
      let byte = buffer[position]
      position += 1
      number |= UInt64(byte & 0x7F) << UInt64(shift)
      if byte < 0x80 { return shift == 63 && byte > 1 ? nil : number }
    }
    return nil
  }

  package mutating func bytes(_ count: UInt64) -> UnsafeRawBufferPointer? {
    guard count <= UInt64(buffer.count - position) else { return nil }
    defer { position += Int(count) }
    return buffer.slice(position..<position + Int(count))
  }
}
