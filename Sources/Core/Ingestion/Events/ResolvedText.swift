/// What stands nowhere in a request as it is meant (strings with escapes, attributes written one
/// behind the other), kept as if it stood behind the last byte of the request.
struct ResolvedText {
  private(set) var bytes: [UInt8] = []
  private let start: Int

  init(behind byteCount: Int) { start = byteCount }

  /// Where `text` stands from now on.
  mutating func append(_ text: [UInt8]) -> Range<Int> {
    let lowerBound = start + bytes.count
    bytes += text
    return lowerBound..<lowerBound + text.count
  }
}
