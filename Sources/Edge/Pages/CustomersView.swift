package import Base

/// What the list of customers shows.
package struct CustomersView: Sendable {
  /// The name of the workspace, as the operator gave it.
  package let workspace: String
  /// Nil as long as there is no month to show.
  package let months: ClosedRange<BillingMonth>?
  /// In the order they are listed.
  package let rows: [Row]
  /// What a reader must know about the figures before trusting them.
  package let notice: String?

  package init(
    workspace: String, months: ClosedRange<BillingMonth>?, rows: [Row], notice: String? = nil
  ) {
    self.workspace = workspace
    self.months = months
    self.rows = rows
    self.notice = notice
  }
}

extension CustomersView {
  /// One customer with the sums of the shown months.
  package struct Row: Sendable {
    package let key: CustomerKey
    package let name: String
    /// Hours in use; nil where no event has told.
    package let hours: Fixed?
    /// Nil where nothing could be priced.
    package let amount: Money?
    package let states: MonthStates
    package let score: ScoreView

    package init(
      key: CustomerKey, name: String, hours: Fixed?, amount: Money?, states: MonthStates,
      score: ScoreView
    ) {
      self.key = key
      self.name = name
      self.hours = hours
      self.amount = amount
      self.states = states
      self.score = score
    }
  }
}
