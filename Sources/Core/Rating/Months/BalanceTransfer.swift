package import Base

/// What a period moves between accounts without a charge. The ledger books it beside the amounts.
package struct BalanceTransfer: Hashable, Sendable {
  /// Prepaid credit that was given.
  package let given: Money
  /// Prepaid credit that was left when it expired.
  package let expired: Money
  /// Of what was held back, what nobody waits for any more: a score did not pay it, or a cap gave
  /// it back.
  package let writtenOff: Money

  package init(given: Money, expired: Money, writtenOff: Money) {
    self.given = given
    self.expired = expired
    self.writtenOff = writtenOff
  }

  package static func prepaid(given: Money, expired: Money) -> BalanceTransfer {
    BalanceTransfer(given: given, expired: expired, writtenOff: .zero(given.currency))
  }

  package static func holdback(writtenOff: Money) -> BalanceTransfer {
    let zero = Money.zero(writtenOff.currency)
    return BalanceTransfer(given: zero, expired: zero, writtenOff: writtenOff)
  }

  package var isNothing: Bool {
    given.amountMinor == 0 && expired.amountMinor == 0 && writtenOff.amountMinor == 0
  }

  /// What moves now less what was booked before; nil where that is nothing.
  package static func difference(
    _ now: BalanceTransfer?, _ before: BalanceTransfer?
  ) throws(Fault) -> BalanceTransfer? {
    guard let currency = (now ?? before)?.given.currency else { return nil }
    let none = BalanceTransfer.holdback(writtenOff: .zero(currency))
    let (now, before) = (now ?? none, before ?? none)
    let difference = BalanceTransfer(
      given: try now.given - before.given, expired: try now.expired - before.expired,
      writtenOff: try now.writtenOff - before.writtenOff)
    return difference.isNothing ? nil : difference
  }

  package func adding(_ other: BalanceTransfer?) throws(Fault) -> BalanceTransfer {
    guard let other else { return self }
    return BalanceTransfer(
      given: try given + other.given, expired: try expired + other.expired,
      writtenOff: try writtenOff + other.writtenOff)
  }
}
