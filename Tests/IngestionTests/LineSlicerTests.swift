import Base
import Ingestion
import Testing

/// Cutting a text that comes in pieces into slices of whole lines.
struct LineSlicerTests {
  /// Each slice as its lines; a line that was too long is nil.
  private func slices(_ text: [UInt8], pieceBytes: Int = 1 << 16) -> [[String?]] {
    var slicer = LineSlicer()
    var slices: [LineSlice] = []
    for start in stride(from: 0, to: text.count, by: pieceBytes) {
      slicer.append(Array(text[start..<min(start + pieceBytes, text.count)]))
      while let slice = slicer.next() { slices.append(slice) }
    }
    while let slice = slicer.last() { slices.append(slice) }
    let indices = slices.flatMap(\.lines).map(\.index)
    #expect(indices == Array(indices.indices), "lines are numbered through")
    return slices.map { slice in
      #expect(slice.bytes.count <= LineSlicer.sliceBytesMax)
      #expect(slice.lines.count <= LineSlicer.sliceLinesMax)
      return slice.lines.map { line in
        line.isTooLong ? nil : String(decoding: slice.bytes[line.range], as: UTF8.self)
      }
    }
  }

  @Test(arguments: [
    ("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\nb", ["a", "b"]), ("\n", [""]), ("\n\n", ["", ""]),
    ("a\n\nb\n", ["a", "", "b"]), ("a\r\nb\r\n", ["a\r", "b\r"]), ("\na", ["", "a"]),
  ])
  func theLastLineNeedsNoLineFeed(text: String, lines: [String]) {
    for pieceBytes in [1, 2, 3, 100] {
      let found = slices(Array(text.utf8), pieceBytes: pieceBytes)
      #expect(found == (lines.isEmpty ? [] : [lines]), "in pieces of \(pieceBytes)")
    }
  }

  @Test func aSliceHasTenThousandLines() {
    let found = slices([UInt8](repeating: UInt8(ascii: "\n"), count: 25_000))
    #expect(found.map(\.count) == [10_000, 10_000, 5_000])
  }

  @Test func aSliceHasFourMebibytes() {
    let line = [UInt8](repeating: UInt8(ascii: "x"), count: LineSlicer.lineBytesMax - 1) + [10]
    let found = slices(Array(repeatElement(line, count: 9).joined()))
    #expect(found.joined().count == 9)
    #expect(found.count >= 3)
    #expect(found.joined().allSatisfy { $0?.utf8.count == LineSlicer.lineBytesMax - 1 })
  }

  @Test func aLineThatIsTooLongIsLetGoAndTheOthersAreKept() {
    let longest = [UInt8](repeating: UInt8(ascii: "x"), count: LineSlicer.lineBytesMax)
    let text = Array("a\n".utf8) + longest + Array("x\nb\n".utf8) + longest + Array("\nc\n".utf8)
    let found = slices(text + longest + longest).joined()
    #expect(found.map { $0?.count } == [1, nil, 1, LineSlicer.lineBytesMax, 1, nil])
  }
}
