import Base
import TestSupport
import Testing

/// A writer mends a document in one go: every fault in it is told at once.
struct FieldReaderTests {
  /// A document with two members that must be there, one that may, and one with parts of its own.
  struct Rate: Equatable {
    let name: String
    let amount: Fixed
    let note: String?
    let steps: [Int]

    init(_ node: Node) throws(Faults) {
      var fields = try FieldReader(node)
      let name = fields.required("name", Node.label)
      let amount = fields.required("amount", Node.nonNegative)
      let note = fields.optional("note", Node.text)
      let steps = fields.optional(
        "steps", all: Node.list(each: Node.integer(in: 0...9), countMax: 9))
      if let name, name == note { fields.refuse("note", "the note says no more than the name") }
      guard fields.isValid, let name, let amount else { throw fields.failure }
      (self.name, self.amount, self.note, self.steps) = (name, amount, note, steps ?? [])
    }
  }

  static func read(_ json: JSON) throws -> Rate { try Rate(Node(json, at: "/rates/0")) }

  @Test func readsASoundDocument() throws {
    let rate = try Self.read(["steps": [1, 2], "name": "hour", "amount": "180.00"])
    #expect(rate.name == "hour")
    #expect(rate.amount.description == "180.00")
    #expect(rate.note == nil)
    #expect(rate.steps == [1, 2])
  }

  /// A document, and its faults in the order of the reader, one a line.
  static let unsound: [(JSON, String)] = [
    (["name": "hour"], "missing_field /rates/0/amount"),
    (
      .object([JSON.Member]()),
      """
      missing_field /rates/0/name
      missing_field /rates/0/amount
      """
    ),
    (
      ["name": "", "amount": "-1", "note": 7, "steps": [1, 10, "x"], "rate": 1, "a/b": 2],
      """
      invalid_value /rates/0/name
      invalid_value /rates/0/amount
      invalid_value /rates/0/note
      invalid_value /rates/0/steps/1
      invalid_value /rates/0/steps/2
      unknown_field /rates/0/rate
      unknown_field /rates/0/a~1b
      """
    ),
    // Null is a value, not an absence.
    (
      ["name": .null, "amount": "1", "note": .null],
      """
      invalid_value /rates/0/name
      invalid_value /rates/0/note
      """
    ),
    (["name": "hour", "amount": "1", "note": "hour"], "invalid_value /rates/0/note"),
    (["name": "hour", "amount": "1", "Name": "x"], "unknown_field /rates/0/Name"),
    ("hour", "invalid_value /rates/0"), ([], "invalid_value /rates/0"),
    (.null, "invalid_value /rates/0"),
  ]

  @Test(arguments: unsound)
  func tellsAllFaultsAtOnce(json: JSON, expected: String) {
    let found = faults { try Self.read(json) }
    #expect(found.map { "\($0.code.rawValue) \($0.pointer)" }.joined(separator: "\n") == expected)
  }

  @Test func tellsTheNamesThatAreKnownButNoMoreThanFortyCharactersOfOneThatIsNot() {
    let name = String(repeating: "x", count: 10_000)
    let found = faults { try Self.read(["name": "a", "amount": "1", name: 1]) }
    let names = "name, amount, note, steps"
    #expect(
      found.map(\.detail) == [
        "unknown field `\(String(repeating: "x", count: 40))`; expected one of \(names)"
      ])
  }
}
