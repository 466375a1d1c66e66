package import Base
package import Contracts

/// Grants of credit with what is left of each.
///
/// They are drawn in order of their priority, then of their expiry, the earliest first and those
/// that never expire last, then of their age, then as they are written. What expires is lost.
/// Source: domain, section 4, conventional models, prepaid credit.
package struct PrepaidCredit: Hashable, Sendable {
  /// What was taken from one grant, and what is left of it.
  package struct Draw: Hashable, Sendable {
    package let grant: String
    package let amount: Money
    package let left: Money
  }

  private struct Grant: Hashable {
    let terms: PrepaidCreditTerms.Grant
    var left: Money

    func pays(_ month: BillingMonth) -> Bool {
      terms.from <= month && terms.until.map { month < $0 } ?? true
    }

    /// Whether it is there before the period `next`: it has begun to pay, or was bought.
    func isThere(before next: BillingMonth) -> Bool {
      min(terms.from, terms.bought ?? terms.from) < next
    }
  }

  private let currency: Currency
  /// In the order in which they are drawn.
  private var grants: [Grant]

  package init(_ grants: [PrepaidCreditTerms.Grant], in currency: Currency) throws(Fault) {
    self.currency = currency
    let places = grants.enumerated().sorted { one, two in
      let (left, right) = (one.element, two.element)
      if left.priority != right.priority { return left.priority < right.priority }
      if left.until != right.until {
        guard let first = left.until else { return false }
        return right.until.map { first < $0 } ?? true
      }
      return left.from != right.from ? left.from < right.from : one.offset < two.offset
    }
    self.grants = try places.map { (place) throws(Fault) in
      Grant(
        terms: place.element, left: try Money(rounding: place.element.amount.ratio, currency))
    }
  }

  /// What is left of all that pays for a month.
  package func left(in month: BillingMonth) throws(Fault) -> Money {
    var left = Money.zero(currency)
    for grant in grants where grant.pays(month) { left = try left + grant.left }
    return left
  }

  /// What is left of all that pays for any of those months.
  func left(in months: Set<BillingMonth>) throws(Fault) -> Money {
    var left = Money.zero(currency)
    for grant in grants where months.contains(where: grant.pays) { left = try left + grant.left }
    return left
  }

  /// What is left behind a period for those to come; `next` is the period behind it.
  package func carried(into next: BillingMonth) throws(Fault) -> Money {
    var left = Money.zero(currency)
    for grant in grants where grant.isThere(before: next) {
      if grant.terms.until.map({ next < $0 }) ?? true { left = try left + grant.left }
    }
    return left
  }

  /// What expires with a period, grant by grant.
  package func expiring(with month: BillingMonth, before next: BillingMonth) -> [GrantMovement] {
    grants.filter { grant in
      guard let until = grant.terms.until, grant.isThere(before: next) else { return false }
      return month < until && until <= next && grant.left.amountMinor != 0
    }.map { .expired($0.terms.name, $0.left) }
  }

  /// Whether a grant has expired before a month begins.
  package func hasExpired(_ name: String, before month: BillingMonth) -> Bool {
    grants.contains { $0.terms.name == name && $0.terms.until.map { $0 <= month } ?? false }
  }

  /// Takes over what an earlier period drew of a grant, and what expired with it.
  mutating func settle(_ movement: GrantMovement) throws(Fault) {
    guard let place = place(of: movement) else { return }
    grants[place].left = try grants[place].left - movement.drawn - movement.expired
  }

  /// What a credit note gave back of a purchase pays nothing any more.
  mutating func takeBack(_ movement: GrantMovement) throws(Fault) {
    guard let place = place(of: movement) else { return }
    grants[place].left = try grants[place].left + movement.bought
  }

  private func place(of movement: GrantMovement) -> Int? {
    grants.firstIndex { $0.terms.name == movement.grant }
  }

  /// Pays as much of `due` as there is; what is negative draws nothing. A grant that is touched
  /// appears once.
  package mutating func draw(_ due: Money, in month: BillingMonth) throws(Fault) -> [Draw] {
    var open = due
    var draws: [Draw] = []
    for place in grants.indices where grants[place].pays(month) {
      let amount = Money(
        minor: min(max(open.amountMinor, 0), grants[place].left.amountMinor), currency)
      guard amount.amountMinor > 0 else { continue }
      open = try open - amount
      grants[place].left = try grants[place].left - amount
      draws.append(
        Draw(grant: grants[place].terms.name, amount: amount, left: grants[place].left))
    }
    return draws
  }
}
