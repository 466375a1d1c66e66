import Base

/// The list of customers in the words and figures that are shown.
struct CustomersPage {
  struct Row {
    let path: String
    let key: String
    let name: String
    let hours: String?
    let amount: String?
    let states: String?
    let score: ScoreText
  }

  let frame: PageFrame
  let span: String?
  let hasRows: Bool
  let rows: [Row]

  init(_ view: CustomersView) {
    frame = .figures(workspace: view.workspace, notice: view.notice)
    span = view.months.map(Figures.months)
    hasRows = !view.rows.isEmpty
    rows = view.rows.map { row in
      Row(
        path: PagePath.customer(row.key), key: row.key.text, name: row.name,
        hours: row.hours.map(Figures.hours), amount: row.amount.map(Figures.amount),
        states: row.states.text, score: ScoreText(row.score))
    }
  }
}

/// A score in words: a number with its quadrant, or how far the evidence goes.
struct ScoreText {
  struct Determined {
    let points: String
    let quadrant: String
    let meaning: String
    let customerPoints: String
    let providerPoints: String
  }

  struct Coverage {
    let side: String
    let percent: String
    let bar: Markup
  }

  let determined: Determined?
  let coverages: [Coverage]
  let customerCoverage: String
  let providerCoverage: String
  let needed: String
  let missing: String?

  init(_ view: ScoreView) {
    determined = view.composite.map { composite in
      Determined(
        points: Figures.points(composite.points), quadrant: composite.quadrant.rawValue,
        meaning: composite.quadrant.meaning, customerPoints: Figures.points(composite.customer),
        providerPoints: Figures.points(composite.provider))
    }
    coverages = [("customer", view.customerCoverage), ("provider", view.providerCoverage)].map {
      Coverage(
        side: $0.0, percent: Figures.percent($0.1),
        bar: ScaleBar(
          percent: Figures.wholePercent($0.1), mark: ScoreView.coverageNeededPercent
        ).markup)
    }
    customerCoverage = Figures.percent(view.customerCoverage)
    providerCoverage = Figures.percent(view.providerCoverage)
    needed = "\(ScoreView.coverageNeededPercent)\u{A0}%"
    missing = ScoreText.list(view.missing)
  }

  /// The first two names and how many more, so that a row stays a row.
  private static func list(_ names: [String]) -> String? {
    guard !names.isEmpty else { return nil }
    guard names.count > 3 else { return names.joined(separator: ", ") }
    return names.prefix(2).joined(separator: ", ") + " and \(names.count - 2) more"
  }
}
