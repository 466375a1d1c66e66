import Base
import TestSupport
import Testing

/// Values in a document, each with the place it stands at.
struct NodeTests {
  enum Colour: String, CaseIterable { case red, green }

  /// A reader by name, so that a table can speak of it.
  static let readers: [String: @Sendable (Node) throws -> String] = [
    "text": { try Node.text($0) },
    "label": { try Node.label($0) },
    "flag": { "\(try Node.flag($0))" },
    "integer": { "\(try Node.integer(in: 0...9)($0))" },
    "decimal": { try Node.decimal($0).description },
    "nonNegative": { try Node.nonNegative($0).description },
    "instant": { try Node.instant($0).description },
    "date": { try Node.date($0).description },
    "month": { try Node.month($0).description },
    "currency": { try Node.currency($0).description },
    "word": {
      let colour: Colour = try Node.word($0)
      return colour.rawValue
    },
    "key": { try CustomerKey.read($0).text },
    "list": { "\(try Node.list(each: Node.integer(in: 0...9), countMax: 3)($0))" },
  ]

  static let readable: [(String, JSON, String)] = [
    ("text", "", ""), ("text", "a\nb", "a\nb"), ("label", "Endeavor Air", "Endeavor Air"),
    ("label", .string(String(repeating: "é", count: 100)), String(repeating: "é", count: 100)),
    ("flag", true, "true"), ("integer", 0, "0"), ("integer", 9, "9"),
    ("integer", .number("-0"), "0"),
    ("decimal", "1.0400", "1.0400"), ("decimal", .number("1.0400"), "1.0400"),
    ("decimal", "-7", "-7"), ("nonNegative", "0.00", "0.00"), ("nonNegative", .number("3"), "3"),
    ("instant", "2013-01-01T06:00:00-05:00", "2013-01-01T11:00:00Z"),
    ("date", "2012-02-29", "2012-02-29"), ("date", "0001-01-01", "0001-01-01"),
    ("date", "1969-12-31", "1969-12-31"), ("month", "2013-01", "2013-01"),
    ("currency", "KWD", "KWD"), ("word", "green", "green"), ("key", "9E", "9E"),
    ("list", [], "[]"), ("list", [1, 2, 3], "[1, 2, 3]"),
  ]

  @Test(arguments: readable)
  func reads(reader: String, value: JSON, expected: String) throws {
    #expect(try Self.readers[reader]!(Node(value, at: "/a/b")) == expected)
  }

  static let unreadable: [(String, JSON)] = [
    ("text", 1), ("text", .null), ("text", ["a"]), ("label", ""), ("label", true),
    ("label", .string(String(repeating: "é", count: 101))), ("flag", "true"), ("flag", 1),
    ("integer", 10), ("integer", -1), ("integer", .number("1.0")), ("integer", .number("1e0")),
    ("integer", "1"), ("integer", .number("99999999999999999999")),
    ("decimal", "1e3"), ("decimal", .number("1e3")), ("decimal", true), ("decimal", ""),
    ("nonNegative", "-0.01"), ("nonNegative", .number("-1")), ("nonNegative", .null),
    ("instant", "2013-01-01"), ("instant", 1_357_038_000), ("date", "2013-02-29"),
    ("date", "2013-01-01T00:00:00Z"), ("date", ""), ("date", "2013-1-1"), ("month", "2013-13"),
    ("month", 201_301), ("currency", "eur"), ("currency", 978), ("word", "blue"), ("word", "RED"),
    ("word", .null), ("key", "a b"), ("key", 9), ("list", ["a": 1]), ("list", [1, 2, 3, 4]),
    ("list", .null),
  ]

  @Test(arguments: unreadable)
  func refusesWithThePlace(reader: String, value: JSON) {
    var found = faults { try Self.readers[reader]!(Node(value, at: "/a/b")) }
    if let one = fault(of: { try Self.readers[reader]!(Node(value, at: "/a/b")) }) { found = [one] }
    #expect(found.map(\.code) == [.invalidValue])
    #expect(found.map(\.pointer) == ["/a/b"])
  }

  @Test func aListTellsAllItsFaultsEachWithItsPlace() {
    let found = faults {
      try Node.list(each: Node.integer(in: 0...9), countMax: 9)(
        Node([1, "2", 3, 44, .null], at: "/list"))
    }
    #expect(found.map(\.pointer) == ["/list/1", "/list/3", "/list/4"])
  }

  @Test func aWordOutOfAListNamesTheChoices() {
    let fault = fault {
      let colour: Colour = try Node.word(Node("blue"))
      return colour
    }
    #expect(fault?.detail == "expected one of red, green")
  }
}
