package import Base

/// What the page of one customer shows.
package struct CustomerView: Sendable {
  package let workspace: String
  package let key: CustomerKey
  package let name: String
  /// What was agreed, a line each, in words.
  package let contract: [String]
  package let score: ScoreView
  package let dimensions: [DimensionView]
  /// In order of time.
  package let months: [MonthView]
  /// The lines of the month to explain, each with its derivation; empty where none is rated.
  package let lines: [WaterfallView]
  /// What a reader must know about the figures before trusting them.
  package let notice: String?

  package init(
    workspace: String, key: CustomerKey, name: String, contract: [String], score: ScoreView,
    dimensions: [DimensionView], months: [MonthView], lines: [WaterfallView],
    notice: String? = nil
  ) {
    self.workspace = workspace
    self.key = key
    self.name = name
    self.contract = contract
    self.score = score
    self.dimensions = dimensions
    self.months = months.sorted { $0.month < $1.month }
    self.lines = lines
    self.notice = notice
  }
}
