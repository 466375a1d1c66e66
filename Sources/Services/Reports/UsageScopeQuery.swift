package import Base
import Contracts
package import Metering

/// What somebody wants to know: a meter's value for some subjects, window by window.
package struct UsageScopeQuery: Sendable {
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
  package let breakdown: UsageBreakdown?

  package init(
    _ meter: MeterKey, of scope: Scope, _ windows: Windows, by breakdown: UsageBreakdown? = nil
  ) {
    self.meter = meter
    self.scope = scope
    self.windows = windows
    self.breakdown = breakdown
  }
}
