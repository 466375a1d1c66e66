import Base
import TestSupport
import Testing

struct JSONLookupTests {
  static func found(_ path: [String], in text: String) -> String? {
    Array(text.utf8).withUnsafeBytes { bytes in
      JSONLookup.value(at: path.map { Array($0.utf8) }, in: bytes)
        .map { String(decoding: bytes[$0], as: UTF8.self) }
    }
  }

  static let table: [(String, [String], String?)] = [
    (#"{"a":1}"#, ["a"], "1"), (#"{"a":1}"#, ["b"], nil), (#"{"a":1}"#, [], #"{"a":1}"#),
    (#" { "b" : [ {"a":2} , "}" ] , "a" : -1.5e3 } "#, ["a"], "-1.5e3"),
    (#"{"b":"\"a\":7","a":{"b":{"a":true}}}"#, ["a", "b", "a"], "true"),
    (#"{"b":"\\","a":null}"#, ["a"], "null"), (#"{"\u0061":"x\"y"}"#, ["a"], #""x\"y""#),
    (#"{"a":[{"b":1}]}"#, ["a", "b"], nil), (#"[{"a":1}]"#, ["a"], nil), ("7", ["a"], nil),
    (#"{"":{"":0}}"#, ["", ""], "0"), (#"{"ab":1,"a":2}"#, ["a"], "2"), ("{}", ["a"], nil),
    ("", ["a"], nil), ("", [], nil), (#"{"e\u0301":1}"#, ["\u{E9}"], nil),
  ]

  @Test(arguments: table)
  func findsWhatANameLeadsTo(text: String, path: [String], value: String?) {
    #expect(Self.found(path, in: text) == value)
  }

  @Test func agreesWithTheTreeAboutEveryDocument() throws {
    var random = SeededRandom(seed: 31)
    for _ in 0..<5000 {
      let document = Self.document(&random, depth: 4)
      let bytes = Self.spelt(document, &random)
      #expect(try JSON(parsing: Array(bytes.utf8)) == document, "the test's own spelling")
      for _ in 0..<4 {
        let path = (0..<random.number(0...3)).map { _ in random.pick(Self.names) }
        var expected: JSON? = document
        for name in path { expected = expected.flatMap { Self.member(name, of: $0) } }
        let found = Self.found(path, in: bytes)
        #expect(try found.map { try JSON(parsing: Array($0.utf8)) } == expected, "\(bytes) \(path)")
      }
    }
  }

  /// Over bytes that are not JSON it may find anything, but never looks outside of them.
  @Test func survivesWhatIsNotJSON() {
    var random = SeededRandom(seed: 32)
    for _ in 0..<20_000 {
      let text = (0..<random.number(0...12)).map { _ in random.pick(Array(#"{}[]":,\a1 "#.utf8)) }
      text.withUnsafeBytes { bytes in
        let range = JSONLookup.value(at: [[0x61]], in: bytes)
        #expect(range.map { $0.upperBound <= bytes.count } ?? true)
      }
    }
  }

  private static let names = ["a", "b", "", "a b", "\u{E9}", "\"", "\\", "{", "]", ":"]

  /// By bytes: the tree itself compares as Swift does.
  private static func member(_ name: String, of json: JSON) -> JSON? {
    guard case .object(let members) = json else { return nil }
    return members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  private static func document(_ random: inout SeededRandom, depth: Int) -> JSON {
    switch random.number(0...(depth == 0 ? 3 : 7)) {
    case 0: return .number(random.pick(["0", "-1", "2.50", "1e9", "-3E-2"]))
    case 1: return .string(random.pick(names))
    case 2: return .bool(random.chance(50))
    case 3: return .null
    case 4:
      return .array(
        (0..<random.number(0...3)).map { _ in document(&random, depth: depth - 1) })
    default:
      return .object(
        names.shuffled(using: &random).prefix(random.number(0...5)).map {
          JSON.Member($0, document(&random, depth: depth - 1))
        })
    }
  }

  /// With white space anywhere, and some characters as escapes.
  private static func spelt(_ json: JSON, _ random: inout SeededRandom) -> String {
    func space() -> String { random.pick(["", "", "", " ", "\n\t"]) }
    func quoted(_ text: String) -> String {
      let units = text.utf16.map { unit -> String in
        let isPlain = unit != 0x22 && unit != 0x5C && !random.chance(20)
        let hex = String(unit, radix: 16)
        return isPlain
          ? String(decoding: [unit], as: UTF16.self)
          : "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      }
      return "\"\(units.joined())\""
    }
    switch json {
    case .string(let text): return space() + quoted(text) + space()
    case .array(let elements):
      return space() + "[" + elements.map { spelt($0, &random) }.joined(separator: ",")
        + (elements.isEmpty ? space() : "") + "]" + space()
    case .object(let members):
      let texts = members.map { member in
        space() + quoted(member.name) + space() + ":" + spelt(member.value, &random)
      }
      return space() + "{" + texts.joined(separator: ",") + "}" + space()
    default: return space() + json.text + space()
    }
  }
}
