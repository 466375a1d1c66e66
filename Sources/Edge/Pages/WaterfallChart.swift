import Base

/// The way from the plain amount to the line, a row a factor: name, bar and signed amount. A row
/// reads well on a phone, where columns side by side would leave no room for the figures.
struct WaterfallChart {
  /// One bar from `start` to `end`, running sums in the minor unit, exact.
  struct Step {
    enum Kind: String {
      case plain, up, down, none, total
    }

    let label: String
    let amount: Money
    let start: Int128
    let end: Int128
    let kind: Kind
  }

  /// The bars, and the total last.
  let steps: [Step]
  private let view: WaterfallView
  private let low: Int128
  private let high: Int128
  private let left: Double
  private let right: Double

  init(_ view: WaterfallView) {
    self.view = view
    var steps: [Step] = []
    var reached: Int128 = 0
    for (index, bar) in view.bars.prefix(WaterfallChart.barCountMax).enumerated() {
      let end = reached + bar.amount.amountMinor
      let kind: Step.Kind =
        index == 0 ? .plain : end > reached ? .up : end < reached ? .down : .none
      steps.append(
        Step(label: bar.label, amount: bar.amount, start: reached, end: end, kind: kind))
      reached = end
    }
    steps.append(
      Step(
        label: "line amount", amount: view.total, start: 0, end: view.total.amountMinor,
        kind: .total))
    self.steps = steps
    let reaches = steps.flatMap { [$0.start, $0.end] }
    low = min(0, reaches.min() ?? 0)
    high = max(0, reaches.max() ?? 0)
    left = min(max(steps.map { Chart.widthPercent(Self.short($0.label)) }.max() ?? 0, 16), 34) + 2
    right = 98 - min(steps.map { Chart.widthPercent(Self.figure($0)) }.max() ?? 0, 44)
  }

  func markup(id: String) -> Markup {
    var rows: [Markup] = []
    for (index, step) in steps.enumerated() {
      let top = Self.top(of: index, of: steps.count)
      if index > 0 {
        let above = Self.top(of: index - 1, of: steps.count)
        let x = position(steps[index - 1].end)
        rows.append(
          Chart.line(
            from: (x, above + Self.barHeight), to: (x, top + (step.kind == .total ? 0 : 1)),
            "connector"))
      }
      if step.kind == .total {
        let y = top - 12
        rows.append(Chart.line(from: (0, y), to: (100, y), "rule"))
      }
      rows += row(step, top: top)
    }
    if low < 0 {
      let bottom = Self.height(of: steps.count)
      rows.append(Chart.line(from: (position(0), 0), to: (position(0), bottom), "axis"))
    }
    return Chart.svg(
      "waterfall", id: id, height: Self.height(of: steps.count), title: title,
      description: description, rows)
  }

  private func row(_ step: Step, top: Int) -> [Markup] {
    let (from, to) = (position(min(step.start, step.end)), position(max(step.start, step.end)))
    let baseline = top + 13
    var row = [Chart.label(Self.short(step.label), x: 0, y: baseline, .start, step.kind.rawValue)]
    if step.start != step.end {
      row.append(
        .element(
          "rect",
          [
            "x": Chart.percent(from), "y": String(top), "width": Chart.percent(to - from),
            "height": String(Self.barHeight), "class": "bar \(step.kind.rawValue)",
          ]))
    }
    if step.kind != .total, to - from < Self.tinyPercent {
      // A step too small to draw is marked all the same: its figure must not stand beside nothing.
      row.append(
        Chart.line(
          from: (from, top), to: (from, top + Self.barHeight), "tick \(step.kind.rawValue)"))
    }
    row.append(
      Chart.label(Self.figure(step), x: 100, y: baseline, .end, "figure \(step.kind.rawValue)"))
    return row
  }

  private var title: String {
    "\(view.title), \(Figures.month(view.month)): from the plain amount to the line"
  }

  private var description: String {
    let parts = steps.dropLast().map { "\($0.label) \(Self.figure($0))" }
    return parts.joined(separator: "; ") + "; together \(Figures.amount(view.total))."
  }

  private func position(_ value: Int128) -> Double {
    guard high > low else { return left }
    return left + (right - left) * Double(value - low) / Double(high - low)
  }

  /// Totals carry no sign of change.
  private static func figure(_ step: Step) -> String {
    step.kind == .total || step.kind == .plain
      ? Figures.bare(step.amount) : Figures.signed(step.amount)
  }

  private static func short(_ label: String) -> String {
    label.count > 14 ? label.prefix(13) + "\u{2026}" : label
  }

  private static func top(of index: Int, of count: Int) -> Int {
    2 + index * rowHeight + (index == count - 1 ? 14 : 0)
  }

  private static func height(of count: Int) -> Int { top(of: count - 1, of: count) + barHeight + 4 }

  private static let barCountMax = 40
  private static let rowHeight = 30
  private static let barHeight = 18
  private static let tinyPercent = 0.8
}
