/// Everything a month is rated from, gathered before: rating itself asks nobody.
package struct RatingInputs: Sendable {
  package let usage: UsageTable
  package let events: EventTable
  /// Every index series that the contract names.
  package let series: IndexBook
  /// The months before, as far as a clause reaches back, in order.
  package let before: [RatedMonth]
  /// What the month itself came to so far.
  package internal(set) var soFar: RatedMonth

  package init(
    _ month: RatedMonth, usage: UsageTable, events: EventTable = EventTable(),
    series: IndexBook = [:], before: [RatedMonth] = []
  ) {
    soFar = month
    self.usage = usage
    self.events = events
    self.series = series
    self.before = before
  }

  package mutating func add(_ clause: RatedClause, _ scope: ClauseScope) {
    soFar.add(clause, scope)
  }
}
