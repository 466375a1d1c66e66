import Base
import TestSupport
import Testing

@testable import Ingestion

@Suite struct CSVLinesTests {
  private static let text = """
    {"source": {"constant": "s"}, "id": {"columns": ["n"]}, "type": {"constant": "t"},
     "time": {"column": "at", "format": "epochSeconds"}, "data": {"x": {"column": "x"}}}
    """

  /// The slices of the text, as they come where each ends after so many lines.
  private func slices(_ text: String, linesEach: Int) -> [LineSlice] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return stride(from: 0, to: lines.count, by: linesEach).map { start in
      var bytes: [UInt8] = []
      var ranges: [LineSlice.Line] = []
      for index in start..<min(start + linesEach, lines.count) {
        let line = Array(lines[index].utf8)
        ranges.append(
          .init(index: index, range: bytes.count..<bytes.count + line.count, isTooLong: false))
        bytes += line
      }
      return LineSlice(bytes: bytes, lines: ranges)
    }
  }

  private func read(_ text: String, linesEach: Int) throws -> [String] {
    var format = CSVLines(try mapping(Self.text))
    var found: [String] = []
    for slice in slices(text, linesEach: linesEach) {
      let batch = try format.events(in: slice)
      found += batch.lines + batch.refusalLines
    }
    if let batch = try format.end() { found += batch.lines + batch.refusalLines }
    return found
  }

  @Test(arguments: [1, 2, 3, 100])
  func rowsAreEventsWhereverASliceEnds(linesEach: Int) throws {
    let text = "\u{FEFF}n,at,x\r\n1,0,\"a\nb\n\nc\"\r\n\n2,0,\n3,never,\n4,0\n,0,\n5,0,z"
    let event = "source=s type=t time=1970-01-01T00:00:00Z"
    #expect(
      try read(text, linesEach: linesEach).sorted() == [
        #"1 id=1 \#(event) data={"x":"a\nb\n\nc"}"#, "10 id=5 \(event) data={\"x\":\"z\"}",
        "6 id=2 \(event) data={}", "7 invalid_value /7/time", "8 malformed_document /8",
        "9 invalid_value /9/id",
      ])
  }

  @Test func aLostQuoteIsNotTheSilentEndOfTheText() {
    let fault = fault { try read("n,at,x\n1,0,\"a\n2,0,b\n", linesEach: 1) }
    #expect(fault?.code == .malformedDocument)
    #expect(fault?.detail.contains("line") == true)
  }

  @Test func aHeaderThatDoesNotFitEndsTheRequest() {
    let fault = fault { try read("n,at\n1,0\n", linesEach: 1) }
    #expect(fault?.code == .unknownReference)
    #expect(fault?.detail == "the mapping at /data/x/column: the header has no column `x`")
  }

  @Test func aLineThatIsTooLongEndsTheRequest() throws {
    var format = CSVLines(try mapping(Self.text))
    let line = LineSlice.Line(index: 4, range: 0..<0, isTooLong: true)
    #expect(
      fault { try format.events(in: LineSlice(bytes: [], lines: [line])) }?.code == .limitExceeded)
  }
}
