package import Base
package import Contracts
package import Metering

/// What each outcome was billed at the moment at which it became billable, one after the other:
///
///     n      = 1 + outcomes billed so far in the month or contract year of that moment
///     amount = price of its state in the tier of n * share, or nothing where a cap is reached, or
///              where one of its kind, claimed within the agreed hours of it, was billed and
///              stands, or where no billing period that has the clause holds that moment
///
/// A later reversal gives back that amount and no other: it opens neither a tier nor a cap again.
/// Source: domain rule G6.
package struct OutcomeAccount: Sendable {
  /// Why an outcome that is billable is recorded, unbilled.
  package enum Unbilled: String, Sendable {
    case outcomesMax, amountMax, once
    /// It became billable only when the contract, or its clause, was over.
    case ended
  }

  package struct Entry: Hashable, Sendable {
    package let outcome: Outcome
    /// When and as what it became billable; nil where it is not.
    package let billable: Outcome.Standing?
    /// Nil where nothing is billed.
    package let price: Fixed?
    package let share: Ratio
    /// `price * share`, exactly.
    package let amount: Ratio
    package let unbilled: Unbilled?
  }

  /// In the order of their claims.
  package let entries: [Entry]
  /// Events about outcomes that nobody has claimed, or not while there was such a clause.
  package let unclaimed: [OutcomeEvent]

  package init(
    _ ledger: OutcomeLedger, _ windows: RatingWindows, isRated: (Instant) -> Bool,
    terms: (Outcome) -> ConfirmedOutcomeTerms
  ) throws(Fault) {
    unclaimed = ledger.unclaimed
    let billable = ledger.outcomes.enumerated().compactMap { place, outcome in
      outcome.billable.map { (place: place, standing: $0, outcome: outcome) }
    }.sorted { ($0.standing.since, $0.place) < ($1.standing.since, $1.place) }
    var till = Till(windows)
    var entries = ledger.outcomes.map {
      Entry(
        outcome: $0, billable: nil, price: nil, share: .one, amount: .zero, unbilled: nil)
    }
    for (place, standing, outcome) in billable {
      entries[place] = try till.entry(
        outcome, standing, terms(outcome), isRated: isRated(standing.since))
    }
    self.entries = entries
  }
}

extension OutcomeCounting {
  /// Months of the contract, or years of it, by their numbers.
  func number(of moment: Instant, _ windows: RatingWindows) -> Int {
    let (first, month) = (windows.contractMonth, windows.month(holding: moment))
    let months = (month.year - first.year) * 12 + month.month - first.month
    return self == .month ? months : months / 12
  }
}

/// What was billed so far, month by month or year by year.
private struct Till {
  private let windows: RatingWindows
  private var sums: [Int: (count: Int, amount: Ratio)] = [:]
  /// What was billed of each kind that is billed once.
  private var kinds: [String: [Outcome]] = [:]

  init(_ windows: RatingWindows) { self.windows = windows }

  mutating func entry(
    _ outcome: Outcome, _ standing: Outcome.Standing, _ terms: ConfirmedOutcomeTerms,
    isRated: Bool
  ) throws(Fault) -> OutcomeAccount.Entry {
    let share = outcome.claim.share(of: terms.share)
    func unbilled(_ reason: OutcomeAccount.Unbilled) -> OutcomeAccount.Entry {
      OutcomeAccount.Entry(
        outcome: outcome, billable: standing, price: nil, share: share, amount: .zero,
        unbilled: reason)
    }
    guard isRated else { return unbilled(.ended) }
    let kind = terms.once.flatMap { Till.kind(of: outcome, $0) }
    if let once = terms.once, let kind,
      isBilled(kind, once, near: outcome.claim.occurred, at: standing.since)
    {
      return unbilled(.once)
    }
    let number = terms.countedOver.number(of: standing.since, windows)
    let sum = sums[number] ?? (count: 0, amount: .zero)
    if let most = terms.outcomesMax, sum.count >= most { return unbilled(.outcomesMax) }
    let tier = terms.prices.first { tier in tier.upTo.map { sum.count < $0 } ?? true }!
    let price = standing.state == .confirmed ? tier.confirmed : tier.assumed
    let amount = try price.ratio * share
    let reached = try sum.amount + amount
    if let most = try terms.amountMax?.ratio, reached > most { return unbilled(.amountMax) }
    sums[number] = (sum.count + 1, reached)
    if let kind { kinds[kind, default: []].append(outcome) }
    return OutcomeAccount.Entry(
      outcome: outcome, billable: standing, price: price, share: share, amount: amount,
      unbilled: nil)
  }

  private func isBilled(
    _ kind: String, _ once: DeduplicationTerms, near claim: Instant, at moment: Instant
  ) -> Bool {
    let hours = Int64(once.hours) * 3600
    return kinds[kind, default: []].contains { billed in
      let other = billed.claim.occurred
      let isReversed = billed.reversed.map { $0 <= moment } ?? false
      return !isReversed && claim < other.advanced(bySeconds: hours)
        && other < claim.advanced(bySeconds: hours)
    }
  }

  /// A claim without the field is of a kind of its own.
  private static func kind(of outcome: Outcome, _ once: DeduplicationTerms) -> String? {
    guard let field = once.field else { return "\"\(outcome.claim.subject)\"" }
    return outcome.claim.data[field]?.text
  }
}
