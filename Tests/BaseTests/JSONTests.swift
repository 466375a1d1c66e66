import Base
import Testing

struct JSONTests {
  static let document: JSON = [
    "b": 1, "a": ["d": true, "c": [["z": "last", "y": "first"]]], "": "no name",
  ]

  @Test func findsAMemberByItsName() {
    #expect(Self.document["b"] == 1)
    #expect(Self.document["a"]?["d"] == true)
    #expect(Self.document["x"] == nil)
    #expect(JSON.null["a"] == nil)
    #expect(Self.document[""]?.stringValue == "no name")
    #expect(Self.document["b"]?.stringValue == nil)
    #expect(Self.document["a"]?["c"]?.elements?.count == 1)
    #expect(Self.document.elements == nil)
  }

  @Test func sortsMembersAtEveryLevelAndLeavesListsInOrder() {
    #expect(
      Self.document.sorted.text
        == #"{"":"no name","a":{"c":[{"y":"first","z":"last"}],"d":true},"b":1}"#)
    #expect(Self.document.sorted.sorted == Self.document.sorted)
    #expect((["b", "a"] as JSON).sorted == ["b", "a"])
  }

  @Test func sortsNamesByTheirBytes() {
    let names = ["é", "z", "Z", "a", "ab", "😀", "e\u{301}", "\u{FFFF}"]
    let sorted = JSON.object(names.map { JSON.Member($0, .null) }).sorted
    #expect(
      sorted.text
        == """
        {"Z":null,"a":null,"ab":null,"e\u{301}":null,"z":null,"é":null,\
        "\u{FFFF}":null,"😀":null}
        """)
  }

  @Test func leavesOutMembersThatAreNil() {
    let none: JSON? = nil
    #expect(JSON.object(["a": 1, "b": none, "c": .null]).text == #"{"a":1,"c":null}"#)
  }

  @Test func writesDecimalsAsStringsSoThatNobodyMakesAFloatOfThem() throws {
    #expect(try JSON.decimal(Fixed("1.0400")).text == #""1.0400""#)
    #expect(JSON.integer(-42).text == "-42")
  }
}
