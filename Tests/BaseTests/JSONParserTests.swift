import Base
import TestSupport
import Testing

/// A strict reader: it refuses what another reader could understand differently, and says where.
struct JSONParserTests {
  static let readable: [(String, JSON)] = [
    ("null", .null), ("true", true), ("false", false), ("7", 7), (#""a""#, "a"), ("[]", []),
    ("{}", .object([JSON.Member]())), (" \t\r\n[ 1 , 2 ]\n", [1, 2]),
    (#"{ "a" : { "b" : [ null ] } }"#, ["a": ["b": [.null]]]),
    (#"{"":1,"a/b":2}"#, ["": 1, "a/b": 2]),
  ]

  @Test(arguments: readable)
  func reads(text: String, expected: JSON) throws {
    #expect(try JSON(parsing: Array(text.utf8)) == expected)
  }

  /// A broken document, and the pointer of the value it is broken in.
  static let broken: [(String, String)] = [
    ("", ""), (" ", ""), ("{", ""), ("[", "/0"), ("}", ""), ("]", ""), (",", ""), (":", ""),
    ("tru", ""), ("True", ""), ("nul", ""), ("undefined", ""), ("nullx", ""), ("true false", ""),
    ("{} x", ""), ("{}{}", ""), ("[]]", ""), ("1 2", ""), ("[1 2]", ""), ("[1,]", "/1"),
    ("[,1]", "/0"), ("[1", ""), ("[1,", "/1"), ("[1}", ""), ("[01]", ""),
    (#"{"a"}"#, "/a"), (#"{"a":}"#, "/a"), (#"{"a" 1}"#, "/a"), (#"{"a":1,}"#, ""),
    (#"{"a":1 "b":2}"#, ""), ("{a:1}", ""), ("{'a':1}", ""), ("{1:2}", ""), ("{,}", ""),
    (#"{"a":1"#, ""), (#"{"a":1]"#, ""), (#"{"a":[1,{"b":tru}]}"#, "/a/1/b"),
    (#"{"a":[1,2"#, "/a"), (#"{"a/b":{"c~d":x}}"#, "/a~1b/c~0d"), (#"{"\u0061":x}"#, "/a"),
    (#"[[],[[],{"x":"\ud800"}]]"#, "/1/1/x"), ("/* hi */ {}", ""), ("// hi\n{}", ""),
    ("\u{FEFF}{}", ""), ("{}\0", ""), ("\0{}", ""), ("[1\u{A0},2]", ""), ("[1,\u{B}2]", "/1"),
  ]

  @Test(arguments: broken)
  func refusesWithThePlace(text: String, pointer: String) {
    let fault = fault { try JSON(parsing: Array(text.utf8)) }
    #expect(fault?.code == .malformedJSON)
    #expect(fault?.pointer == pointer)
  }

  @Test func theFaultNamesTheByte() {
    #expect(
      fault { try JSON(parsing: Array(#"{"a": nope}"#.utf8)) }
        == Fault(
          .malformedJSON, "expected a JSON value at byte 6, but found something else", at: "/a"))
    #expect(
      fault { try JSON(parsing: Array(#"{"a": "#.utf8)) }?.detail
        == "expected a JSON value at byte 6, but the text ends")
  }

  /// Everything JSON has, in one document.
  static let rich = Array(
    """
    {"id":"n-1","é😀":"\\u00e9\\ud83d\\ude00\\n","list":[null,true,false,-0,1.5e-3,"",[],{}],
     "data":{"engineSeconds":12345,"deep":[[[{"x":"é€😀"}]]],"text":"\\"quoted\\" \\\\"}}
    """.utf8)

  @Test func truncationAtEveryByteIsMalformedAndNeverACrash() throws {
    _ = try JSON(parsing: Self.rich)
    for length in 0..<Self.rich.count {
      let fault = fault { try JSON(parsing: Array(Self.rich[..<length])) }
      #expect(fault?.code == .malformedJSON, "the first \(length) bytes")
    }
  }

  /// Every byte replaced by every other: a tree, or a fault of the reader.
  @Test func anyByteInAnyPlaceIsReadOrRefused() {
    var random = SeededRandom(seed: 8)
    for place in Self.rich.indices {
      for _ in 0..<20 {
        var changed = Self.rich
        changed[place] = random.number(0...255 as ClosedRange<UInt8>)
        let fault = fault { try JSON(parsing: changed) }
        #expect([nil, .malformedJSON, .limitExceeded].contains(fault?.code))
      }
    }
  }

  @Test(arguments: [#"["#, #"{"a":"#, #"[{"a":"#])
  func nestsSixtyFourDeepAndNoDeeper(opening: String) {
    let levels = opening.count { "[{".contains($0) }
    let closing = String(opening.reversed().compactMap { ["[": "]", "{": "}"][$0] })
    func nested(_ depth: Int) -> [UInt8] {
      let times = depth / levels
      let text =
        String(repeating: opening, count: times) + "1" + String(repeating: closing, count: times)
      return Array(text.utf8)
    }
    #expect(fault { try JSON(parsing: nested(64)) } == nil)
    #expect(fault { try JSON(parsing: nested(66)) }?.code == .limitExceeded)
    #expect(fault { try JSON(parsing: nested(10_000)) }?.code == .limitExceeded)
  }

  @Test func tenThousandOpenBracketsAreRefusedAtTheLimitWithThePlace() {
    let brackets = [UInt8](repeating: UInt8(ascii: "["), count: 10_000)
    #expect(
      fault { try JSON(parsing: brackets) }
        == Fault(
          .limitExceeded, "values nest at most 64 deep",
          at: String(repeating: "/0", count: 64)))
  }

  /// A name, and one step of a pointer (RFC 6901, section 3).
  @Test(arguments: [
    ("", "/"), ("a", "/a"), ("a/b", "/a~1b"), ("m~n", "/m~0n"), ("~1", "/~01"), (" ", "/ "),
    ("é", "/é"), ("/\u{301}", "/~1\u{301}"), ("~\u{301}", "/~0\u{301}"), ("\r\n", "/\r\n"),
  ])
  func writesOneStepOfAPointer(name: String, step: String) {
    #expect(Array(JSON.pointerStep(name).utf8) == Array(step.utf8))
  }
}
