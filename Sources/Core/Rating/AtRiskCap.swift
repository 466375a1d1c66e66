package import Base
package import Contracts

/// Credits, malus and holdback together are at most so much of the base; what is above is cut, on
/// lines of its own.
///
///     at risk = credits + malus + what is held back and not released
///     f       = max(0, at risk - round(percent / 100 * base))   over the months of the span so far
///     cut     = f(with this month) - f(before it)
///
/// The holdback yields first, for it is the last of the three in order; then the credits and the
/// malus. Source: domain, section 3, at-risk cap and cumulative charges.
package struct AtRiskCap {
  private let terms: AtRiskCapTerms
  private let scope: ClauseScope
  private let inputs: RatingInputs

  package init(_ terms: AtRiskCapTerms, _ scope: ClauseScope, _ inputs: RatingInputs) {
    self.terms = terms
    self.scope = scope
    self.inputs = inputs
  }

  /// None where nothing is cut.
  package func lines() throws(Fault) -> [RatedLine] {
    let months = terms.months(scope)
    let before = inputs.before.filter { months.contains($0.month) }
    let (known, now) = (try Sum(before, self), try Sum(before + [inputs.soFar], self))
    let (cutBefore, cutNow) = (try cut(known), try cut(now))
    var rest = try cutNow - cutBefore
    var lines: [RatedLine] = []
    let held = try heldBack([inputs.soFar])
    for (key, amount) in held.sorted(by: { $0.key < $1.key }).reversed() {
      let part = min(rest.amountMinor, amount.amountMinor)
      guard part > 0 else { continue }
      let yielded = Money(minor: part, scope.currency)
      lines.append(try line(yielded, part: key + "/" + Holdback.retained, now, cutBefore))
      rest = try rest - yielded
    }
    if rest.amountMinor != 0 { lines.append(try line(rest, part: nil, now, cutBefore)) }
    return lines
  }

  /// Whether a line of a cap gives back what another line retained.
  static func givesBack(_ line: RatedLine, of key: String) -> Bool {
    line.stage == .cap && line.key.hasSuffix("/" + key)
  }

  private struct Sum {
    let atRisk: Money
    let base: Money

    init(_ months: [RatedMonth], _ cap: AtRiskCap) throws(Fault) {
      var (base, atRisk) = (Money.zero(cap.scope.currency), Money.zero(cap.scope.currency))
      for month in months {
        base = try base + month.base(of: cap.terms.base, for: cap.scope.asset)
        let taken = try month.sum { line in
          (line.stage == .availability || line.stage == .bonusMalus)
            && line.amount.amountMinor < 0 && cap.isCapped(line)
        }
        atRisk = try atRisk - taken
      }
      for amount in try cap.heldBack(months).values { atRisk = try atRisk + amount }
      self.base = base
      self.atRisk = atRisk
    }
  }

  private func cut(_ sum: Sum) throws(Fault) -> Money {
    let above = try sum.atRisk - most(of: sum)
    return above.amountMinor > 0 ? above : .zero(scope.currency)
  }

  private func most(of sum: Sum) throws(Fault) -> Money {
    try PercentOfBase(terms.percent.ratio, of: sum.base).amount
  }

  /// What each holdback keeps of those months, by clause and asset.
  private func heldBack(_ months: [RatedMonth]) throws(Fault) -> [String: Money] {
    var held: [String: Money] = [:]
    for line in months.flatMap(\.lines) where line.stage == .holdback && isCapped(line) {
      let key = line.asset.map { "\(line.clause)/\($0)" } ?? line.clause
      held[key] = try (held[key] ?? .zero(scope.currency)) - line.amount
    }
    return held.filter { $0.value.amountMinor > 0 }
  }

  private func isCapped(_ line: RatedLine) -> Bool {
    (terms.capped.isEmpty || terms.capped.contains(line.clause))
      && (scope.asset == nil || line.asset == nil || line.asset == scope.asset)
  }

  private func line(
    _ amount: Money, part: String?, _ now: Sum, _ cutBefore: Money
  ) throws(Fault) -> RatedLine {
    let most = try most(of: now)
    let step = Derivation.Step(
      name: "line", formula: "cut = max(0, at risk - most) - cut before",
      inputs: [
        .init("at risk", now.atRisk), .init("most", most), .init("cut before", cutBefore),
      ], exact: try (cut(now) - cutBefore).fixed.ratio, rounded: amount.fixed)
    let (cut, source) = (amount.shown, part == nil ? "" : " from the holdback")
    let outcome =
      amount.amountMinor < 0
      ? "\(Money(minor: -amount.amountMinor, scope.currency).shown) cut before are due again"
      : "\(cut) are cut\(source)"
    let sentence = """
      Credits, malus and holdback come to \(now.atRisk.shown); \(terms.percent) % of \
      \(now.base.shown) are \(most.shown) at most: \(outcome).
      """
    var line = RatedLine(
      scope, stage: .cap, part: part, description: "At-risk cap",
      quantity: try terms.percent.ratio, unit: "%", amount: amount,
      derivation: Derivation(steps: [step], sentence: sentence),
      waterfall: try Waterfall(running: [("cut", try amount.fixed.ratio)], line: amount),
      meters: [])
    if part != nil { line.moves = .holdback(writtenOff: amount) }
    return line
  }
}

extension AtRiskCapTerms: ClauseRule {
  package func reach(_ scope: ClauseScope) -> BillingMonth { months(scope).lowerBound }

  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    RatedClause(try AtRiskCap(self, scope, inputs).lines())
  }

  fileprivate func months(_ scope: ClauseScope) -> ClosedRange<BillingMonth> {
    span.stretch(holding: scope.windows.billingMonth, since: scope.windows.contractPeriod)
  }
}
