package import Base

/// What a period moves between accounts without a charge. The ledger books it beside the amounts.
package struct QuietMovement: Hashable, Sendable {
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

  package static func prepaid(given: Money, expired: Money) -> QuietMovement {
    QuietMovement(given: given, expired: expired, writtenOff: .zero(given.currency))
  }

  package static func holdback(writtenOff: Money) -> QuietMovement {
    let zero = Money.zero(writtenOff.currency)
    return QuietMovement(given: zero, expired: zero, writtenOff: writtenOff)
  }

  package var isNothing: Bool {
    given.amountMinor == 0 && expired.amountMinor == 0 && writtenOff.amountMinor == 0
  }

  /// What moves now less what was booked before; nil where that is nothing.
  package static func difference(
    _ now: QuietMovement?, _ before: QuietMovement?
  ) throws(Fault) -> QuietMovement? {
    guard let currency = (now ?? before)?.given.currency else { return nil }
    let none = QuietMovement.holdback(writtenOff: .zero(currency))
    let (now, before) = (now ?? none, before ?? none)
    let difference = QuietMovement(
      given: try now.given - before.given, expired: try now.expired - before.expired,
      writtenOff: try now.writtenOff - before.writtenOff)
    return difference.isNothing ? nil : difference
  }

  package func adding(_ other: QuietMovement?) throws(Fault) -> QuietMovement {
    guard let other else { return self }
    return QuietMovement(
      given: try given + other.given, expired: try expired + other.expired,
      writtenOff: try writtenOff + other.writtenOff)
  }
}
