import Base
import Ingestion
import TestSupport
import Testing

/// CloudEvents one a line: the line is the unit, whatever is wrong with it.
struct JSONLinesTests {
  private func scan(_ text: [UInt8]) throws -> EventBatch {
    var slicer = LineSlicer()
    slicer.append(text)
    let slice = slicer.last()
    return JSONLines().events(in: try #require(slice))
  }

  private func event(_ id: String, _ more: String = "") -> String {
    #"{"specversion":"1.0","id":"\#(id)","source":"s","type":"t"\#(more)}"#
  }

  @Test func readsOneEventALineAndSkipsBlankOnes() throws {
    let batch = try scan(
      Array(
        "\(event("1"))\r\n\n \t\r\n  \(event("2", #","data":[1],"x":"\u00e9""#))  \n\(event("3"))"
          .utf8))
    #expect(
      batch.lines == [
        "0 id=1 source=s type=t", #"3 id=2 source=s type=t data=[1] others="x":"\u00e9""#,
        "4 id=3 source=s type=t",
      ])
    #expect(batch.refusalLines == [])
    #expect(batch.pointer(to: 4) == "/4")
  }

  @Test func aBrokenLineIsRefusedAloneWithItsPlace() throws {
    let lines = [
      event("1"), "{", event("2") + event("3"), "nope", event(""), "[]", event("4"),
      #"{"id":"x","id":"y"}"#, #"{"data":{"a":1e999}}"#, event("5", #","time":"x"} {"#),
      #"{"id":"\ud800"}"#, #"{"data":NaN}"#,
      #"{"data":\#(String(repeating: "[", count: 10_000))"#, event("6"),
    ]
    let batch = try scan(Array(lines.joined(separator: "\n").utf8))
    #expect(
      batch.lines == [
        "0 id=1 source=s type=t", "6 id=4 source=s type=t", "13 id=6 source=s type=t",
      ])
    #expect(
      batch.refusalLines == [
        "1 malformed_json /1", "2 malformed_json /2", "3 malformed_json /3",
        "4 invalid_value /4/id", "5 invalid_value /5", "7 malformed_json /7/id",
        "8 limit_exceeded /8/data/a", "9 malformed_json /9", "10 malformed_json /10/id",
        "11 malformed_json /11/data",
        "12 limit_exceeded /12/data" + String(repeating: "/0", count: 62),
      ])
  }

  @Test func theByteOfAMistakeIsThatOfItsLine() throws {
    let batch = try scan(Array("\(event("1"))\n{\"id\" 7}\n".utf8))
    #expect(batch.refusals.first?.fault.detail.contains("at byte 6") == true)
  }

  @Test func aLineThatIsTooLongIsRefusedAlone() throws {
    let padding = String(repeating: " ", count: LineSlicer.lineBytesMax)
    let batch = try scan(Array("\(event("1"))\n\(event("2"))\(padding)\n\(event("3"))".utf8))
    #expect(batch.lines == ["0 id=1 source=s type=t", "2 id=3 source=s type=t"])
    #expect(batch.refusalLines == ["1 limit_exceeded /1"])
  }

  @Test func truncationAtEveryByteRefusesTheLastLineAlone() throws {
    let whole = Array(
      #"{"specversion":"1.0","id":"\u00e9\ud83d\ude00","source":"/é","type":"t","data":[1e3]}"#.utf8
    )
    for length in 1..<whole.count {
      let batch = try scan(Array("\(event("1"))\n".utf8) + whole[..<length])
      #expect(batch.lines == ["0 id=1 source=s type=t"])
      #expect(batch.refusals.map(\.fault.code) == [.malformedJSON], "the first \(length) bytes")
      #expect(batch.refusals.first?.fault.pointer.hasPrefix("/1") == true)
    }
  }

  @Test func refusesInvalidUTF8() throws {
    for bytes in [[0x80], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xFF], [0xE2, 0x82]] as [[UInt8]] {
      let line = Array(#"{"id":""#.utf8) + bytes + Array("\"}\n\(event("2"))".utf8)
      let batch = try scan(line)
      #expect(batch.refusalLines == ["0 malformed_json /0/id"])
      #expect(batch.lines == ["1 id=2 source=s type=t"])
    }
  }
}
