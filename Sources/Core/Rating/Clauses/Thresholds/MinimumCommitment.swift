package import Base
package import Contracts

/// The least that some clauses come to in a period, or in a span of several.
///
///     committed = amount * share of the period, or the span, that the contract covers,
///                 or an asset serves it
///     line      = round(max(0, committed - sum of their lines))      to the minor unit
///
/// A span is trued up with its last period, or that of the contract; before, the line is zero.
///
/// Without names all lines of usage count, before any credit: a credit never reduces what was
/// reached. The line is listed also when it is zero, so that a minimum is never ignored unseen. It
/// is shared out over the lines that count by what they came to; that of a span over the lines of
/// all its periods, whose taxes it has, and it is owed by itself. Source: domain, section 4,
/// conventional models, minimum commitment.
package struct MinimumCommitment {
  private let terms: MinimumCommitmentTerms
  private let scope: ClauseScope

  package init(_ terms: MinimumCommitmentTerms, _ scope: ClauseScope) {
    self.terms = terms
    self.scope = scope
  }

  /// `reached` is the sum of the lines that count.
  package func line(reached: Money) throws(Fault) -> RatedLine {
    let (windows, currency) = (scope.windows, scope.currency)
    let share =
      try ChargedTime(scope, terms.assetTime, terms.proration)
      .share(of: windows.period, in: windows.wholePeriod)?.step ?? ProratedShare.none
    let passed =
      terms.proration == .none ? try ChargedTime.passed(of: windows.inForce, windows) : .one
    let committed = try terms.amount.ratio * share.exact * passed
    let missing = max(.zero, try committed - reached.fixed.ratio)
    let amount = try Money(rounding: missing, currency)
    let steps = [
      share,
      Derivation.Step(
        name: "committed", formula: "committed = amount * share",
        inputs: [.init("amount", terms.amount), .init("share", share.exact)], exact: committed,
        rounded: nil),
      Derivation.Step(
        name: "line", formula: "amount = round(max(0, committed - reached))",
        inputs: [.init("committed", committed), .init("reached", reached)], exact: missing,
        rounded: amount.fixed),
    ]
    let sentence = """
      \(reached.fixed.grouped) of the committed \
      \(try committed.rounded(to: currency.minorDigits).grouped) \(currency) were reached; \
      \(amount.fixed.grouped) \(currency) are missing.
      """
    return RatedLine(
      scope, stage: terms.stage, description: "Minimum commitment", quantity: share.exact,
      unit: "period", amount: amount,
      derivation: Derivation(steps: steps, sentence: sentence),
      waterfall: try Waterfall(
        running: [("committed", committed), ("reached", missing)], line: amount), meters: [])
  }
}

extension MinimumCommitment {
  /// The line of a span: what lacks of it once it is over.
  fileprivate func line(
    of span: CommittedSpan, reached: Money
  ) throws(Fault) -> RatedLine {
    let currency = scope.currency
    let missing = span.isOver ? max(.zero, try span.committed - reached.fixed.ratio) : .zero
    let amount = try Money(rounding: missing, currency)
    let step = Derivation.Step(
      name: "line",
      formula: span.isOver
        ? "amount = round(max(0, committed - reached))" : "amount = 0: the span is not over",
      inputs: [.init("committed", span.committed), .init("reached", reached)], exact: missing,
      rounded: amount.fixed)
    let committed = try span.committed.rounded(to: currency.minorDigits).grouped
    let sentence = """
      \(reached.fixed.grouped) of the \(committed) \(currency) committed for \
      \(span.months.lowerBound) to \(span.months.upperBound) were reached; \
      \(span.isOver ? "\(amount.fixed.grouped) \(currency) are missing" : "nothing is due yet").
      """
    let running =
      span.isOver ? [("committed", span.committed), ("reached", missing)] : [("not due", missing)]
    return RatedLine(
      scope, stage: terms.stage, description: "Minimum commitment", quantity: span.share,
      unit: "span", amount: amount,
      derivation: Derivation(steps: span.steps + [step], sentence: sentence),
      waterfall: try Waterfall(running: running.map { (label: $0.0, exact: $0.1) }, line: amount),
      meters: [])
  }
}

extension MinimumCommitmentTerms: ClauseRule {
  package func reach(_ scope: ClauseScope) -> BillingMonth {
    span.map { CommittedSpan.months($0, scope).lowerBound } ?? scope.windows.billingMonth
  }

  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    if let span { return RatedClause([try line(of: span, scope, inputs)]) }
    let counted = try inputs.soFar.lines(of: clauses, upTo: .usage, scope)
    var line = try MinimumCommitment(self, scope).line(reached: counted.gross)
    line.shares = try counted.shares(of: line.amount, by: .gross)
    return RatedClause([line])
  }

  private func line(
    of span: BillingCycle.Length, _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedLine {
    let committed = try CommittedSpan(span, spanTerms, scope) { moment in
      scope.terms(at: moment, or: self)?.spanTerms
    }
    let periods = committed.before(inputs) + [inputs.soFar]
    let counted = try periods.map { (period) throws(Fault) in
      (month: period.month, lines: try period.spent(on: clauses, upTo: .usage, scope))
    }
    var reached = Money.zero(scope.currency)
    for period in counted { reached = try reached + period.lines.gross }
    var line = try MinimumCommitment(self, scope).line(of: committed, reached: reached)
    let lines = counted.flatMap { period in
      period.lines.lines.map { (line: $0, month: period.month) }
    }
    guard !lines.isEmpty else { return line }
    let amounts = try line.amount.shared(by: lines.map(\.line.gross.amountMinor))
    let shares = zip(lines, amounts).map {
      LineShare($0.line.key, $0.line.clause, $1, of: $0.month)
    }
    let owed = shares.filter { $0.amount.amountMinor != 0 }
    line.shares = owed.isEmpty ? Array(shares.prefix(1)) : owed
    return line
  }

  private var spanTerms: CommittedSpan.Terms {
    CommittedSpan.Terms(amount: amount, proration: proration, assetTime: assetTime)
  }
}
