import Base
import Contracts

/// What is committed for several periods together, and what of it was reached so far.
///
///     committed = sum over the versions of amount * share of the span that each covers
///
/// The share is of the time in which the contract and the clause are in force. Source: domain,
/// section 3, cumulative charges and proration.
struct CommittedSpan {
  let months: ClosedRange<BillingMonth>
  let committed: Ratio
  /// Of the span, in all.
  let share: Ratio
  let steps: [Derivation.Step]
  /// The first month of the span in which the clause was agreed.
  private let first: BillingMonth
  private let terms: MinimumCommitmentTerms
  private let scope: ClauseScope

  init(
    _ length: BillingCycle.Length, _ terms: MinimumCommitmentTerms, _ scope: ClauseScope
  ) throws(Fault) {
    let windows = scope.windows
    let months = CommittedSpan.months(length, scope)
    let whole = Period(
      start: windows.zone.startOfDay(windows.billing.firstDay(of: months.lowerBound)),
      end: windows.zone.startOfDay(windows.billing.firstDay(of: months.upperBound.next)))
    let pieces = CommittedSpan.pieces(of: months, terms, scope)
    var (committed, share) = (Ratio.zero, Ratio.zero)
    var steps: [Derivation.Step] = []
    for piece in pieces {
      guard
        let part = try ChargedTime(scope, terms.assetTime, terms.proration)
          .share(of: piece.time, in: whole)
      else { continue }
      let amount = try piece.amount.ratio * part.exact
      committed = try committed + amount
      share = try share + part.exact
      steps += [
        part.step,
        Derivation.Step(
          name: "committed", formula: "committed = amount * share",
          inputs: [.init("amount", piece.amount), .init("share", part.exact)], exact: amount,
          rounded: nil),
      ]
    }
    self.months = months
    self.committed = committed
    self.share = share
    self.steps = steps
    first = pieces.first?.first ?? windows.billingMonth
    self.terms = terms
    self.scope = scope
  }

  static func months(
    _ length: BillingCycle.Length, _ scope: ClauseScope
  ) -> ClosedRange<BillingMonth> {
    length.stretch(holding: scope.windows.billingMonth, since: scope.windows.contractPeriod)
  }

  /// Whether nothing more is to come of it.
  var isOver: Bool { scope.endsWith(months) }

  /// The sum of the lines that count, from the first period of the span on.
  func reached(_ inputs: RatingInputs) throws(Fault) -> Money {
    var sum = try inputs.soFar.spend(on: terms.clauses, upTo: .usage, scope)
    for period in inputs.before
    where period.month >= first && period.month < scope.windows.billingMonth {
      sum = try sum + period.spend(on: terms.clauses, upTo: .usage, scope)
    }
    return sum
  }

  /// The times within the span for which one amount was agreed, month by month: what is not
  /// prorated is the last one, for the whole.
  private static func pieces(
    of months: ClosedRange<BillingMonth>, _ terms: MinimumCommitmentTerms, _ scope: ClauseScope
  ) -> [(first: BillingMonth, amount: Fixed, time: Period)] {
    var pieces: [(first: BillingMonth, amount: Fixed, time: Period)] = []
    for month in BillingMonth.all(in: months) {
      let time = scope.windows.time(of: month...month)
      guard !time.isEmpty,
        case .minimumCommitment(let agreed)? =
          scope.terms(at: time.start, or: .minimumCommitment(terms))
      else { continue }
      let amount = terms.proration == .none ? terms.amount : agreed.amount
      if let last = pieces.last, last.amount == amount, last.time.end == time.start {
        pieces[pieces.count - 1].time = Period(start: last.time.start, end: time.end)
      } else {
        pieces.append((month, amount, time))
      }
    }
    return terms.proration == .none ? Array(pieces.suffix(1)) : pieces
  }
}
