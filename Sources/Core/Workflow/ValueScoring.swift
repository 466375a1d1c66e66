package import Base
package import Metering
package import Valuation

/// From usage and money to a customer's value report, in order:
///
/// 1. months     what was used and what it came to, month by month
/// 2. observe    each dimension the data can support gets its raw measure; the others none
/// 3. score      the policy makes one score of them, or says that the evidence is insufficient
package enum ValueScoring {
  /// Usage over the whole stretch of the meters that a contract names as used and planned.
  package struct Plan: Sendable {
    package let used: MeteredUsage
    package let planned: MeteredUsage

    package init(used: MeteredUsage, planned: MeteredUsage) {
      self.used = used
      self.planned = planned
    }
  }

  package static func report(
    _ customer: CustomerKey, months: [ValueMonth], plan: Plan?
  ) throws(Fault) -> ValueReport {
    let basis = plan.map { "\($0.used.meter.key) / \($0.planned.meter.key)" }
    return ValueReport(
      customer: customer, months: months, score: try Score.of(observations(plan)),
      basis: basis.map { [.valueInUse: $0] } ?? [:])
  }

  /// A plan of nothing observes nothing: a share of zero planned hours is not a measure.
  private static func observations(
    _ plan: Plan?
  ) throws(Fault) -> [Dimension: Observation] {
    guard let plan, let used = try? plan.used.value.ratio,
      let planned = try? plan.planned.value.ratio, planned > .zero
    else { return [:] }
    let share = try used / planned
    let evidence = Int(plan.planned.usage.count)
    return [.valueInUse: Observation(share, evidenceCount: evidence)]
  }
}
