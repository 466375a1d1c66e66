import Base
import Ingestion
import TestSupport
import Testing

@Suite struct CSVMappingTests {
  @Test func everythingMayBeSaid() throws {
    let mapping = try mapping(
      """
      {"delimiter": ";", "source": {"constant": "//acme/history"},
       "id": {"columns": ["tail", "departed"], "joiner": "~"}, "type": {"column": "kind"},
       "subject": {"column": "tail"}, "time": {"column": "departed", "format": "epochSeconds"},
       "data": {"seconds": {"column": "air", "kind": "number"}, "pilot": {"column": "who"}}}
      """)
    #expect(mapping.delimiter == UInt8(ascii: ";"))
    #expect(mapping.source == .constant("//acme/history"))
    #expect(mapping.identity.columns == ["tail", "departed"])
    #expect(mapping.identity.joiner == "~")
    #expect(mapping.type == .column("kind"))
    #expect(mapping.subject == .column("tail"))
    #expect(mapping.time.format == .epochSeconds)
    #expect(mapping.data.map(\.name) == ["seconds", "pilot"])
    #expect(mapping.data.map(\.kind) == [.number, .text])
  }

  @Test func littleNeedsToBeSaid() throws {
    let mapping = try mapping(
      """
      {"source": {"constant": "s"}, "type": {"constant": "t"}, "id": {"columns": ["n"]},
       "time": {"column": "at"}}
      """)
    #expect(mapping.delimiter == UInt8(ascii: ","))
    #expect(mapping.identity.joiner == "|")
    #expect(mapping.subject == nil)
    #expect(mapping.time.format == .rfc3339)
    #expect(mapping.data.isEmpty)
  }

  @Test func everyMistakeIsPointedAt() {
    let found = faults {
      try mapping(
        """
        {"delimiter": "ab", "source": {"constant": "s", "column": "c"}, "id": {"columns": []},
         "type": {}, "time": {"column": "at", "format": "%d.%m.%Y"}, "colour": 1,
         "data": {"a/b": {"column": "x", "kind": "float"}, "c": {"kind": "text"}}}
        """)
    }
    #expect(
      found.map { "\($0.code.rawValue) \($0.pointer)" }.sorted() == [
        "invalid_value /data/a~1b/kind", "invalid_value /delimiter", "invalid_value /id/columns",
        "invalid_value /source/constant", "invalid_value /time/format",
        "invalid_value /time/zone", "invalid_value /type/column", "missing_field /data/c/column",
        "unknown_field /colour",
      ])
  }

  @Test(arguments: ["\"", "\n", "\r", "", "ä"])
  func noSignThatHasAnotherMeaningPartsCells(sign: String) {
    let document: JSON = ["delimiter": .string(sign)]
    let found = faults { try CSVMapping(Node(document)) }
    #expect(found.contains { $0.pointer == "/delimiter" })
  }
}
