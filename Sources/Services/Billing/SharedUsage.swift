import Base
import Contracts
import Metering
import Workflow

/// Contracts that their assets keep apart may both price a meter. An event about the customer
/// itself then belongs to neither more than to the other, and would be billed twice.
extension BillingService {
  /// Stops the rating of a period in which there is such an event.
  func refuseShared(_ contract: Contract, _ period: Period, _ context: RatingContext) throws {
    let zone = try zones.rules(contract.zone)
    let catalog = context.state.catalog
    try refuseUnknownSharing(contract, period, context)
    let shared = catalog.sharedMeters(
      of: contract, from: zone.date(at: period.start), until: zone.date(at: period.end))
    for shared in shared where context.state.hasMeter(shared.meter) {
      guard let other = catalog.contracts[shared.other] else { continue }
      let part = period.intersection(other.term(in: try zones.rules(other.zone)))
      guard !part.isEmpty else { continue }
      guard try context.hasUsage(of: contract.customer, shared.meter, in: part) else { continue }
      throw Fault(
        .sharedUsage,
        """
        events of the meter `\(shared.meter)` are about the customer `\(contract.customer)` \
        itself, whom contract `\(shared.other)` bills for them as well: say \
        `customerEvents: false` in one of the two, or correct the subject of the events
        """)
    }
  }

  /// A contract of the same customer that cannot be read may price any meter.
  private func refuseUnknownSharing(
    _ contract: Contract, _ period: Period, _ context: RatingContext
  ) throws {
    let unreadable = context.state.unreadable.keys(of: contract.customer)
    guard let other = unreadable.first, contract.customerEvents else { return }
    let versions = try context.state.history(of: contract.key).versions
    for meter in Set(versions.flatMap(\.contract.clauses).flatMap(\.meters)).sorted()
    where context.state.hasMeter(meter) {
      guard try context.hasUsage(of: contract.customer, meter, in: period) else { continue }
      throw UnreadableContracts.fault(other)
    }
  }
}

extension RatingContext {
  /// Whether a meter counted events about a customer itself.
  fileprivate func hasUsage(
    of customer: CustomerKey, _ meter: MeterKey, in period: Period
  ) throws -> Bool {
    let query = UsageQuery(
      try state.meter(meter), Windows(period), of: [SubjectStretch(customer.text, period)],
      by: .group)
    return try snapshot.usage([query]).contains { answer in
      answer.parts.contains { $0.series.windows.contains { $0.usage.count > 0 } }
    }
  }
}
