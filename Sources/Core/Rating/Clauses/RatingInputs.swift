package import Base
import Contracts

/// Everything a period is rated from, gathered before: rating itself asks nobody.
package struct RatingInputs: Sendable {
  package internal(set) var usage: UsageTable
  package let events: EventTable
  /// Every index series that the contract names.
  package let series: IndexSeriesByKey
  /// The periods before, as far as a clause reaches back, in order.
  package let before: [RatedMonth]
  /// What credit notes took back of the lines of periods up to this one, of those that have any.
  package let credited: [BillingMonth: Credited]
  /// What the period itself came to so far.
  package internal(set) var soFar: RatedMonth

  package init(
    _ month: RatedMonth, usage: UsageTable, events: EventTable = EventTable(),
    series: IndexSeriesByKey = [:], before: [RatedMonth] = [],
    credited: [BillingMonth: Credited] = [:]
  ) {
    soFar = month
    self.credited = credited
    self.usage = usage
    self.events = events
    self.series = series
    self.before = before
  }

  /// What the clauses before came to of the time before each of the days for which one asks.
  package var passed: [CivilDate: RatedMonth] = [:]

  /// What the clauses before came to of the time before a day: one of those that the clause names
  /// in its `cuts`, or the first day of the period or earlier, where that is nothing, or one behind
  /// what is rated, where it is all there is.
  package func through(_ day: CivilDate, _ scope: ClauseScope) throws(Fault) -> RatedMonth {
    let windows = scope.windows
    if day <= windows.billing.firstDay(of: windows.billingMonth) {
      return RatedMonth(
        soFar.month, Period(start: soFar.period.start, end: soFar.period.start), in: soFar.currency)
    }
    guard day < windows.cut ?? windows.nextDay else { return soFar }
    guard let passed = passed[day] else {
      throw Fault(.internalError, "nobody asked what there was before \(day)")
    }
    return passed
  }

  package mutating func add(_ clause: RatedClause, _ scope: ClauseScope) throws(Fault) {
    try soFar.add(clause, scope)
  }
}
