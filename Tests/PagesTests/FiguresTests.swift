import Base
import Testing

@testable import Pages

@Suite struct FiguresTests {
  @Test(arguments: [
    ("4133.6333", "4,133.6"), ("22010.8333", "22,010.8"), ("656", "656.0"), ("0.05", "0.1"),
    ("-0.05", "\u{2212}0.1"), ("-0.04", "0.0"), ("1234567.95", "1,234,568.0"),
  ])
  func hoursHaveOneDecimal(hours: String, shown: String) {
    #expect(Figures.hours(Samples.fixed(hours)) == shown)
  }

  @Test func moneyKeepsTheDigitsOfItsCurrency() throws {
    #expect(Figures.amount(Samples.money(-234_000)) == "\u{2212}2,340.00\u{A0}USD")
    #expect(Figures.amount(Money(minor: 1_234_567, try Currency("JPY"))) == "1,234,567\u{A0}JPY")
    #expect(Figures.signed(Samples.money(4_567_665)) == "+45,676.65")
    #expect(Figures.signed(Samples.money(0)) == "0.00")
  }

  /// 59.99 % is not the 60 % that would be enough.
  @Test func coverageIsRoundedDown() {
    #expect(Figures.percent(Samples.fixed("0.5999")) == "59\u{A0}%")
    #expect(Figures.percent(Samples.fixed("1")) == "100\u{A0}%")
  }

  @Test func monthsAreSpelledOut() {
    let (january, march) = (Samples.month(1), Samples.month(3))
    #expect(Figures.months(january...march) == "January to March 2013")
    #expect(Figures.months(january...january) == "January 2013")
    #expect(
      Figures.months(january.previous...march) == "December 2012 to March 2013")
  }

  @Test func sumsAreExact() throws {
    #expect(
      Figures.sum([Samples.fixed("0.5"), Samples.fixed("0.3333")]) == Samples.fixed("0.8333"))
    #expect(Figures.sum([Samples.money(1), Samples.money(2)]) == Samples.money(3))
    #expect(Figures.sum([Samples.money(1), .zero(try Currency("EUR"))]) == nil)
    #expect(Figures.sum([Fixed]()) == nil)
  }

  /// Where `Character` and browser disagree about what a quotation mark is, the browser decides.
  @Test(arguments: [
    ("a<b", "a&lt;b"), ("\"\u{301}", "&quot;\u{301}"), ("\u{600}<", "\u{600}&lt;"),
    ("'\u{200D}&", "&#39;\u{200D}&amp;"), ("\0\u{85}\u{FFFE}", "\u{FFFD}\u{FFFD}\u{FFFD}"),
    ("é\n", "é\n"),
  ])
  func escapingGoesByScalar(value: String, escaped: String) {
    #expect(Array(Markup.escaped(value).unicodeScalars) == Array(escaped.unicodeScalars))
  }
}
