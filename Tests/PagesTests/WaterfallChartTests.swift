import Base
import Testing

@testable import Pages

@Suite struct WaterfallChartTests {
  /// Lines with steps up, down, tiny, of nothing, and below zero.
  static let lines: [WaterfallView] = [
    Samples.example,
    Samples.line([("plain hours", 41_336_333), ("leg", 4_567_665)]),
    Samples.line([("plain hours", 1_000_000_000), ("leg", 1), ("derate", 0), ("limits", -1)]),
    Samples.line([("plain hours", 10_000), ("leg", -25_000), ("environment", 5_000)]),
    Samples.line([("plain hours", 0), ("leg", 0)]),
  ]

  @Test(arguments: lines)
  func everyStepStartsWhereTheLastOneEnded(line: WaterfallView) {
    let steps = WaterfallChart(line).steps
    var reached: Int128 = 0
    for (step, bar) in zip(steps, line.bars) {
      #expect(step.start == reached)
      #expect(step.end - step.start == bar.amount.amountMinor)
      reached = step.end
    }
    #expect(steps.count == line.bars.count + 1)
    #expect(steps.last?.start == 0 && steps.last?.end == reached)
    #expect(line.total.amountMinor == reached)
  }

  /// As drawn, too: bars add up to the total's bar, to the thousandth of a per cent a bar.
  @Test func theDrawnBarsAddUp() throws {
    let document = try #require(
      Document(WaterfallChart(Samples.example).markup(id: "line").text))
    var sum = 0.0
    for bar in document.all("rect", class: "bar") where !bar.has(class: "total") {
      sum += try percent(bar, "width") * (bar.has(class: "down") ? -1 : 1)
    }
    let total = try #require(document.all("rect", class: "total").first)
    #expect(abs(sum - (try percent(total, "width"))) < 0.01)
    let connectors = document.all("line", class: "connector")
    #expect(connectors.count == 5)
    let last = try #require(connectors.last)
    #expect(
      abs(try percent(last, "x1") - percent(total, "x") - percent(total, "width")) < 0.01)
  }

  @Test(arguments: lines)
  func everythingIsDrawnWithinTheChart(line: WaterfallView) throws {
    let document = try #require(Document(WaterfallChart(line).markup(id: "line").text))
    let height = try #require(Int(document.elements[0].attributes["height"] ?? ""))
    for bar in document.all("rect") {
      let (x, width) = (try percent(bar, "x"), try percent(bar, "width"))
      #expect(x >= 0 && width >= 0 && x + width <= 100)
      let top = try #require(Int(bar.attributes["y"] ?? ""))
      #expect(top >= 0 && top + 18 <= height)
    }
  }

  @Test func aTinyStepIsMarkedAndItsFigureStands() throws {
    let document = try #require(
      Document(WaterfallChart(WaterfallChartTests.lines[2]).markup(id: "line").text))
    #expect(document.all("line", class: "tick").count == 3)
    let figures = document.all("text", class: "figure").map(\.text)
    #expect(
      figures == ["10,000,000.00", "+0.01", "0.00", "\u{2212}0.01", "10,000,000.00"])
  }

  @Test func aLineWithoutBarsIsRefused() throws {
    let euro = WaterfallView.Bar(label: "leg", amount: .zero(try Currency("EUR")))
    let dollar = WaterfallView.Bar(label: "plain hours", amount: Samples.money(1))
    for bars in [[], [dollar, euro]] {
      #expect(throws: Fault.self) {
        try WaterfallView(title: "", month: Samples.month(1), bars: bars, sentence: "")
      }
    }
  }

  @Test func theWholeContentIsToldInWords() throws {
    let document = try #require(
      Document(WaterfallChart(Samples.example).markup(id: "line").text))
    #expect(
      document.all("desc").map(\.text) == [
        """
        plain hours 110,250.00; index +4,410.00; leg +4,471.74; derate \u{2212}1,191.32; \
        environment +2,122.93; together 120,063.35\u{A0}USD.
        """
      ])
  }

  @Test func aHostileLabelStaysText() throws {
    let fused = "\"\u{301}<\u{301}"
    let line = Samples.line([(Samples.hostile, 100), (fused, 5)])
    let document = try #require(Document(WaterfallChart(line).markup(id: "line").text))
    #expect(document.all("script").isEmpty)
    #expect(document.all("text").map(\.text)[0] == "<script>alert\u{2026}")
    #expect(document.all("text").map(\.text)[2] == fused)
  }

  private func percent(_ element: Document.Element, _ attribute: String) throws -> Double {
    let text = try #require(element.attributes[attribute])
    #expect(text.hasSuffix("%") && !text.contains("e"))
    return try #require(Double(text.dropLast()))
  }
}
