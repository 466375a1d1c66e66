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
/// malus. What is given back falls on the lines that it was taken off, what is due again on those
/// of the base, and is no more than what is left of them. Source: domain, section 3, at-risk cap
/// and cumulative charges.
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
    for (part, amount) in held.sorted(by: { $0.key < $1.key }).reversed() {
      let minor = min(rest.amountMinor, amount.amountMinor)
      guard minor > 0 else { continue }
      let yielded = Money(minor: minor, scope.currency)
      lines.append(
        try line(
          yielded, part: part, now, cutBefore,
          givingBack: {
            $0.stage == .holdback && $0.part == Holdback.retained
              && AtRiskCap.part(of: $0.clause, $0.asset) == part
          }))
      rest = try rest - yielded
    }
    let most = try base.available
    if rest.amountMinor < -most.amountMinor { rest = try Money.zero(scope.currency) - most }
    if rest.amountMinor != 0 {
      lines.append(
        try line(rest, part: nil, now, cutBefore, givingBack: { isCredit($0) && isCapped($0) }))
    }
    return lines
  }

  private var base: BaseLines {
    get throws(Fault) { try inputs.soFar.baseLines(of: terms.base, for: scope.asset) }
  }

  /// How what is given back, or is due again, falls on lines of the period.
  private func shares(
    of amount: Money, givingBack isTaken: (RatedLine) -> Bool
  ) throws(Fault) -> [LineShare] {
    guard amount.amountMinor > 0 else { return try base.shares(of: amount) }
    var taken: [(line: String, clause: String, minor: Int128)] = []
    for share in inputs.soFar.lines.filter(isTaken).flatMap(\.shares) where share.month == nil {
      if let place = taken.firstIndex(where: { $0.line == share.line }) {
        taken[place].minor -= share.amount.amountMinor
      } else {
        taken.append((share.line, share.clause, -share.amount.amountMinor))
      }
    }
    guard taken.contains(where: { $0.minor > 0 }) else {
      return try base.shares(of: amount, by: .gross)
    }
    let amounts = try amount.shared(by: taken.map { max(0, $0.minor) })
    return zip(taken, amounts).filter { $1.amountMinor != 0 }.map {
      LineShare($0.line, $0.clause, $1)
    }
  }

  private func isCredit(_ line: RatedLine) -> Bool {
    (line.stage == .availability || line.stage == .bonusMalus) && line.amount.amountMinor < 0
  }

  /// Whether a line of a cap gives back what another line retained.
  static func givesBack(_ line: RatedLine, of scope: ClauseScope) -> Bool {
    line.stage == .cap && line.part == part(of: scope.clause, scope.asset)
  }

  private struct Sum {
    let atRisk: Money
    let base: Money

    init(_ months: [RatedMonth], _ cap: AtRiskCap) throws(Fault) {
      var (base, atRisk) = (Money.zero(cap.scope.currency), Money.zero(cap.scope.currency))
      for month in months {
        base = try base + month.base(of: cap.terms.base, for: cap.scope.asset)
        let taken = try month.sum { cap.isCredit($0) && cap.isCapped($0) }
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
    try Money(rounding: terms.percent.ratio / Ratio(100) * sum.base.fixed.ratio, scope.currency)
  }

  /// Names the line that gives back what a holdback retained.
  private static func part(of clause: String, _ asset: AssetKey?) -> String {
    clause + (asset.map { "/\($0)" } ?? "") + "/" + Holdback.retained
  }

  /// What each holdback keeps of those months, by the lines that may give it back.
  private func heldBack(_ months: [RatedMonth]) throws(Fault) -> [String: Money] {
    var held: [String: Money] = [:]
    for month in months {
      // The months before are what is left of them behind credit notes.
      let credited = month.month == inputs.soFar.month ? inputs.credited[month.month] : nil
      for line in month.lines where line.stage == .holdback && isCapped(line) {
        let part = AtRiskCap.part(of: line.clause, line.asset)
        let amount = try line.retained(less: credited).amount
        held[part] = try (held[part] ?? .zero(scope.currency)) - amount
      }
    }
    return held.filter { $0.value.amountMinor > 0 }
  }

  private func isCapped(_ line: RatedLine) -> Bool {
    (terms.capped.isEmpty || terms.capped.contains(line.clause))
      && (scope.asset == nil || line.asset == nil || line.asset == scope.asset)
  }

  private func line(
    _ amount: Money, part: String?, _ now: Sum, _ cutBefore: Money,
    givingBack isTaken: (RatedLine) -> Bool
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
    line.shares = try shares(of: amount, givingBack: isTaken)
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
    let month = scope.windows.billingMonth
    return span?.stretch(holding: month, since: scope.windows.contractPeriod) ?? month...month
  }
}
