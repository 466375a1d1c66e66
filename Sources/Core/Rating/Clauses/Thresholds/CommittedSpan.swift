import Base
import Contracts

/// An amount that is agreed for several periods together: the least or the most that they come to.
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
  private let scope: ClauseScope

  /// What the clause says of the amount.
  struct Terms {
    let amount: Fixed
    let proration: Proration
    let assetTime: AssetTime?
  }

  /// `agreed` says what the clause said at a moment; nil where it did not hold then.
  init(
    _ length: BillingCycle.Length, _ terms: Terms, _ scope: ClauseScope,
    agreed: (Instant) -> Terms?
  ) throws(Fault) {
    let windows = scope.windows
    let months = CommittedSpan.months(length, scope)
    let whole = Period(
      start: windows.zone.startOfDay(windows.billing.firstDay(of: months.lowerBound)),
      end: windows.zone.startOfDay(windows.billing.firstDay(of: months.upperBound.next)))
    let pieces = CommittedSpan.pieces(of: months, terms, scope, agreed)
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
    self.scope = scope
  }

  static func months(
    _ length: BillingCycle.Length, _ scope: ClauseScope
  ) -> ClosedRange<BillingMonth> {
    length.stretch(holding: scope.windows.billingMonth, since: scope.windows.contractPeriod)
  }

  /// Whether nothing more is to come of it.
  var isOver: Bool { scope.endsWith(months) }

  /// The periods of the span before the one that is rated, from the first on that has the clause.
  func before(_ inputs: RatingInputs) -> [RatedMonth] {
    inputs.before.filter { $0.month >= first && $0.month < scope.windows.billingMonth }
  }

  /// The times within the span for which one amount was agreed, month by month: what is not
  /// prorated is the last one, for the whole.
  private static func pieces(
    of months: ClosedRange<BillingMonth>, _ terms: Terms, _ scope: ClauseScope,
    _ agreed: (Instant) -> Terms?
  ) -> [(first: BillingMonth, amount: Fixed, time: Period)] {
    var pieces: [(first: BillingMonth, amount: Fixed, time: Period)] = []
    for month in BillingMonth.all(in: months) {
      let time = scope.windows.time(of: month...month)
      guard !time.isEmpty, let agreed = agreed(time.start) else { continue }
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
