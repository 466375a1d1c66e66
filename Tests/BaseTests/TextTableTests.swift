import Base
import TestSupport
import Testing

struct TextTableTests {
  @Test func isADictionaryOfBytes() {
    var random = SeededRandom(seed: 21)
    var table = TextTable<Int>()
    var dictionary: [[UInt8]: Int] = [:]
    for number in 0..<20_000 {
      // Few short texts, so that many are put again; all bytes, so that none is special.
      let text =
        (0..<random.number(0...3)).map { _ in random.pick([0, 1, 0x61, 0xC3, 0xFF] as [UInt8]) }
        + (random.chance(30) ? Array("\(random.number(0...500))".utf8) : [])
      if random.chance(50) {
        text.withUnsafeBytes { table.put(number, for: $0) }
        dictionary[text] = number
      }
      #expect(text.withUnsafeBytes { table[$0] } == dictionary[text])
    }
    #expect(table.count == dictionary.count)
    for (text, value) in dictionary { #expect(text.withUnsafeBytes { table[$0] } == value) }
  }

  @Test func tellsTextsApartThatSwiftFindsEqual() {
    var table = TextTable<Int>()
    table.put(1, for: "\u{E9}")
    table.put(2, for: "e\u{301}")
    #expect(table["\u{E9}"] == 1)
    #expect(table["e\u{301}"] == 2)
    #expect(table["e"] == nil)
    #expect(TextTable<Int>()[""] == nil)
  }

  @Test func aCopyIsItsOwn() {
    var first = TextTable<Int>()
    first.put(1, for: "a")
    var second = first
    second.put(2, for: "a")
    second.put(3, for: "b")
    #expect(first["a"] == 1 && first["b"] == nil)
    #expect(second["a"] == 2 && second["b"] == 3)
  }
}
