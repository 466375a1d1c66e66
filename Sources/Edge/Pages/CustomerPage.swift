import Base

/// One customer in the words and figures that are shown.
struct CustomerPage {
  let frame: PageFrame
  let key: String
  let name: String
  let span: String?
  let hasContract: Bool
  let contract: [String]
  let totalHours: String?
  let totalAmount: String?
  /// Stands where amounts are unknown, or are of several currencies and have no sum.
  let noTotal: String
  /// What the sums leave out.
  let hoursGap: String?
  let amountGap: String?
  let sumLabel: String
  let states: String?
  let score: ScoreText
  let monthsChart: Markup?
  let legend: [MonthView.State.Legend]
  let hasMonths: Bool
  let months: [MonthRow]
  let hasLines: Bool
  let lines: [LineText]
  let sides: [SideText]

  init(_ view: CustomerView) {
    frame = .figures(workspace: view.workspace, notice: view.notice)
    key = view.key.text
    name = view.name
    contract = view.contract
    hasContract = !view.contract.isEmpty
    if let first = view.months.first, let last = view.months.last {
      span = Figures.months(first.month...last.month)
    } else {
      span = nil
    }
    totalHours = Figures.sum(view.months.compactMap(\.hours)).map(Figures.hours)
    let amounts = view.months.compactMap(\.amount)
    totalAmount = Figures.sum(amounts).map(Figures.amount)
    noTotal = amounts.isEmpty ? "not priced" : "see the months"
    hoursGap = CustomerPage.gap(view.months.count { $0.hours == nil }, "unknown")
    amountGap = CustomerPage.gap(view.months.count { $0.amount == nil }, "not priced")
    sumLabel = hoursGap == nil && amountGap == nil ? "Sum" : "Sum of known months"
    states = MonthStates(view.months.map(\.state)).text
    score = ScoreText(view.score)
    hasMonths = !view.months.isEmpty
    monthsChart = hasMonths ? MonthsChart(view.months, id: "months").markup : nil
    legend = MonthView.State.allCases
      .filter { state in view.months.contains { $0.state == state } }.map(\.legend)
    months = view.months.map(MonthRow.init)
    hasLines = !view.lines.isEmpty
    lines = view.lines.enumerated().map { LineText($1, id: "line-\($0 + 1)") }
    sides = DimensionView.Side.allCases.compactMap { SideText($0, of: view.dimensions) }
  }

  /// A sum that leaves months out says so, or it would count them as zero.
  private static func gap(_ count: Int, _ what: String) -> String? {
    count == 0 ? nil : "\(count.counted("month")) \(what), left out"
  }
}

extension CustomerPage {
  struct MonthRow {
    let monthKey: String
    let label: String
    let state: String
    let invoice: String?
    let hours: String?
    let cycles: String?
    let amount: String?
    let severity: String?

    init(_ month: MonthView) {
      monthKey = month.month.description
      label = "\(Figures.shortMonth(month.month)) \(month.month.year)"
      state = month.state.rawValue
      invoice = month.invoiceNumber
      hours = month.hours.map(Figures.hours)
      cycles = month.cycles.map(Figures.cycles)
      amount = month.amount.map(Figures.amount)
      severity = month.severity.map(Figures.factor)
    }
  }

  struct LineText {
    let lineID: String
    let title: String
    let lineMonth: String
    let lineAmount: String
    let sentence: String
    /// Nil where the plain amount is all there is: a chart of one bar explains nothing.
    let waterfall: Markup?

    init(_ view: WaterfallView, id: String) {
      lineID = id
      title = view.title
      lineMonth = Figures.month(view.month)
      lineAmount = Figures.amount(view.total)
      sentence = view.sentence
      waterfall = view.bars.count > 1 ? WaterfallChart(view).markup(id: id + "-chart") : nil
    }
  }

  /// One side of the score with its dimensions; nil where the view has none of that side.
  struct SideText {
    let sideID: String
    let sideName: String
    let dimensions: [DimensionText]

    init?(_ side: DimensionView.Side, of dimensions: [DimensionView]) {
      let own = dimensions.filter { $0.side == side }
      guard !own.isEmpty else { return nil }
      sideID = "side-\(side.rawValue)"
      sideName = side == .customer ? "Customer side" : "Provider side"
      self.dimensions = own.map(DimensionText.init)
    }
  }

  struct DimensionText {
    struct Observed {
      let measure: String
      let points: String
      let bar: Markup
    }

    let dimensionID: String
    let dimensionName: String
    let observed: Observed?
    let evidence: String

    init(_ view: DimensionView) {
      dimensionID = view.id
      dimensionName = view.name
      evidence = view.evidence
      observed = view.reading.map { reading in
        Observed(
          measure: reading.measure, points: Figures.points(reading.points),
          bar: ScaleBar(
            percent: Int(
              clamping: reading.points.units / Rounding.powerOfTen(reading.points.places))
          ).markup)
      }
    }
  }
}

extension MonthView.State {
  struct Legend {
    let legendState: String
    let legendText: String
  }

  var legend: Legend {
    switch self {
    case .final: Legend(legendState: rawValue, legendText: "final invoice")
    case .draft: Legend(legendState: rawValue, legendText: "draft invoice, may still change")
    case .running: Legend(legendState: rawValue, legendText: "running month, so far")
    }
  }
}
