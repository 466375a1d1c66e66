package import Base

extension ContractHistory {
  /// The last period of a contract that is final: its invoice, and the day behind it.
  package struct Closed: Sendable {
    package let invoice: String
    package let end: CivilDate

    package init(invoice: String, end: CivilDate) {
      self.invoice = invoice
      self.end = end
    }
  }

  /// What keeps a new version from being agreed. What is final keeps its terms; the contract may
  /// end where that does, or later.
  package func faults(of next: Contract, closed: Closed? = nil) -> [Fault] {
    let changed = kept(by: next, closed)
    guard changed.isEmpty else { return changed }
    var faults: [Fault] = []
    if let closed, let day = firstChange(by: next), day < closed.end {
      faults.append(
        Fault(
          .invoiceFinal,
          """
          \(closed.invoice) is final: the next version takes effect on \(closed.end) or later
          """, at: "/effective"))
    } else if let gap = gap(before: next) {
      faults.append(gap)
    }
    if let closed, let until = next.until, until < closed.end {
      faults.append(
        Fault(
          .invoiceFinal,
          "\(closed.invoice) is final: the contract ends on \(closed.end) or later",
          at: "/until"))
    }
    return faults
  }

  /// What a new version may not change while an older one holds for the time before: two calendars
  /// would leave hours between them, or count them twice.
  private func kept(by next: Contract, _ closed: Closed?) -> [Fault] {
    let end = max(next.effective, closed?.end ?? next.effective)
    guard end > next.from || closed != nil,
      let before = inForce(on: CivilDate(daysSinceEpoch: end.daysSinceEpoch - 1))
    else { return [] }
    let kept: [(pointer: String, isKept: Bool)] = [
      ("/customer", before.contract.customer == next.customer),
      ("/currency", before.contract.currency == next.currency),
      ("/zone", before.contract.zone == next.zone),
      ("/billing", before.contract.billing == next.billing),
      ("/from", before.contract.from == next.from),
    ]
    return kept.filter { !$0.isKept }.map {
      Fault(
        .invalidValue,
        """
        version \(before.number) holds until \(end) and has another one; put it again with \
        `until` \(end), and agree on a new contract from that day on
        """, at: $0.pointer)
    }
  }

  /// A contract that has ended runs on from its end, or not at all: the time between would belong
  /// to nobody.
  private func gap(before next: Contract) -> Fault? {
    guard let end = newest.until, next.effective > end, next.until.map({ $0 > end }) ?? true
    else { return nil }
    return Fault(
      .invalidValue,
      """
      the contract ends on \(end): say \(end) for it to run on from there, or agree on a new \
      contract from \(next.effective) on
      """, at: "/effective")
  }
}
