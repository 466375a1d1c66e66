package import Base
import Contracts
package import Metering

/// What somebody wants to know: a meter's value for some subjects, window by window.
package struct UsageQuestion: Sendable {
  package enum Scope: Sendable {
    /// Everything that serves one of the customer's contracts, and the customer itself.
    case customer(CustomerKey)
    /// The same of one contract, while it is in force.
    case contract(ContractKey)
    /// Whoever uses them.
    case assets(Set<AssetKey>)
  }

  package let meter: MeterKey
  package let scope: Scope
  package let windows: Windows
  /// What the answer is broken down by.
  package enum Breakdown: String, CaseIterable, Sendable {
    case asset, group
  }

  package let breakdown: Breakdown?

  package init(
    _ meter: MeterKey, of scope: Scope, _ windows: Windows, by breakdown: Breakdown? = nil
  ) {
    self.meter = meter
    self.scope = scope
    self.windows = windows
    self.breakdown = breakdown
  }
}

/// The value over the whole period, and in each window of it, in their order.
package struct UsageSeries: Sendable {
  package let whole: MeteredUsage
  package let windows: [MeteredUsage]

  init(_ meter: MeterDefinition, _ windows: [Usage]) {
    whole = MeteredUsage(meter, windows.reduce(into: Usage()) { $0.add($1) })
    self.windows = windows.map { MeteredUsage(meter, $0) }
  }
}

package struct UsageAnswer: Sendable {
  package let all: UsageSeries
  /// By subjects or by groups, as was asked, sorted; together they are `all`. A group is named by
  /// its values, as a JSON array.
  package let parts: [(name: String, series: UsageSeries)]
}
