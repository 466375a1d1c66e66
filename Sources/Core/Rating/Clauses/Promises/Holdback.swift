package import Base
package import Contracts

/// A share of each period is held back, and paid as a scorecard says.
///
///     retained = -round(percent / 100 * base)                   every period, as far as it is left
///     released = round(pool * score / 100), 0 below the floor   whenever there is a score
///
/// The pool is what was retained since the last score, less what a cap gave back of it. Without
/// enough measured for a score it rolls forward; what a score does not pay is lost. What is
/// retained is shared out over the base lines, and what is released over those it was retained of;
/// what credit notes took back of either is not released. Source: domain rule G8.
package struct Holdback {
  private let terms: HoldbackTerms
  private let scope: ClauseScope
  private let inputs: RatingInputs

  package init(_ terms: HoldbackTerms, _ scope: ClauseScope, _ inputs: RatingInputs) {
    self.terms = terms
    self.scope = scope
    self.inputs = inputs
  }

  package func lines() throws(Fault) -> [RatedLine] {
    let retained = try retainedLine()
    guard let finding = try inputs.soFar.mean(of: terms.scorecard, for: scope.asset) else {
      return [retained]
    }
    let pool = try pool(with: retained)
    return [retained, try releasedLine(pool, score: finding.value)]
  }

  private func retainedLine() throws(Fault) -> RatedLine {
    let base = try inputs.soFar.baseLines(of: terms.base, for: scope.asset)
    let share = try PercentOfBase(terms.percent.ratio, of: base, sign: -1)
    var line = RatedLine(
      scope, stage: .holdback, part: Self.retained, description: "Holdback, retained",
      quantity: try terms.percent.ratio, unit: "%", amount: share.amount,
      derivation: Derivation(
        steps: [share.step],
        sentence: """
          \(terms.percent) % of \(base.gross.shown) are held back: \(share.amount.shown).
          """),
      waterfall: try Waterfall(running: [("retained", share.exact)], line: share.amount),
      meters: [])
    line.shares = try base.shares(of: share.amount)
    return line
  }

  private func releasedLine(_ pool: Pool, score: Ratio?) throws(Fault) -> RatedLine {
    let held = try pool.amount
    guard let score else { return try waitingLine(pool) }
    let isPaid = try score >= terms.floorScore.ratio
    let exact = isPaid ? try held.fixed.ratio * score / Ratio(100) : .zero
    let amount = try Money(rounding: exact, scope.currency)
    let step = Derivation.Step(
      name: "line",
      formula: isPaid
        ? "amount = round(pool * score / 100)" : "amount = 0: the score is below the floor",
      inputs: [.init("pool", held), .init("score", score), .init("floor", terms.floorScore)],
      exact: exact, rounded: amount.fixed)
    let sentence =
      isPaid
      ? "\(score) of 100 points release \(amount.shown) of the \(held.shown) held back."
      : "\(score) points are below the \(terms.floorScore) agreed: nothing of the "
        + "\(held.shown) held back is released."
    var line = try line(pool, amount, step, running: [("score", exact)], sentence)
    line.moves = .holdback(writtenOff: try held - amount)
    return line
  }

  private func waitingLine(_ pool: Pool) throws(Fault) -> RatedLine {
    let amount = Money.zero(scope.currency)
    let held = try pool.amount
    let step = Derivation.Step(
      name: "line", formula: "amount = 0: there is no score, the pool rolls forward",
      inputs: [.init("pool", held)], exact: .zero, rounded: amount.fixed)
    return try line(
      pool, amount, step, running: [("rolled forward", .zero)],
      "There is no score: the \(held.shown) held back roll forward to the next one.",
      [.notDeterminable])
  }

  private func line(
    _ pool: Pool, _ amount: Money, _ step: Derivation.Step,
    running: [(label: String, exact: Ratio)], _ sentence: String, _ flags: [RatedLine.Flag] = []
  ) throws(Fault) -> RatedLine {
    var line = RatedLine(
      scope, stage: .holdback, part: Self.released, description: "Holdback, released",
      quantity: try pool.amount.fixed.ratio, unit: "held back", amount: amount,
      derivation: Derivation(steps: [step], sentence: sentence),
      waterfall: try Waterfall(running: running, line: amount), meters: [], flags: flags)
    line.shares = try pool.shares(of: amount)
    return line
  }

  /// What is held back and not settled, by the lines that it was held back of.
  private struct Pool {
    private var parts: [LineShare] = []
    private let currency: Currency

    init(in currency: Currency) { self.currency = currency }

    var amount: Money {
      get throws(Fault) {
        var sum = Money.zero(currency)
        for part in parts { sum = try sum + part.amount }
        return sum
      }
    }

    /// Takes in what a line retained, or what another gave back of it.
    mutating func add(_ line: RatedLine, in month: BillingMonth) throws(Fault) {
      for share in line.shares {
        let held = try Money.zero(currency) - share.amount
        let place = parts.firstIndex { $0.line == share.line && $0.month == month }
        let sum = try place.map { (place) throws(Fault) in try parts[place].amount + held } ?? held
        let part = LineShare(share.line, share.clause, sum, of: month)
        if let place { parts[place] = part } else { parts.append(part) }
      }
    }

    /// How what is released falls on the lines of the periods that it was held back in.
    func shares(of amount: Money) throws(Fault) -> [LineShare] {
      guard let first = parts.first else { return [] }
      guard amount.amountMinor != 0 else {
        return [LineShare(first.line, first.clause, amount, of: first.month)]
      }
      let amounts = try amount.shared(by: parts.map { max(0, $0.amount.amountMinor) })
      return zip(parts, amounts).filter { $1.amountMinor != 0 }.map {
        LineShare($0.line, $0.clause, $1, of: $0.month)
      }
    }
  }

  /// What the months before have left to be settled, together with this one.
  private func pool(with retained: RatedLine) throws(Fault) -> Pool {
    var pool = Pool(in: scope.currency)
    for month in inputs.before {
      var isSettled = false
      for line in month.lines {
        switch line.key {
        case retainedKey: try pool.add(line, in: month.month)
        case releasedKey: isSettled = !line.flags.contains(.notDeterminable)
        default: if AtRiskCap.givesBack(line, of: scope) { try pool.add(line, in: month.month) }
        }
      }
      if isSettled { pool = Pool(in: scope.currency) }
    }
    let month = inputs.soFar.month
    try pool.add(retained.retained(less: inputs.credited[month]), in: month)
    return pool
  }

  static let retained = "retained"
  private static let released = "released"
  private var retainedKey: String { "\(scope.key)/\(Self.retained)" }
  private var releasedKey: String { "\(scope.key)/\(Self.released)" }
}

extension RatedLine {
  /// What a line of a holdback retains, as far as credit notes have not given it back.
  func retained(less credited: Credited?) throws(Fault) -> RatedLine {
    guard let credited, part == Holdback.retained else { return self }
    var line = self
    (line.amount, line.shares) = (.zero(amount.currency), [])
    for share in shares {
      let back = credited.amounts[Credited.Piece(key, on: share.line)] ?? .zero(amount.currency)
      let held = Money(minor: min(0, try (share.amount - back).amountMinor), amount.currency)
      line.shares.append(LineShare(share.line, share.clause, held))
      line.amount = try line.amount + held
    }
    return line
  }
}

extension HoldbackTerms: ClauseRule {
  /// The first period of the contract: only from there on is known what was settled when.
  package func reach(_ scope: ClauseScope) -> BillingMonth {
    min(scope.windows.contractPeriod, scope.windows.billingMonth)
  }

  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    RatedClause(try Holdback(self, scope, inputs).lines())
  }
}
