import Base
import Contracts
import GRDB
import Metering

/// Contracts that their assets keep apart may both price a meter. An event about the customer
/// itself then belongs to neither more than to the other, and would be billed twice.
extension BillingDesk {
  /// Stops the rating of a period in which there is such an event.
  func refuseShared(_ contract: Contract, _ period: Period, _ look: Look) throws {
    let zone = try zones.rules(contract.zone)
    let catalog = look.state.catalog
    try refuseUnknownSharing(contract, period, look)
    let shared = catalog.sharedMeters(
      of: contract, from: zone.date(at: period.start), until: zone.date(at: period.end))
    for shared in shared where look.state.hasMeter(shared.meter) {
      guard let other = catalog.contracts[shared.other] else { continue }
      let part = period.intersection(other.term(in: try zones.rules(other.zone)))
      guard !part.isEmpty else { continue }
      let usage = try look.buckets(
        look.state.meter(shared.meter), Windows(part), keepingTimelines: false
      ).usage(of: contract.customer.text, in: [part], look.db)
      guard usage.values.contains(where: { $0.contains { $0.count > 0 } }) else { continue }
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
    _ contract: Contract, _ period: Period, _ look: Look
  ) throws {
    let unreadable = look.state.unreadable.keys(of: contract.customer)
    guard let other = unreadable.first, contract.customerEvents else { return }
    let versions = try look.state.history(of: contract.key).versions
    for meter in Set(versions.flatMap(\.contract.clauses).flatMap(\.meters)).sorted()
    where look.state.hasMeter(meter) {
      let usage = try look.buckets(
        look.state.meter(meter), Windows(period), keepingTimelines: false
      ).usage(of: contract.customer.text, in: [period], look.db)
      guard usage.values.contains(where: { $0.contains { $0.count > 0 } }) else { continue }
      throw UnreadableContracts.fault(other)
    }
  }
}
