package import Base

/// What a line changes of a grant of prepaid credit.
///
///     balance = bought or given - drawn - expired
package struct GrantMovement: Hashable, Sendable {
  package let grant: String
  /// What is charged for it.
  package private(set) var bought: Money
  /// What of it pays lines.
  package private(set) var drawn: Money
  /// What was left of it when it expired.
  package private(set) var expired: Money

  package init(_ grant: String, bought: Money, drawn: Money, expired: Money) {
    self.grant = grant
    self.bought = bought
    self.drawn = drawn
    self.expired = expired
  }

  static func bought(_ grant: String, _ amount: Money) -> GrantMovement {
    let zero = Money.zero(amount.currency)
    return GrantMovement(grant, bought: amount, drawn: zero, expired: zero)
  }

  static func drawn(_ grant: String, _ amount: Money) -> GrantMovement {
    let zero = Money.zero(amount.currency)
    return GrantMovement(grant, bought: zero, drawn: amount, expired: zero)
  }

  static func expired(_ grant: String, _ amount: Money) -> GrantMovement {
    let zero = Money.zero(amount.currency)
    return GrantMovement(grant, bought: zero, drawn: zero, expired: amount)
  }

  package var isNothing: Bool {
    bought.amountMinor == 0 && drawn.amountMinor == 0 && expired.amountMinor == 0
  }

  /// What it adds to the balance, but for what is given.
  package var balance: Money {
    get throws(Fault) { try bought - drawn - expired }
  }
}

extension [GrantMovement] {
  /// Those of a grant become one.
  package mutating func add(_ movement: GrantMovement) throws(Fault) {
    guard let place = firstIndex(where: { $0.grant == movement.grant }) else {
      return append(movement)
    }
    let known = self[place]
    self[place] = GrantMovement(
      movement.grant, bought: try known.bought + movement.bought,
      drawn: try known.drawn + movement.drawn, expired: try known.expired + movement.expired)
  }

  package func adding(_ others: [GrantMovement]) throws(Fault) -> [GrantMovement] {
    var sum = self
    for movement in others { try sum.add(movement) }
    return sum.filter { !$0.isNothing }
  }

  /// The opposite of each.
  package func negated() throws(Fault) -> [GrantMovement] {
    var negated: [GrantMovement] = []
    for movement in self {
      let zero = Money.zero(movement.bought.currency)
      negated.append(
        GrantMovement(
          movement.grant, bought: try zero - movement.bought, drawn: try zero - movement.drawn,
          expired: try zero - movement.expired))
    }
    return negated
  }

  /// What of them comes back where `amount` of what they drew, or of what they charged, is taken
  /// back: what was drawn last comes back first.
  package func takingBack(_ amount: Money) throws(Fault) -> [GrantMovement] {
    var open = amount.amountMinor
    var back: [GrantMovement] = []
    for movement in reversed() where open > 0 {
      let isBought = movement.bought.amountMinor > 0
      let whole = isBought ? movement.bought : movement.drawn
      let part = Money(minor: Swift.min(open, Swift.max(0, whole.amountMinor)), amount.currency)
      guard part.amountMinor > 0 else { continue }
      open -= part.amountMinor
      back.append(isBought ? .bought(movement.grant, part) : .drawn(movement.grant, part))
    }
    return try back.negated()
  }
}
