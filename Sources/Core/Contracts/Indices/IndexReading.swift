package import Base

/// Which of several publications of a month a contract goes by.
package enum IndexRevisions: String, CaseIterable, Sendable {
  /// First published is final.
  case first
  /// The newest revision.
  case latest
}

/// Months whose mean a contract looks at: `months` of them, the last one `lag` months before the
/// month that asks.
package struct IndexWindow: Hashable, Sendable {
  package let months: Int
  package let lag: Int

  package init(months: Int, lag: Int) {
    precondition(months > 0 && lag >= 0, "a window has a month, and looks back")
    self.months = months
    self.lag = lag
  }

  /// In order of time. Three months with a lag of 12 lie 14, 13 and 12 months back.
  package func months(before month: BillingMonth) -> [BillingMonth] {
    (0..<months).map { month.advanced(by: $0 + 1 - months - lag) }
  }
}

/// The value of a series for one month, as it was known.
package struct IndexReading: Hashable, Sendable {
  package let month: BillingMonth
  /// As published, for `valueMonth`, on the base of that month.
  package let published: Fixed
  package let valueMonth: BillingMonth
  /// What `published` is multiplied with to stand on the base that was asked for.
  package let link: Ratio

  /// Whether the month was not yet published, so that the last value before stands for it.
  package var isProvisional: Bool { valueMonth != month }

  package var value: Ratio {
    get throws(Fault) { try published.ratio * link }
  }
}

/// The mean of a series over some months, rounded to the places it is published with.
package struct IndexMean: Hashable, Sendable {
  package let readings: [IndexReading]
  package let exact: Ratio
  package let value: Fixed

  package var isProvisional: Bool { readings.contains(where: \.isProvisional) }
}

extension IndexSeries {
  /// The value of a month with what was published up to and including the day `known`; nil for all
  /// that ever was. It stands on the base in force in the month `base`; nil for the first base.
  package func reading(
    _ month: BillingMonth, _ revisions: IndexRevisions = .first, onBaseOf base: BillingMonth? = nil,
    known: CivilDate? = nil
  ) throws(Fault) -> IndexReading {
    let heard = publications.filter { publication in
      publication.month <= month && known.map { publication.published <= $0 } ?? true
    }
    guard let valueMonth = heard.last?.month else {
      throw Fault(
        .missingIndexValue,
        "index series `\(key)` has no value for \(month), nor for a month before")
    }
    let ofMonth = heard.filter { $0.month == valueMonth }
    let chosen = revisions == .first ? ofMonth[0] : ofMonth[ofMonth.count - 1]
    return IndexReading(
      month: month, published: chosen.value, valueMonth: valueMonth,
      link: try link(from: valueMonth, to: base))
  }

  /// The mean over a window before `month`.
  package func mean(
    _ window: IndexWindow, before month: BillingMonth, _ revisions: IndexRevisions = .first,
    onBaseOf base: BillingMonth? = nil, known: CivilDate? = nil
  ) throws(Fault) -> IndexMean {
    var readings: [IndexReading] = []
    var sum = Ratio.zero
    for month in window.months(before: month) {
      let reading = try reading(month, revisions, onBaseOf: base, known: known)
      sum = try sum + reading.value
      readings.append(reading)
    }
    let exact = try sum / Ratio(Int128(readings.count))
    return IndexMean(readings: readings, exact: exact, value: try exact.rounded(to: places))
  }

  /// The factor that brings a value from the base of one month to that of another: the product of
  /// old / new over the rebasings between them, exactly.
  private func link(from month: BillingMonth, to base: BillingMonth?) throws(Fault) -> Ratio {
    var factor = Ratio.one
    for rebasing in rebasings {
      let isBehind = rebasing.from <= month
      let isWantedBehind = base.map { rebasing.from <= $0 } ?? false
      if isBehind && !isWantedBehind {
        factor = try factor * (rebasing.old.ratio / rebasing.new.ratio)
      } else if !isBehind && isWantedBehind {
        factor = try factor * (rebasing.new.ratio / rebasing.old.ratio)
      }
    }
    return factor
  }
}
