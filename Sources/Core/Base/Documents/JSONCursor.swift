/// The lexical layer of JSON (RFC 8259) over bytes it does not own: what the tree parser and the
/// event scanner have in common. Strict: valid UTF-8, no lone surrogate, no repeated member name,
/// bounded depth and number length.
package struct JSONCursor {
  package let bytes: UnsafeRawBufferPointer
  package private(set) var position: Int
  /// Where the document begins; faults count from here.
  private let origin: Int
  /// The plain names of the objects that are open, those of the innermost last. One list for all
  /// objects: a list for each would be most of what it costs to read a small one.
  var names: [Range<Int>] = []

  package static let depthMax = 64
  package static let numberBytesMax = 64
  package static let exponentMax = 99

  /// The contents of a string, without its quotes, as offsets into `bytes`.
  package struct StringToken {
    package let range: Range<Int>
    package let hasEscapes: Bool
  }

  package init(_ bytes: UnsafeRawBufferPointer) {
    self.init(bytes, in: 0..<bytes.count)
  }

  /// Over one of several documents in the same bytes; positions remain those in `bytes`.
  package init(_ bytes: UnsafeRawBufferPointer, in range: Range<Int>) {
    self.bytes = UnsafeRawBufferPointer(rebasing: bytes[..<range.upperBound])
    position = range.lowerBound
    origin = range.lowerBound
  }

  package var isAtEnd: Bool { position == bytes.count }

  /// The next byte that is not white space, or nil at the end.
  package mutating func peek() -> UInt8? {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      case let byte: return byte
      }
    }
    return nil
  }

  /// Steps over `character` if it is the next one that is not white space.
  package mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  package mutating func expect(_ character: Unicode.Scalar) throws(Fault) {
    guard take(character) else { throw unexpected("`\(character)`") }
  }

  package mutating func expectEnd() throws(Fault) {
    guard peek() == nil else { throw unexpected("the end of the document") }
  }

  /// A fault that names the byte at which the text stopped being JSON.
  package func unexpected(_ wanted: String) -> Fault {
    let found = position < bytes.count ? "found something else" : "the text ends"
    return Fault(.malformedJSON, "expected \(wanted) at byte \(position - origin), but \(found)")
  }

  // MARK: Values

  package mutating func string() throws(Fault) -> StringToken {
    try expect("\"")
    let start = position
    var hasEscapes = false
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        return StringToken(range: start..<(position - 1), hasEscapes: hasEscapes)
      case UInt8(ascii: "\\"):
        hasEscapes = true
        try escape()
      case 0..<0x20:
        throw unexpected("no control character inside a string")
      case 0..<0x80:
        position += 1
      default:
        try multibyteCharacter()
      }
    }
    throw unexpected("a closing quote")
  }

  /// A number as the range of its text.
  package mutating func number() throws(Fault) -> Range<Int> {
    _ = peek()
    let start = position
    _ = takeNow("-")
    if !takeNow("0") { try digits() }
    if takeNow(".") { try digits() }
    if takeNow("e") || takeNow("E") {
      if !takeNow("-") { _ = takeNow("+") }
      let exponentStart = position
      try digits()
      var exponent = 0
      for byte in bytes[exponentStart..<position] where exponent <= Self.exponentMax {
        exponent = exponent * 10 + Int(byte - UInt8(ascii: "0"))
      }
      guard exponent <= Self.exponentMax else {
        throw Fault(.limitExceeded, "a number's exponent is at most \(Self.exponentMax)")
      }
    }
    guard position - start <= Self.numberBytesMax else {
      throw Fault(.limitExceeded, "a number has at most \(Self.numberBytesMax) characters")
    }
    return start..<position
  }

  package static func startsNumber(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || byte &- UInt8(ascii: "0") <= 9
  }

  package mutating func literal(_ word: StaticString) throws(Fault) {
    _ = peek()
    let length = word.utf8CodeUnitCount
    guard position + length <= bytes.count,
      (0..<length).allSatisfy({ bytes[position + $0] == word.utf8Start[$0] })
    else { throw unexpected("a JSON value") }
    position += length
  }

  /// The text of a token, with its escapes resolved.
  package func text(_ token: StringToken) -> [UInt8] {
    token.hasEscapes ? JSONEscapes.resolve(bytes[token.range]) : Array(bytes[token.range])
  }

  // MARK: Pieces

  private mutating func takeNow(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func digits() throws(Fault) {
    let start = position
    while position < bytes.count, bytes[position] &- UInt8(ascii: "0") <= 9 { position += 1 }
    guard position > start else { throw unexpected("a digit") }
  }

  private mutating func escape() throws(Fault) {
    position += 1
    guard position < bytes.count else { throw unexpected("an escaped character") }
    switch bytes[position] {
    case UInt8(ascii: "u"):
      position += 1
      let unit = try hexadecimal()
      if UTF16.isTrailSurrogate(unit) { throw unexpected("a leading surrogate first") }
      guard UTF16.isLeadSurrogate(unit) else { return }
      guard takeNow("\\"), takeNow("u"), UTF16.isTrailSurrogate(try hexadecimal()) else {
        throw unexpected("a trailing surrogate")
      }
    case let byte where "\"\\/bfnrt".utf8.contains(byte):
      position += 1
    default:
      throw unexpected("one of the escapes of JSON")
    }
  }

  private mutating func hexadecimal() throws(Fault) -> UInt16 {
    guard position + 4 <= bytes.count else { throw unexpected("four hexadecimal digits") }
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = JSON.hexadecimalDigit(bytes[position]) else {
        throw unexpected("four hexadecimal digits")
      }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }

  /// Well-formed sequences of the Unicode Standard, table 3-7.
  private mutating func multibyteCharacter() throws(Fault) {
    let lead = bytes[position]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF:
      length = 3
      if lead == 0xE0 { second = 0xA0...0xBF }
      if lead == 0xED { second = 0x80...0x9F }
    case 0xF0...0xF4:
      length = 4
      if lead == 0xF0 { second = 0x90...0xBF }
      if lead == 0xF4 { second = 0x80...0x8F }
    default: throw unexpected("UTF-8")
    }
    guard position + length <= bytes.count, second.contains(bytes[position + 1]),
      (2..<length).allSatisfy({ (0x80...0xBF).contains(bytes[position + $0]) })
    else { throw unexpected("UTF-8") }
    position += length
  }
}

extension JSONCursor {
  /// Runs `body` over the bytes of an array. (The buffer is only valid inside.)
  package static func over<Value>(
    _ bytes: [UInt8], _ body: (inout JSONCursor) throws(Fault) -> Value
  ) throws(Fault) -> Value {
    let result = bytes.withUnsafeBytes { buffer -> Result<Value, Fault> in
      var cursor = JSONCursor(buffer)
      do throws(Fault) { return .success(try body(&cursor)) } catch { return .failure(error) }
    }
    return try result.get()
  }
}
