import Base
import Testing
import YAML

struct YAMLDocumentTests {
  /// A word as it is written, and the JSON it is read as.
  @Test(arguments: [
    ("180.00", "180.00"), ("-0.5", "-0.5"), ("1e3", "1e3"), ("0", "0"),
    ("123456789012345678901234567890.10", "123456789012345678901234567890.10"),
    ("'180.00'", #""180.00""#), (#""180.00""#, #""180.00""#), ("!!str 180.00", #""180.00""#),
    ("007", #""007""#), ("+1", #""+1""#), (".5", #"".5""#), ("1.", #""1.""#), ("0x1F", #""0x1F""#),
    ("1_000", #""1_000""#), (".inf", #"".inf""#), ("2013-01-01", #""2013-01-01""#),
    ("2013-01-01T00:00:00Z", #""2013-01-01T00:00:00Z""#), ("9E", #""9E""#),
    ("true", "true"), ("false", "false"), ("null", "null"), ("~", "null"), ("", "null"),
    ("yes", #""yes""#), ("True", #""True""#), ("Ann & Sons", #""Ann & Sons""#),
    ("[a, 1, {b: c}]", #"["a",1,{"b":"c"}]"#),
  ])
  func wordsAreReadAsTheyAreWritten(text: String, json: String) throws {
    #expect(try YAMLDocument("v: \(text)").json.text == #"{"v":\#(json)}"#)
  }

  static let sample = """
    # What was agreed.
    contracts:
      acme:
        rate: 180.00
        clauses:
          - key: a
            rate: x
          - {key: b, rate: 1}
        "a/b~c": true
    """

  /// A pointer, and where its value and its name stand.
  @Test(arguments: [
    ("/contracts", (2, 1), (2, 1)), ("/contracts/acme", (3, 3), (3, 3)),
    ("/contracts/acme/rate", (4, 11), (4, 5)), ("/contracts/acme/clauses", (5, 5), (5, 5)),
    ("/contracts/acme/clauses/0", (6, 9), (6, 9)),
    ("/contracts/acme/clauses/0/rate", (7, 15), (7, 9)),
    ("/contracts/acme/clauses/1/rate", (8, 24), (8, 18)),
    ("/contracts/acme/a~1b~0c", (9, 14), (9, 5)),
    // What is missing is missed where it should be.
    ("/contracts/acme/customer", (3, 3), (3, 3)),
    ("/contracts/acme/clauses/0/hours/unit", (6, 9), (6, 9)), ("/assets/N1", (2, 1), (2, 1)),
  ])
  func everyPartHasAPlace(pointer: String, value: (Int, Int), name: (Int, Int)) throws {
    let document = try YAMLDocument(Self.sample)
    #expect(document.place(of: pointer) == TextPlace(line: value.0, column: value.1))
    #expect(
      document.place(of: pointer, byName: true) == TextPlace(line: name.0, column: name.1))
  }

  /// A text, and where it stops being YAML that is read here.
  @Test(arguments: [
    ("a: 1\nb: [", 3, 1, "not YAML"), ("a: 1\n\tb: 2", 2, 1, "not YAML"),
    ("a: 1\nb: 2\na: 3", 3, 1, "`a` appears twice in one object, first on line 1"),
    ("x:\n  \"1\": a\n  1: b", 3, 3, "`1` appears twice in one object, first on line 2"),
    ("a: !!float 1", 1, 4, "tags"), ("a: !secret b", 1, 4, "tags"), ("!!set {a}", 1, 1, "tags"),
    ("a: *b", 1, 4, "not YAML"), ("? [a]\n: b", 1, 3, "a name is a text"),
    ("a: 1\n---\nb: 2", 2, 1, "another document"), ("a: \u{1}", 1, 1, "control characters"),
  ])
  func whatIsNoYAMLIsSaidWithItsPlace(
    text: String, line: Int, column: Int, detail: String
  ) throws {
    let faults = Self.faults(text)
    #expect(faults.count == 1)
    let fault = try #require(faults.first)
    #expect(fault.detail.contains(detail), "\(fault)")
    #expect(fault.place == TextPlace(line: line, column: column), "\(fault)")
  }

  @Test func anchorsAreFollowedWithinBounds() throws {
    #expect(
      try YAMLDocument("a: &t [1, 2]\nb: *t").json.text == #"{"a":[1,2],"b":[1,2]}"#)
    let bomb = (1...9).reduce("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n") { text, level in
      let alias = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      return text + "a\(level): &a\(level) [\(alias)]\n"
    }
    #expect(try #require(Self.faults(bomb).first).detail.contains("do anchors multiply"))
    let deep = String(repeating: "[", count: 80) + String(repeating: "]", count: 80)
    #expect(try #require(Self.faults(deep).first).detail.contains("nest at most"))
  }

  /// A text, and each name that is not the first of its object, as `line:column name line of the
  /// first`; what else is on its line stays where it is.
  @Test(arguments: [
    ("a: 1\na: 2\na: 3", ["2:1 a 1", "3:1 a 1"]),
    ("a: {b: 1, b: 2, 'b': 3, \"b\": 4}\na: 5", ["1:11 b 1", "1:17 b 1", "1:25 b 1", "2:1 a 1"]),
    ("- {a: 1, b: 2}\n- {b: 1, a: 2, b: 3, a: 4}", ["2:16 b 2", "2:22 a 2"]),
    ("x:\n  y: {1: a, 1: b}\n  z: 3\n  y: {\"1\": c, 1: d}", ["2:13 1 2", "4:3 y 2", "4:15 1 4"]),
    ("größe: 1\nä: {ö: 1, ö: 2}\ngröße: 2", ["2:11 ö 2", "3:1 größe 1"]),
  ])
  func everyRepeatedNameIsTold(text: String, expected: [String]) {
    let told = Self.faults(text).map { fault in
      let words = fault.detail.split(separator: " ")
      let name = words[0].filter { $0 != "`" }
      return "\(fault.place.line):\(fault.place.column) \(name) \(words.last ?? "")"
    }
    #expect(told == expected)
  }

  /// Where a name cannot be marked, and where there are too many, the first is told all the same.
  @Test func someRepeatedNamesAreToldAlone() throws {
    let anchored = Self.faults("&n a: 1\n&m a: 2\nb: 1\nb: 2")
    #expect(anchored.map(\.place.line) == [1])
    #expect(anchored.map(\.detail) == ["`a`, `b` appears twice in one object"])
    let many = Self.faults((0...200).map { "n\($0): 1\nn\($0): 2\n" }.joined())
    #expect(!many.isEmpty && many.allSatisfy { $0.detail.contains("appears twice") })
  }

  static func faults(_ text: String) -> [YAMLFault] {
    do throws(YAMLFaults) {
      _ = try YAMLDocument(text)
      return []
    } catch {
      return error.list
    }
  }
}
