import Base
import Testing

@testable import Pages

@Suite struct CustomerPageTests {
  let renderer: PageRenderer

  init() throws { renderer = try PageRenderer() }

  private func document(_ view: CustomerView) throws -> Document {
    try #require(Document(renderer.customer(view)))
  }

  @Test func sumsAreOfTheShownMonths() throws {
    let figures = try document(Samples.customer()).all("dd").map(\.text)
    #expect(figures[0] == "11,862.5")
    #expect(
      figures[1] == "1,321,315.87\u{A0}USD1 invoice final, 1 draft, 1 month running")
    #expect(
      figures[2]
        == "Not determinablecoverage: customer side 20\u{A0}%, provider side 0\u{A0}%")
  }

  @Test func aSumSaysWhatItLeavesOut() throws {
    let unknown = MonthView(
      month: Samples.month(4), hours: nil, cycles: nil, severity: nil, amount: nil,
      state: .running, invoiceNumber: nil)
    let page = try document(Samples.customer(months: Samples.months + [unknown]))
    let figures = page.all("dd").map(\.text)
    #expect(figures[0] == "11,862.51 month unknown, left out")
    #expect(figures[1].hasSuffix("1 month not priced, left out"))
    #expect(page.all("tfoot")[0].text.contains("Sum of known months11,862.5"))
    let nothing = try document(Samples.customer(months: [unknown])).all("dd").map(\.text)
    #expect(nothing[0] == "unknown1 month unknown, left out")
    #expect(nothing[1].hasPrefix("not priced"))
  }

  @Test func anUnobservedDimensionShowsNoNumber() throws {
    let rows = try document(Samples.customer()).all("tr", class: "unobserved").map(\.text)
    #expect(
      rows == [
        "C1 outcome attainmentnot observed; needs outcome events",
        "P1 Endeavor Airnot observed; needs Endeavor Air",
      ])
    for row in rows { #expect(row.dropFirst(2).allSatisfy { !$0.isNumber }) }
  }

  @Test func anObservedDimensionShowsItsMeasureAndPoints() throws {
    let rows = try document(Samples.customer()).all("tr", class: "observed").map(\.text)
    #expect(rows == ["C3 value in useEndeavor Air 0.88 of planned hours82.9"])
  }

  @Test func aScoreThatIsNotDeterminableHasNoNumber() throws {
    let text = try document(Samples.customer()).all("p", class: "statement").map(\.text)
    #expect(text.last?.hasPrefix("Not determinable. A score needs evidence for 60\u{A0}%") == true)
    #expect(!renderer.customer(Samples.customer()).contains("of 100, "))
  }

  @Test func aScoreNamesItsQuadrantAndSides() throws {
    let page = try document(Samples.customer(score: Samples.knownScore))
    #expect(
      page.all("p", class: "statement").last?.text == """
        78.6 of 100, mutual: both sides have value in use. \
        Customer side 83.3, provider side 77.0.
        """)
  }

  @Test func aMonthShowsItsStateAndNumber() throws {
    let page = try document(Samples.customer())
    #expect(
      page.all("tr", class: "final").map(\.text) == [
        """

        Jan 2013final · INV-000001
        4,133.62,960
        459,039.98\u{A0}USD1.110500

        """
      ])
    #expect(page.all("tr", class: "draft").map(\.text)[0].contains("Feb 2013draft\n3,652.5"))
    #expect(page.all("tr", class: "running").map(\.text)[0].contains("4,076.41\n"))
  }

  @Test func aLineOfOneBarNeedsNoChart() throws {
    let page = try document(Samples.customer(lines: [Samples.line([("cycles", 0)])]))
    #expect(page.all("svg", class: "waterfall").isEmpty)
    #expect(page.all("article").count == 1)
  }

  @Test func monthsOfSeveralCurrenciesHaveNoSum() throws {
    let euro = MonthView(
      month: Samples.month(4), hours: nil, cycles: nil, severity: nil,
      amount: Money(minor: 100, try Currency("EUR")), state: .running, invoiceNumber: nil)
    let page = try document(Samples.customer(months: Samples.months + [euro]))
    #expect(page.all("dd").map(\.text)[1].hasPrefix("see the months"))
    #expect(!page.all("svg", class: "months")[0].text.contains("Charge,"))
  }
}
