/// Some whole lines of a text that is too long to be held at once.
package struct LineSlice: Sendable {
  package struct Line: Hashable, Sendable {
    /// Its number in the text, from zero, blank lines counted.
    package let index: Int
    /// Its bytes in the slice, without the line feed.
    package let range: Range<Int>
    /// It was longer than a line may be, and its bytes were not kept.
    package let isTooLong: Bool
  }

  package let bytes: [UInt8]
  package let lines: [Line]
}

/// Cuts a text that comes in pieces into slices of whole lines, whatever a line holds. It keeps one
/// slice, and what the last piece completed; a line without an end is let go when it is too long.
package struct LineSlicer: Sendable {
  package static let lineBytesMax = 1 << 20
  package static let sliceBytesMax = 4 << 20
  package static let sliceLinesMax = 10_000

  private static let lineFeed = UInt8(ascii: "\n")

  private var bytes: [UInt8] = []
  private var lines: [LineSlice.Line] = []
  private var complete: [LineSlice] = []
  /// Of the line that has no end yet.
  private var index = 0
  private var start = 0
  private var isTooLong = false

  package init() {}

  package mutating func append(_ piece: [UInt8]) {
    piece.withUnsafeBufferPointer { piece in
      var rest = piece[...]
      while let end = rest.firstIndex(of: Self.lineFeed) {
        extendLine(rest[..<end])
        endLine()
        rest = rest[(end + 1)...]
      }
      extendLine(rest)
    }
  }

  /// The next slice that is complete; to be asked for until there is none, after each piece.
  package mutating func next() -> LineSlice? {
    complete.isEmpty ? nil : complete.removeFirst()
  }

  /// The last slice, after the last piece: its last line needs no line feed.
  package mutating func last() -> LineSlice? {
    if bytes.count > start || isTooLong { endLine() }
    if !lines.isEmpty { endSlice() }
    return next()
  }

  private mutating func extendLine(_ part: Slice<UnsafeBufferPointer<UInt8>>) {
    guard !isTooLong else { return }
    isTooLong = bytes.count - start + part.count > Self.lineBytesMax
    if isTooLong { bytes.removeSubrange(start...) } else { bytes += part }
  }

  private mutating func endLine() {
    lines.append(.init(index: index, range: start..<bytes.count, isTooLong: isTooLong))
    index += 1
    start = bytes.count
    isTooLong = false
    // So that the longest line there may be still fits in.
    let isFull = bytes.count > Self.sliceBytesMax - Self.lineBytesMax
    if isFull || lines.count == Self.sliceLinesMax { endSlice() }
  }

  private mutating func endSlice() {
    complete.append(LineSlice(bytes: bytes, lines: lines))
    bytes = []
    lines = []
    start = 0
  }
}
