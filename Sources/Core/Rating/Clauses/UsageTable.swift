package import Base
package import Metering

/// Windows of a meter that a clause wants to know, and for whom.
package struct UsageRequest: Hashable, Sendable {
  package let meter: MeterKey
  package let windows: Windows
  /// Nil for everything that serves the contract, the customer itself included.
  package let assets: [AssetKey]?
  package let breakdown: UsageBreakdown?
  /// Whether times in states come with the timelines they were added up from.
  package let keepsTimelines: Bool

  package init(
    _ meter: MeterKey, _ windows: Windows, assets: [AssetKey]? = nil,
    by breakdown: UsageBreakdown? = nil, keepingTimelines: Bool = false
  ) {
    keepsTimelines = keepingTimelines
    self.meter = meter
    self.windows = windows
    self.assets = assets
    self.breakdown = breakdown
  }

  package init(_ meter: MeterKey, _ period: Period, assets: [AssetKey]? = nil) {
    self.init(meter, Windows(period), assets: assets)
  }
}

/// The usage a contract is rated on, gathered before: rating itself asks nobody.
package struct UsageTable: Sendable {
  private var answers: [UsageRequest: UsageResult] = [:]

  package init(_ answers: [UsageRequest: UsageResult] = [:]) { self.answers = answers }

  /// Of requests with one window, what it showed.
  package init(_ values: [UsageRequest: MeteredUsage]) {
    answers = values.mapValues { UsageResult(UsageSeries($0.meter, [$0.usage])) }
  }

  /// What the meter showed; a meter that nobody has defined is a fault, never a zero.
  package func answer(_ request: UsageRequest) throws(Fault) -> UsageResult {
    guard let answer = answers[request] else {
      throw Fault(.unknownReference, "there is no meter `\(request.meter)`")
    }
    return answer
  }

  /// The requests of some time in whose answers readings of a register were ignored.
  package func ignoredReadings(in period: Period) -> [UsageRequest] {
    answers.compactMap { request, answer in
      let isIgnored = (answer.all.whole.register?.ignored ?? 0) > 0
      return isIgnored && !request.windows.period.intersection(period).isEmpty ? request : nil
    }
  }

  /// Whether it was asked for: what a clause wants to know only sometimes is not always.
  func has(_ request: UsageRequest) -> Bool { answers[request] != nil }

  /// What both know.
  package func adding(_ other: UsageTable) -> UsageTable {
    var table = self
    table.answers.merge(other.answers) { known, _ in known }
    return table
  }

  /// The same, where other values stand for those of some requests.
  func replacing(_ answers: [UsageRequest: UsageResult]) -> UsageTable {
    var table = self
    table.answers.merge(answers) { _, new in new }
    return table
  }

  package func usage(_ request: UsageRequest) throws(Fault) -> MeteredUsage {
    try answer(request).all.whole
  }

  package func hours(_ request: UsageRequest) throws(Fault) -> Ratio {
    try usage(request).hours
  }
}
