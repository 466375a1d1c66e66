import Base
import TestSupport
import Testing

/// Stepping over a value is as strict as reading it.
struct JSONSkipperTests {
  static func skip(_ bytes: [UInt8]) throws -> Range<Int> {
    try JSONCursor.over(bytes) { (cursor) throws(Fault) in
      let range = try cursor.skipValue(depth: 0)
      try cursor.expectEnd()
      return range
    }
  }

  static let documents: [String] =
    JSONParserTests.readable.map(\.0) + JSONParserTests.broken.map(\.0)
    + [#"{"a":1,"a":2}"#, "[1e999]", #"["\ud800"]"#, "[{\"a\":{\"b\":1,\"b\":1}}]"]

  @Test(arguments: documents)
  func refusesExactlyWhatTheReaderRefuses(text: String) {
    let bytes = Array(text.utf8)
    #expect(fault { try Self.skip(bytes) } == fault { try JSON(parsing: bytes) })
  }

  @Test func refusesATruncationAtEveryByte() {
    for length in 0..<JSONParserTests.rich.count {
      let bytes = Array(JSONParserTests.rich[..<length])
      #expect(fault { try Self.skip(bytes) } == fault { try JSON(parsing: bytes) })
    }
  }

  @Test func agreesWithTheReaderAboutEveryMistypedByte() {
    var random = SeededRandom(seed: 9)
    for place in JSONParserTests.rich.indices {
      for _ in 0..<10 {
        var changed = JSONParserTests.rich
        changed[place] = random.pick(Array(#"{}[],:"\0u1e-. ax"#.utf8) + [0x80, 0xC3, 0x1F])
        #expect(fault { try Self.skip(changed) } == fault { try JSON(parsing: changed) })
      }
    }
  }

  @Test func givesTheRangeOfTheTextWithoutTheSpaceAround() throws {
    #expect(try Self.skip(Array("  [1, 2]  ".utf8)) == 2..<8)
    #expect(try Self.skip(Array("\n\"a\"".utf8)) == 1..<4)
    #expect(try Self.skip(Array("-1.5e3 ".utf8)) == 0..<6)
  }

  // MARK: Names that appear twice

  /// A document with a name twice, and where the second one stands.
  static let repeated: [(String, String)] = [
    (#"{"a":1,"a":1}"#, "/a"), (#"{"a":1,"b":2,"a":3}"#, "/a"), (#"{"":1,"":2}"#, "/"),
    (#"{"x":[{"a":1,"a":2}]}"#, "/x/0/a"), (#"{"a/b":1,"a/b":2}"#, "/a~1b"),
    // The same name, spelt differently.
    (#"{"a":1,"\u0061":2}"#, "/a"), (#"{"\u0061":1,"a":2}"#, "/a"),
    (#"{"\u0061":1,"\u0061":2}"#, "/a"), (#"{"é":1,"\u00E9":2}"#, "/é"),
    (#"{"😀":1,"\ud83d\ude00":2}"#, "/😀"), (#"{"b":0,"\u0063":0,"b":0}"#, "/b"),
    (#"{"a\/b":1,"a/b":2}"#, "/a~1b"),
  ]

  @Test(arguments: repeated)
  func refusesANameThatAppearsTwice(text: String, pointer: String) {
    for fault in [
      fault { try JSON(parsing: Array(text.utf8)) }, fault { try Self.skip(Array(text.utf8)) },
    ] {
      #expect(fault?.code == .malformedJSON)
      #expect(fault?.pointer == pointer)
      #expect(fault?.detail.hasSuffix("appears twice") == true)
    }
  }

  /// Sixteen names are compared one by one, more go through a set: no repeat may slip through
  /// between the two.
  @Test func findsARepeatOfAnyNameInAnObjectOfAnySize() {
    for count in 1...40 {
      for repeated in 0..<count {
        for spelling in ["n\(repeated)", "\\u006e\(repeated)"] {
          let names = (0..<count).map { "n\($0)" } + [spelling]
          let text = "{" + names.map { "\"\($0)\":0" }.joined(separator: ",") + "}"
          let fault = fault { try Self.skip(Array(text.utf8)) }
          #expect(fault?.pointer == "/n\(repeated)", "\(count) members")
        }
      }
    }
  }

  @Test(arguments: [
    #"{"a":1,"A":2,"a ":3}"#, #"{"a":{"a":{"a":1}}}"#, #"[{"a":1},{"a":1}]"#,
    // Two ways to write é: other code points, so other names.
    "{\"é\":1,\"e\u{301}\":2}",
    "{" + (0..<500).map { "\"n\($0)\":\($0)" }.joined(separator: ",") + "}",
  ])
  func takesNamesThatOnlyLookAlike(text: String) {
    #expect(fault { try Self.skip(Array(text.utf8)) } == nil)
  }
}
