import Base
import Testing

struct JSONDifferenceTests {
  /// Two documents, and where they differ.
  @Test(arguments: [
    (#"{"a":1}"#, #"{"a":1}"#, []), (#"{"a":1}"#, #"{"a":2}"#, ["/a 1 2"]),
    (#"{"a":1,"b":2}"#, #"{"b":2,"c":3}"#, ["/a 1 -", "/c - 3"]),
    (#"{"a":[1,2,3]}"#, #"{"a":[1,3]}"#, ["/a/1 2 3", "/a/2 3 -"]),
    (#"{"a":[]}"#, #"{"a":[{"b":1}]}"#, [#"/a/0 - {"b":1}"#]),
    (#"{"a":{"b":{"c":1}}}"#, #"{"a":{"b":{"c":"1"}}}"#, [#"/a/b/c 1 "1""#]),
    (#"{"a/b":1}"#, #"{"a/b":[1]}"#, ["/a~1b 1 [1]"]), ("1", "2", [" 1 2"]),
  ])
  func namesEveryPlace(old: String, new: String, expected: [String]) throws {
    let found = JSONDifference.between(
      try JSON(parsing: Array(old.utf8)), try JSON(parsing: Array(new.utf8)))
    #expect(
      found.map { "\($0.pointer) \($0.old?.text ?? "-") \($0.new?.text ?? "-")" } == expected)
  }
}
