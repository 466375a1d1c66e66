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
    ("a: 1\nb: 2\na: 3", 1, 1, "`a` appears twice"),
    ("x:\n  \"1\": a\n  1: b", 3, 3, "`1` appears twice"),
    ("a: !!float 1", 1, 4, "tags"), ("a: !secret b", 1, 4, "tags"), ("!!set {a}", 1, 1, "tags"),
    ("a: *b", 1, 4, "not YAML"), ("? [a]\n: b", 1, 3, "a name is a text"),
    ("a: 1\n---\nb: 2", 2, 1, "another document"), ("a: \u{1}", 1, 1, "control characters"),
  ])
  func whatIsNoYAMLIsSaidWithItsPlace(
    text: String, line: Int, column: Int, detail: String
  ) throws {
    let fault = try #require(Self.fault(text))
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
    #expect(try #require(Self.fault(bomb)).detail.contains("do anchors multiply"))
    let deep = String(repeating: "[", count: 80) + String(repeating: "]", count: 80)
    #expect(try #require(Self.fault(deep)).detail.contains("nest at most"))
  }

  static func fault(_ text: String) -> YAMLFault? {
    do throws(YAMLFault) {
      _ = try YAMLDocument(text)
      return nil
    } catch {
      return error
    }
  }
}
