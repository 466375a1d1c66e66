import Foundation

/// What of a Swift file is code. Enough of the grammar to tell code from comments and strings, and
/// no more: a quoted name, a string with interpolations, a raw string, a nested comment.
enum SwiftCode {
  /// The same text with spaces for comments, for the contents of strings and for quoted names. The
  /// code inside an interpolation stays.
  static func blanking(_ text: String) -> String {
    var blanker = Blanker(text)
    blanker.code(isInterpolation: false)
    return String(decoding: blanker.output, as: UTF8.self)
  }

  /// The numbers, from 1, of the lines where `word` stands with no other letter beside it.
  static func lines(holding word: String, in code: String) -> [Int] {
    // Most files have none, which the C library finds byte by byte in no time.
    guard strstr(code, word) != nil else { return [] }
    let lines = code.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.indices.filter { isHeld(Array(word.utf8), Array(lines[$0].utf8)) }.map { $0 + 1 }
  }

  private static func isHeld(_ word: [UInt8], _ line: [UInt8]) -> Bool {
    guard line.count >= word.count else { return false }
    return (0...line.count - word.count).contains { start in
      let end = start + word.count
      guard line[start] == word[0], line[start..<end].elementsEqual(word) else { return false }
      let joinsBefore = start > 0 && isLetter(word[0]) && isLetter(line[start - 1])
      let joinsAfter = end < line.count && isLetter(word.last!) && isLetter(line[end])
      return !joinsBefore && !joinsAfter
    }
  }

  private static let kinds: Set<Substring> = [
    "struct", "class", "enum", "actor", "protocol", "typealias",
  ]

  /// The types that a file declares at its top.
  static func types(in code: String) -> [(name: Substring, isPrivate: Bool)] {
    code.split(separator: "\n").compactMap { line in
      guard let first = line.first, first != " ", first != "}" else { return nil }
      let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
      guard let place = words.firstIndex(where: kinds.contains), place + 1 < words.count,
        !words[..<place].contains("extension")
      else { return nil }
      return (words[place + 1], words[..<place].contains("private"))
    }
  }

  /// Of a name: letters, digits, the underscore, and whatever is not ASCII.
  static func isLetter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }
}

private struct Blanker {
  let bytes: [UInt8]
  var output: [UInt8]
  var position = 0

  init(_ text: String) {
    bytes = Array(text.utf8)
    output = bytes
  }

  /// Whether something else than code may begin here, or end.
  private static func mayBegin(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "/"), UInt8(ascii: "`"), UInt8(ascii: "#"), UInt8(ascii: "\""),
      UInt8(ascii: "("), UInt8(ascii: ")"):
      true
    default: false
    }
  }

  mutating func code(isInterpolation: Bool) {
    var depth = 0
    while position < bytes.count {
      guard Self.mayBegin(bytes[position]) else {
        position += 1
        continue
      }
      if starts("//") {
        blank { $0.starts("\n") }
      } else if starts("/*") {
        comment()
      } else if starts("`") {
        position += 1
        blank { $0.starts("`") || $0.starts("\n") }
        position += 1
      } else if let hashes = hashesBeforeQuote() {
        string(hashes)
      } else {
        if starts("(") { depth += 1 }
        if starts(")") { depth -= 1 }
        position += 1
        if isInterpolation, depth < 0 { return }
      }
    }
  }

  private func starts(_ text: StaticString, at offset: Int = 0) -> Bool {
    let start = position + offset
    guard start + text.utf8CodeUnitCount <= bytes.count else { return false }
    return (0..<text.utf8CodeUnitCount).allSatisfy { bytes[start + $0] == text.utf8Start[$0] }
  }

  /// How many `#` stand between here and a quote; nil where no string begins here.
  private func hashesBeforeQuote() -> Int? {
    var hashes = 0
    while starts("#", at: hashes) { hashes += 1 }
    return starts("\"", at: hashes) ? hashes : nil
  }

  private func hashes(_ count: Int, at offset: Int) -> Bool {
    (0..<count).allSatisfy { starts("#", at: offset + $0) }
  }

  private mutating func blank(until isEnd: (Blanker) -> Bool) {
    while position < bytes.count, !isEnd(self) { blankOne() }
  }

  private mutating func blankOne() {
    guard position < bytes.count else { return }
    if bytes[position] != UInt8(ascii: "\n") { output[position] = UInt8(ascii: " ") }
    position += 1
  }

  private mutating func comment() {
    var depth = 0
    repeat {
      if starts("/*") {
        depth += 1
        blankOne()
      } else if starts("*/") {
        depth -= 1
        blankOne()
      }
      blankOne()
    } while depth > 0 && position < bytes.count
  }

  private mutating func string(_ count: Int) {
    position += count
    // The contents of a string of many lines begin on a line of their own.
    let hasManyLines = starts("\"\"\"\n")
    let quotes = hasManyLines ? 3 : 1
    position += quotes
    while position < bytes.count {
      if hasManyLines ? starts("\"\"\"") : starts("\""), hashes(count, at: quotes) {
        position += quotes + count
        return
      }
      if !hasManyLines, starts("\n") { return }
      guard starts("\\"), hashes(count, at: 1) else {
        blankOne()
        continue
      }
      for _ in 0...count { blankOne() }
      if starts("(") {
        position += 1
        code(isInterpolation: true)
      } else {
        blankOne()
      }
    }
  }
}
