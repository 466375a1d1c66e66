import Base
import TestSupport
import Testing

struct FixedTests {
  /// The places are part of what was agreed: `1.04` and `1.0400` are printed as they were written.
  @Test(arguments: [
    "0", "7", "-7", "1.04", "1.0400", "0.00", "-12.50", "0.000000000001",
    "999999999999.999999999999",
    "100000000000000000000000",
  ])
  func printsWhatItRead(text: String) throws {
    #expect(try Fixed(text).description == text)
  }

  @Test func anyNumberSurvivesThePaper() throws {
    var random = SeededRandom(seed: 5)
    for _ in 0..<2000 {
      let most = Rounding.powerOfTen(random.number(0...24)) - 1
      let number = Fixed(units: random.number(-most...most), places: random.number(0...12))
      // Twelve places need thirteen digits at least: the zero before the point is one.
      #expect(try Fixed(number.description) == number)
    }
  }

  @Test(arguments: [
    "", "-", "+1", ".5", "-.5", "1.", "1.2.3", "1e3", "1E3", "0x10", "1,000", " 1", "1 ", "--1",
    "1-", "NaN", "Infinity", "١٢", "1\u{301}", "0.0000000000001", "1234567890123456789012345",
  ])
  func refusesWhatIsNoPlainDecimal(text: String) {
    #expect(fault { try Fixed(text) }?.code == .invalidValue)
  }

  @Test func theRefusalQuotesNoMoreThanFortyCharacters() {
    let detail = fault { try Fixed(String(repeating: "9", count: 10_000)) }?.detail ?? ""
    #expect(detail.utf8.count < 120)
  }

  @Test func isTheExactRatio() throws {
    #expect(try Fixed("1.0400").ratio == Ratio(26, over: 25))
    #expect(try Fixed("-0.5").ratio == Ratio(-1, over: 2))
    #expect(fault { try Fixed(units: .min, places: 0).ratio }?.code == .overflow)
  }

  @Test func equalNumbersWithOtherPlacesAreOtherValues() throws {
    #expect(try Fixed("1.04") != Fixed("1.0400"))
    #expect(try Fixed("1.04").ratio == Fixed("1.0400").ratio)
  }

  /// A number, its new places, and what becomes of it; nil where digits would be lost.
  static let rescalings: [(String, Int, String?)] = [
    ("1.04", 4, "1.0400"), ("1.0400", 2, "1.04"), ("1.0400", 1, nil), ("-7", 0, "-7"),
    ("100", 2, "100.00"), ("0.000", 0, "0"), ("99.995", 2, nil),
  ]

  @Test(arguments: rescalings)
  func changesItsPlacesOnlyWithoutLoss(text: String, places: Int, expected: String?) throws {
    #expect(try Fixed(text).exactly(places: places)?.description == expected)
  }

  @Test func morePlacesThanFitAreRefused() {
    #expect(Fixed(units: .max, places: 0).exactly(places: 2) == nil)
    #expect(Fixed(units: .min, places: 0).exactly(places: 12) == nil)
  }

  static let groupings: [(String, String)] = [
    ("0", "0"), ("999", "999"), ("1000", "1,000"), ("-1000", "-1,000"), ("-999.5", "-999.5"),
    ("1234567.50", "1,234,567.50"), ("100000", "100,000"), ("-0.25", "-0.25"),
    ("120063.35", "120,063.35"),
  ]

  @Test(arguments: groupings)
  func groupsThousandsForPeople(text: String, grouped: String) throws {
    #expect(try Fixed(text).grouped == grouped)
  }
}
