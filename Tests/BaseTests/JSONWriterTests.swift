import Base
import TestSupport
import Testing

/// One tree has one text, and the text is read back as the same tree.
struct JSONWriterTests {
  static let written: [(JSON, String)] = [
    (.null, "null"), (true, "true"), (.number("1.50"), "1.50"), ([], "[]"),
    (.object([JSON.Member]()), "{}"), ([1, ["a": "b"], .null], #"[1,{"a":"b"},null]"#),
    ("\"\\/", #""\"\\/""#), ("\n\r\t\u{8}\u{C}", #""\n\r\t\u0008\u000c""#),
    ("\0\u{1F}\u{7F}", "\"\\u0000\\u001f\u{7F}\""), ("é€😀", "\"é€😀\""),
    (["\"": 1], #"{"\"":1}"#),
  ]

  @Test(arguments: written)
  func writesWithoutWhiteSpace(tree: JSON, text: String) {
    #expect(Array(tree.text.utf8) == Array(text.utf8))
  }

  @Test func writesEveryCharacterSoThatItIsReadBack() throws {
    for code in UInt32(0)...0x10FFFF where code < 0x3000 || code.isMultiple(of: 997) {
      guard let scalar = Unicode.Scalar(code) else { continue }
      let tree = JSON.string("a\(Character(scalar))b")
      let read = try JSON(parsing: tree.bytes)
      #expect(
        read.stringValue?.unicodeScalars.elementsEqual(tree.stringValue!.unicodeScalars) == true)
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func readsBackAnyTree(seed: UInt64) throws {
    var trees = RandomTrees(seed: seed)
    for _ in 0..<50 {
      let tree = trees.tree(depth: 0)
      let read = try JSON(parsing: tree.bytes)
      #expect(read == tree)
      #expect(read.bytes == tree.bytes)
      #expect(try JSON(parsing: tree.sorted.bytes) == tree.sorted)
      #expect(try JSON(parsing: trees.spaced(tree)).bytes == tree.bytes)
    }
  }
}

/// Makes documents of every shape, and writes them with white space nobody needs.
struct RandomTrees {
  private var random: SeededRandom

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  mutating func tree(depth: Int) -> JSON {
    switch random.number(0...(depth < 4 ? 9 : 5)) {
    case 0: return .null
    case 1: return .bool(random.chance(50))
    case 2, 3: return .number(number())
    case 4, 5: return .string(text())
    case 6, 7: return .array((0..<random.number(0...5)).map { _ in tree(depth: depth + 1) })
    default:
      var names: Set<[UInt8]> = []
      let members = (0..<random.number(0...8)).map { _ in
        JSON.Member(text(), tree(depth: depth + 1))
      }
      return .object(members.filter { names.insert(Array($0.name.utf8)).inserted })
    }
  }

  private mutating func number() -> String {
    var text = random.chance(30) ? "-" : ""
    text += String(random.number(0...UInt64.max) >> random.number(0...63))
    if random.chance(40) { text += "." + String(random.number(0...99_999)) }
    if random.chance(20) { text += random.pick(["e", "E+", "e-"]) + String(random.number(0...99)) }
    return text
  }

  private mutating func text() -> String {
    let scalars = Array("abc/~\"\\\n\t\0\u{1F}\u{7F} é€😀e\u{301}\u{FFFF}\u{200D}٣".unicodeScalars)
    var text = String.UnicodeScalarView()
    for _ in 0..<random.number(0...6) { text.append(random.pick(scalars)) }
    return String(text)
  }

  /// The document with random white space between its tokens.
  mutating func spaced(_ tree: JSON) -> [UInt8] {
    var spaced: [UInt8] = []
    var (isInside, isEscaped) = (false, false)
    for byte in tree.bytes {
      let isToken = !isInside && "[]{},:".utf8.contains(byte)
      if isToken { spaced += space() }
      spaced.append(byte)
      if isToken { spaced += space() }
      if byte == UInt8(ascii: "\""), !isEscaped { isInside.toggle() }
      isEscaped = isInside && !isEscaped && byte == UInt8(ascii: "\\")
    }
    return space() + spaced + space()
  }

  private mutating func space() -> [UInt8] {
    (0..<random.number(0...2)).map { _ in random.pick(Array(" \t\r\n".utf8)) }
  }
}
