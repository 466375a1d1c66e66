import Base
import Testing

/// A number with what it counts.
struct CountedTests {
  @Test(arguments: [(0, "0 periods"), (1, "1 period"), (2, "2 periods"), (-1, "-1 periods")])
  func nouns(number: Int, words: String) {
    #expect(number.counted("period") == words)
  }

  @Test func plural() {
    #expect([1, 2].map { $0.counted("entry", "entries") } == ["1 entry", "2 entries"])
  }
}
