extension JSON {
  /// The value of `0` to `9`, `a` to `f`, `A` to `F`.
  package static func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): return byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): return byte - UInt8(ascii: "A") + 10
    default: return nil
    }
  }
}

/// The escapes inside a JSON string whose grammar has been checked already.
package enum JSONEscapes {
  package static func resolve(_ escaped: some Collection<UInt8>) -> [UInt8] {
    var resolved: [UInt8] = []
    var rest = escaped.makeIterator()
    while let byte = rest.next() {
      guard byte == UInt8(ascii: "\\"), let kind = rest.next() else {
        resolved.append(byte)
        continue
      }
      switch kind {
      case UInt8(ascii: "b"): resolved.append(0x08)
      case UInt8(ascii: "f"): resolved.append(0x0C)
      case UInt8(ascii: "n"): resolved.append(0x0A)
      case UInt8(ascii: "r"): resolved.append(0x0D)
      case UInt8(ascii: "t"): resolved.append(0x09)
      case UInt8(ascii: "u"): resolved += character(&rest)
      default: resolved.append(kind)
      }
    }
    return resolved
  }

  private static func character(_ rest: inout some IteratorProtocol<UInt8>) -> [UInt8] {
    var units = [unit(&rest)]
    if UTF16.isLeadSurrogate(units[0]) {
      _ = (rest.next(), rest.next())
      units.append(unit(&rest))
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }

  private static func unit(_ rest: inout some IteratorProtocol<UInt8>) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 { unit = unit << 4 | UInt16(rest.next().flatMap(JSON.hexadecimalDigit) ?? 0) }
    return unit
  }
}
