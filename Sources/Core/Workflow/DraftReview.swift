package import Base
package import Contracts
import Rating
package import Settlement

/// Why a draft waits for a person, from what its events, its silent meters and the periods before
/// it say. A function of these values alone: the same draft has the same reasons.
package struct DraftReview: Sendable {
  /// How many of the periods before are looked at, of those that have something to compare.
  private static let periodsMax = 3

  private let contract: Contract

  package init(_ contract: Contract) { self.contract = contract }

  /// All reasons in one order, each once. `events` are those of the events that the draft rests on,
  /// `others` those that are known besides; `before` are the final periods before it, the newest
  /// first.
  package func reasons(
    events: [HoldReason], others: [HoldReason], charges: PeriodCharges,
    before: [PeriodCharges]
  ) -> [HoldReason] {
    var seen: Set<HoldReason> = []
    let all = events + others + jumps(charges, before)
    return HoldReason.Kind.allCases.flatMap { kind in all.filter { $0.kind == kind } }
      .filter { seen.insert($0).inserted }
  }

  /// A meter that saw nothing in the period, and saw something before. It holds a draft that comes
  /// to nothing else; any other says it.
  package static func silence(
    of meter: MeterKey, in clause: String, since last: Instant, holds: Bool
  ) -> HoldReason {
    HoldReason(
      .silentMeter,
      "clause `\(clause)`: meter `\(meter)` has no data since \(last); send it, or agree on "
        + "`missing` for the clause", holds: holds, meter: meter.text, clause: clause)
  }

  /// The same of some of the assets that a clause counts together, at least one, in order; each
  /// with the moment of its last event.
  package static func silence(
    of meter: MeterKey, in clause: String, since last: [(asset: AssetKey, last: Instant)],
    holds: Bool
  ) -> HoldReason {
    let named = last.prefix(HoldReason.eventsMax).map { "`\($0.asset)` since \($0.last)" }
    let rest = last.count - named.count
    let others = rest == 0 ? "" : " and \(rest) more"
    return HoldReason(
      .silentMeter,
      "clause `\(clause)`: meter `\(meter)` has no data of \(named.joined(separator: ", "))"
        + "\(others); send it, or agree on `missing: zero` for the clause", holds: holds,
      meter: meter.text, clause: clause)
  }

  /// Goodwill that brings an invoice below zero, which then pays the customer: whoever agreed on it
  /// did not know what the period comes to. Nil where it does not, and where the rest is carried to
  /// the next invoice.
  package func goodwill(on invoice: Invoice) throws(Fault) -> HoldReason? {
    var given = Money.zero(invoice.net.currency)
    for line in invoice.lines {
      if case .adjustment = line.origin { given = try given + line.rated.amount }
    }
    guard given.amountMinor < 0, invoice.net.amountMinor < 0, invoice.total.amountMinor < 0 else {
      return nil
    }
    let without = try invoice.net - given
    return HoldReason(
      .goodwillBelowZero,
      "goodwill of \(money(-given.amountMinor)) is more than there is to take it off: without it "
        + "the invoice comes to \(money(without.amountMinor)) before tax, with it to "
        + "\(money(invoice.net.amountMinor))")
  }

  /// Usage as a whole, late usage with it, by the second; each fee by the second and by the period,
  /// for not every fee is for time. Only a greater sum than any of the periods before is one.
  private func jumps(_ now: PeriodCharges, _ before: [PeriodCharges]) -> [HoldReason] {
    var reasons: [HoldReason] = []
    if let past = largest(before, { $0.usage }),
      isJump(now.usage + now.late, now.seconds, past.usage, past.seconds)
    {
      let late = now.late == 0 ? "" : ", \(money(now.late)) of it for earlier periods"
      reasons.append(
        reason("usage", nil, now.usage + now.late, late: late, now, past.usage, past))
    }
    for (clause, amount) in now.fees.sorted(by: { $0.key < $1.key }) {
      guard let past = largest(before, { $0.fees[clause] ?? 0 }), let fee = past.fees[clause],
        isJump(amount, 1, fee, 1), isJump(amount, now.seconds, fee, past.seconds)
      else { continue }
      reasons.append(reason("fee `\(clause)`", clause, amount, late: "", now, fee, past))
    }
    return reasons
  }

  /// The period in which most was charged by the second.
  private func largest(
    _ before: [PeriodCharges], _ amount: (PeriodCharges) -> Int128
  ) -> PeriodCharges? {
    before.filter { amount($0) > 0 && $0.seconds > 0 }.prefix(Self.periodsMax).max {
      amount($0) * Int128($1.seconds) < amount($1) * Int128($0.seconds)
    }
  }

  /// amount / seconds > factor * past / pastSeconds
  private func isJump(
    _ amount: Int128, _ seconds: Int64, _ past: Int128, _ pastSeconds: Int64
  ) -> Bool {
    let factor = contract.review.jumpFactor
    guard factor.units > 0, amount > 0, seconds > 0 else { return false }
    do throws(Fault) {
      let (now, then) = (
        try Ratio(amount, over: Int128(seconds)), try Ratio(past, over: Int128(pastSeconds))
      )
      return try now > then * factor.ratio
    } catch {
      // Too large to be compared is too large.
      return true
    }
  }

  private func reason(
    _ what: String, _ clause: String?, _ amount: Int128, late: String, _ now: PeriodCharges,
    _ past: Int128, _ before: PeriodCharges
  ) -> HoldReason {
    HoldReason(
      .jump,
      "\(what) comes to \(money(amount)) in \(now.month)\(late); the most in the periods before is "
        + "\(money(past)) in \(before.month): more than \(contract.review.jumpFactor) times as "
        + "much",
      clause: clause)
  }

  private func money(_ minor: Int128) -> String {
    let money = Money(minor: minor, contract.currency)
    return "\(money.fixed.grouped) \(contract.currency)"
  }
}
