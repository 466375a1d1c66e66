import Base
import TestSupport
import Testing

/// Strings and numbers as hostile senders write them.
struct JSONCursorTests {
  /// Parses `text` as the one element of a list, so that a fault points at `/0`.
  static func element(_ text: some Sequence<UInt8>) throws -> JSON? {
    try JSON(parsing: [UInt8(ascii: "[")] + text + [UInt8(ascii: "]")]).elements?.first
  }

  /// What stands in a document, and the text it means.
  static let strings: [(String, String)] = [
    (#""""#, ""), (#""N14228""#, "N14228"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
    (#""\u0041\u00e9\u20AC""#, "Aé€"), (#""\ud83d\uDE00""#, "😀"), (#""\u0000""#, "\0"),
    (#""a\u0062c\u0064""#, "abcd"), ("\"é€😀\u{7F}\"", "é€😀\u{7F}"),
    ("\"\u{FFFF}\u{10FFFF}\"", "\u{FFFF}\u{10FFFF}"), (#""\uFFFF""#, "\u{FFFF}"),
    (#""\\u0041""#, #"\u0041"#),
  ]

  @Test(arguments: strings)
  func readsAString(written: String, text: String) throws {
    let string = try #require(try Self.element(written.utf8)?.stringValue)
    #expect(Array(string.utf8) == Array(text.utf8))
  }

  @Test(arguments: [
    // Escapes JSON does not have, and halves of the ones it has.
    #""\x41""#, #""\'""#, #""\a""#, #""\0""#, #""\U0041""#, #""\""#, #""\u""#, #""\u004""#,
    #""\u00g1""#, #""\u+041""#, #""\u 041""#,
    // Surrogates without their other half.
    #""\ud800""#, #""\udbff""#, #""\udc00""#, #""\udfff""#, #""\ud800x""#, #""\ud800\n""#,
    #""\ud800\u0041""#, #""\ud800\ud800""#, #""\ud83d \ude00""#, #""\ude00\ud83d""#,
    #""\ud83d\ude0""#, #""\ud83d\\ude00""#,
    // Strings that do not end, or are none.
    "\"", "\"abc", "'abc'", "`abc`", "abc", "\"a\"b\"",
  ])
  func refusesABrokenString(written: String) {
    #expect(fault { try Self.element(written.utf8) }?.code == .malformedJSON)
  }

  @Test(arguments: 0..<0x20 as Range<UInt8>)
  func refusesARawControlCharacterInAString(byte: UInt8) {
    let fault = fault { try Self.element([UInt8(ascii: "\""), byte, UInt8(ascii: "\"")]) }
    #expect(fault?.code == .malformedJSON)
    #expect(fault?.pointer == "/0")
  }

  /// The ill-formed sequences of the Unicode Standard, table 3-7, class by class.
  @Test(
    arguments: [
      [0x80], [0xBF], [0x41, 0x80],  // a continuation without its beginning
      [0xC0, 0x80], [0xC1, 0xBF],  // two bytes for what one can say
      [0xC2], [0xC2, 0x41], [0xDF, 0xC0], [0xC2, 0x7F],  // a beginning without its continuation
      [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],  // three bytes for what two can say
      [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],  // surrogates
      [0xE2], [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28], [0xE2, 0x82, 0xC0],
      [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],  // four bytes for what three can say
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],  // beyond U+10FFFF
      [0xF0], [0xF0, 0x9F], [0xF0, 0x9F, 0x98], [0xF0, 0x9F, 0x98, 0x41], [0xF0, 0x28, 0x8C, 0xBC],
      [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80], [0xFE], [0xFF],
    ] as [[UInt8]])
  func refusesInvalidUTF8(bytes: [UInt8]) {
    let quote = UInt8(ascii: "\"")
    let inValue = fault { try Self.element([quote] + bytes + [quote]) }
    #expect(inValue?.code == .malformedJSON)
    #expect(inValue?.pointer == "/0")
    let inName = fault { try JSON(parsing: Array("{\"".utf8) + bytes + Array("\":1}".utf8)) }
    #expect(inName?.code == .malformedJSON)
    #expect(fault { try Self.element([quote] + bytes) }?.code == .malformedJSON)
    #expect(fault { try Self.element(bytes) }?.code == .malformedJSON)
  }

  /// Random bytes between quotes: readable exactly where Swift, too, finds valid UTF-8.
  @Test func agreesWithSwiftAboutUTF8() throws {
    var random = SeededRandom(seed: 7)
    let leads: [UInt8] = [0x41, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF4, 0xF5]
    for _ in 0..<5000 {
      var bytes = (0..<random.number(1...6)).map { _ in
        random.chance(30) ? random.pick(leads) : random.number(0x80...0xFF as ClosedRange<UInt8>)
      }
      if random.chance(70) {
        bytes =
          Array(String(decoding: bytes, as: UTF8.self).utf8) + (random.chance(10) ? bytes : [])
      }
      let quoted = [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")]
      let isValid = String(validating: bytes, as: UTF8.self) != nil
      #expect((fault { try Self.element(quoted) } == nil) == isValid, "\(bytes)")
    }
  }

  /// Numbers keep their text: no digit ever passes through floating point.
  @Test(arguments: [
    "0", "-0", "7", "-7", "1.50", "0.1", "1e5", "1E+05", "1.5e-99",
    "123456789012345678901234567890",
    "0.1000000000000000055511151231257827",
  ])
  func readsANumberAsItIsWritten(text: String) throws {
    #expect(try Self.element(text.utf8) == .number(text))
  }

  @Test(arguments: [
    "01", "00", "-01", "-", "+1", ".5", "1.", "-.5", "1.e5", "1e", "1e+", "1e-", "e5", "1ee5",
    "1.2.3", "--1", "1-", "0x10", "1_000", "1,5e", "NaN", "nan", "-NaN", "Infinity", "-Infinity",
    "inf", "１", "١", "1e5.5", "0.5.", "1 000",
  ])
  func refusesABrokenNumber(text: String) {
    #expect(fault { try Self.element(text.utf8) }?.code == .malformedJSON)
  }

  /// `1e999` would be infinite, and a number without end would be work without end.
  @Test(arguments: [
    "1e999", "1e-999", "1e100", "-1E+100", "1e000000000000000100",
    "1e99999999999999999999999999999999", String(repeating: "9", count: 65),
    "0." + String(repeating: "0", count: 100_000),
  ])
  func boundsTheSizeOfNumbers(text: String) {
    let fault = fault { try Self.element(text.utf8) }
    #expect(fault?.code == .limitExceeded)
    #expect(fault?.pointer == "/0")
  }

  @Test func takesNumbersUpToTheBounds() throws {
    let longest = String(repeating: "9", count: 64)
    #expect(try Self.element(longest.utf8) == .number(longest))
    #expect(try Self.element("1e99".utf8) == .number("1e99"))
    #expect(try Self.element("1e-0099".utf8) == .number("1e-0099"))
  }
}
