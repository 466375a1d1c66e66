import Base

extension APICall {
  /// Reads a month that may be asked about. One that lies further ahead than any plan is refused:
  /// what is worked out period by period would never end.
  func month(_ node: Node) throws(Fault) -> BillingMonth {
    let month = try Node.month(node)
    let last = BillingMonth(containing: now, in: .utc).advanced(by: Limits.monthsAheadMax)
    guard month <= last else {
      throw Fault(
        .limitExceeded,
        "expected a month at most \(Limits.monthsAheadMax) months ahead, so at the latest \(last)",
        at: node.pointer)
    }
    return month
  }

  /// Reads the day as of which something is done: one that has begun, or begins within 24 hours,
  /// for somewhere it has begun already.
  func dayBegun(_ node: Node) throws(Fault) -> CivilDate {
    let day = try Node.date(node)
    let last = CivilDate(daysSinceEpoch: ZoneRules.utc.date(at: now).daysSinceEpoch + 1)
    guard day <= last else {
      throw Fault(
        .limitExceeded, "expected a day that begins within 24 hours, so at the latest \(last)",
        at: node.pointer)
    }
    return day
  }
}
