import Base

/// Hours in use and the charge, month by month: two panels over one axis, for two scales on one
/// panel would suggest a relation that the scales made up.
struct MonthsChart {
  /// More bars than this cannot be told apart on a phone; the table has all months.
  static let monthCountMax = 24

  private let months: [MonthView]
  private let id: String

  /// Shows the last of `months`, which are in order of time.
  init(_ months: [MonthView], id: String) {
    self.months = Array(months.suffix(MonthsChart.monthCountMax))
    self.id = id
  }

  var markup: Markup {
    Chart.svg(
      "months", id: id, height: Self.height, title: "Hours in use and charge by month",
      description: description, [hatch] + hoursPanel + chargePanel + axis)
  }

  // MARK: Panels

  private var hoursPanel: [Markup] {
    let panel = Panel(top: 46, bottom: 136, values: months.map { $0.hours.map(Self.double) })
    let labels = labelled(panel.values)
    var parts = [
      Chart.label("Hours in use", x: 0, y: 14, .start, "heading"),
      Chart.line(from: (0, panel.bottom), to: (100, panel.bottom), "axis"),
    ]
    for (index, month) in months.enumerated() {
      guard let hours = month.hours, let top = panel.y(index) else {
        parts.append(unknown(index, above: panel))
        continue
      }
      parts.append(bar(index, month.state, from: top, to: panel.bottom))
      if labels.contains(index) {
        let text = Figures.hours(hours)
        parts.append(Chart.label(text, x: center(index), y: top - 7, .middle, "figure"))
      }
    }
    return parts
  }

  private var chargePanel: [Markup] {
    let currencies = Set(months.compactMap { $0.amount?.currency })
    let panel = Panel(
      top: 208, bottom: 278, values: months.map { $0.amount.map { Self.double($0.fixed) } })
    // Amounts of two currencies have no common scale.
    guard currencies.count == 1, let currency = currencies.first else { return [] }
    let labels = labelled(panel.values)
    var (lines, dots) = ([Markup](), [Markup]())
    for (index, month) in months.enumerated() {
      guard let amount = month.amount, let y = panel.y(index) else {
        dots.append(unknown(index, above: panel))
        continue
      }
      if index > 0, let before = panel.y(index - 1) {
        let style = "trend \(month.state.rawValue)"
        lines.append(
          Chart.line(from: (center(index - 1), before), to: (center(index), y), style))
      }
      dots.append(dot(index, month.state, y: y))
      if labels.contains(index) {
        let text = months.count > 4 ? Figures.whole(amount) : Figures.bare(amount)
        dots.append(Chart.label(text, x: center(index), y: y - 11, .middle, "figure"))
      }
    }
    return [
      Chart.label("Charge, \(currency.code)", x: 0, y: 176, .start, "heading"),
      Chart.line(from: (0, panel.bottom), to: (100, panel.bottom), "axis"),
    ] + lines + dots
  }

  private var axis: [Markup] {
    var parts: [Markup] = []
    for (index, month) in months.enumerated() {
      let startsYear = index == 0 || month.month.month == 1
      if months.count <= 12 || startsYear || month.month.month.isMultiple(of: 3) {
        let text = Figures.shortMonth(month.month)
        parts.append(Chart.label(text, x: center(index), y: 298, .middle, "month"))
      }
      if startsYear {
        let year = String(month.month.year)
        parts.append(Chart.label(year, x: center(index), y: 315, .middle, "year"))
      }
    }
    return parts
  }

  // MARK: Marks

  private func bar(_ index: Int, _ state: MonthView.State, from top: Int, to bottom: Int) -> Markup
  {
    let width = min(56 / Double(months.count), 17)
    return .element(
      "rect",
      [
        "x": Chart.percent(center(index) - width / 2), "y": String(top),
        "width": Chart.percent(width), "height": String(bottom - top),
        "class": "bar \(state.rawValue)",
        "fill": state == .running ? "url(#\(id)-hatch)" : "currentColor",
      ])
  }

  private func dot(_ index: Int, _ state: MonthView.State, y: Int) -> Markup {
    .element(
      "circle",
      [
        "cx": Chart.percent(center(index)), "cy": String(y), "r": "4.5",
        "class": "dot \(state.rawValue)",
      ])
  }

  /// What is not known leaves a question, not a bar of no height.
  private func unknown(_ index: Int, above panel: Panel) -> Markup {
    Chart.label(
      months.count <= 6 ? "unknown" : "?", x: center(index), y: panel.bottom - 8, .middle, "missing"
    )
  }

  private var hatch: Markup {
    .element(
      "defs", [:],
      [
        .element(
          "pattern",
          [
            "id": "\(id)-hatch", "width": "6", "height": "6", "patternUnits": "userSpaceOnUse",
            "patternTransform": "rotate(45)",
          ],
          [
            .element("rect", ["width": "6", "height": "6", "class": "hatch-ground"]),
            .element(
              "line", ["x1": "0", "y1": "0", "x2": "0", "y2": "6", "class": "hatch-line"]),
          ])
      ])
  }

  // MARK: Measures

  private var description: String {
    months.map { month in
      let hours = month.hours.map { "\(Figures.hours($0)) hours" } ?? "hours unknown"
      let amount = month.amount.map(Figures.amount) ?? "charge unknown"
      return "\(Figures.month(month.month)), \(month.state.rawValue): \(hours), \(amount)."
    }.joined(separator: " ")
  }

  private func center(_ index: Int) -> Double {
    (Double(index) + 0.5) / Double(months.count) * 100
  }

  /// All months carry their figure as long as there is room; then the highest and the last.
  private func labelled(_ values: [Double?]) -> Set<Int> {
    guard months.count > 6 else { return Set(months.indices) }
    let highest = months.indices.max { (values[$0] ?? 0) < (values[$1] ?? 0) } ?? 0
    let last = months.count - 1
    return last - highest < 3 ? [highest] : [highest, last]
  }

  private static func double(_ value: Fixed) -> Double {
    Double(value.units) / Double(Rounding.powerOfTen(value.places))
  }

  private static let height = 322
}

/// One band of the chart. Its scale holds zero, so that heights compare as the values do.
private struct Panel {
  let top: Int
  let bottom: Int
  let values: [Double?]

  func y(_ index: Int) -> Int? {
    guard let value = values[index] else { return nil }
    let high = max(values.compactMap { $0 }.max() ?? 0, 0)
    let low = min(values.compactMap { $0 }.min() ?? 0, 0)
    guard high > low else { return bottom }
    return bottom - Int((Double(bottom - top) * (value - low) / (high - low)).rounded())
  }
}
