/// What an answer may be broken down by.
package enum UsageBreakdown: String, CaseIterable, Sendable {
  case asset, group
}

/// The value over the whole period, and in each window of it, in their order.
package struct UsageSeries: Hashable, Sendable {
  package let whole: MeteredUsage
  package let windows: [MeteredUsage]

  package init(_ meter: MeterDefinition, _ windows: [Usage]) {
    whole = MeteredUsage(meter, windows.reduce(into: Usage()) { $0.add($1) })
    self.windows = windows.map { MeteredUsage(meter, $0) }
  }

  /// Of one window.
  package init(_ whole: MeteredUsage) {
    self.whole = whole
    windows = [whole]
  }
}

/// What a meter showed, in all and part by part.
package struct UsageResult: Hashable, Sendable {
  package struct Part: Hashable, Sendable {
    package let name: String
    package let series: UsageSeries

    package init(_ name: String, _ series: UsageSeries) {
      self.name = name
      self.series = series
    }
  }

  package let all: UsageSeries
  /// By subjects or by groups, as was asked, sorted; together they are `all`. A group is named by
  /// its values, as a JSON array.
  package let parts: [Part]

  package init(_ all: UsageSeries, parts: [Part] = []) {
    self.all = all
    self.parts = parts
  }
}
