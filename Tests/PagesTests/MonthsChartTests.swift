import Base
import Testing

@testable import Pages

@Suite struct MonthsChartTests {
  private func document(_ months: [MonthView]) throws -> Document {
    try #require(Document(MonthsChart(months, id: "months").markup.text))
  }

  private func month(_ index: Int, hours: String?) -> MonthView {
    MonthView(
      month: Samples.month(1).advanced(by: index), hours: hours.map(Samples.fixed), cycles: nil,
      severity: nil, amount: nil, state: .final, invoiceNumber: nil)
  }

  @Test func everyMonthCarriesItsFigures() throws {
    let chart = try document(Samples.months)
    #expect(
      chart.all("text", class: "figure").map(\.text)
        == ["4,133.6", "3,652.5", "4,076.4", "459,039.98", "407,967.07", "454,308.82"])
    #expect(chart.all("text", class: "month").map(\.text) == ["Jan", "Feb", "Mar"])
  }

  @Test func aMonthThatMayStillChangeLooksDifferent() throws {
    let chart = try document(Samples.months)
    let bars = chart.all("rect", class: "bar")
    #expect(bars.map { $0.attributes["class"] } == ["bar final", "bar draft", "bar running"])
    #expect(bars[2].attributes["fill"] == "url(#months-hatch)")
    #expect(chart.all("pattern").map { $0.attributes["id"] } == ["months-hatch"])
    #expect(chart.all("circle").map { $0.attributes["class"] }.last == "dot running")
  }

  @Test func heightsCompareAsTheHoursDo() throws {
    let chart = try document([month(0, hours: "100"), month(1, hours: "50"), month(2, hours: "0")])
    let heights = chart.all("rect", class: "bar").map { $0.attributes["height"] }
    #expect(heights == ["90", "45", "0"])
  }

  @Test func anUnknownMonthIsNoBarOfNothing() throws {
    let chart = try document([month(0, hours: "100"), month(1, hours: nil)])
    #expect(chart.all("rect", class: "bar").count == 1)
    #expect(chart.all("text", class: "missing").map(\.text) == ["unknown"])
    #expect(chart.all("desc")[0].text.contains("February 2013, final: hours unknown"))
  }

  @Test func manyMonthsKeepTheirFiguresApart() throws {
    let chart = try document((0..<40).map { month($0, hours: "\(100 - $0)") })
    #expect(chart.all("rect", class: "bar").count == MonthsChart.monthCountMax)
    #expect(chart.all("text", class: "figure").count == 2)
  }

  @Test func aNameOfTheChartIsEscaped() throws {
    let chart = MonthsChart(Samples.months, id: Samples.hostile).markup.text
    #expect(Document(chart) != nil)
    #expect(!chart.contains("<script"))
  }
}
