package import Base
package import Contracts
import Metering

/// More is paid above a target, and less below it.
///
///     distance = x - target, turned round where lower is better
///     percent  = min(slope * max(0, |distance| - deadband), most of that side)
///     line     = +-round(percent / 100 * base)                  to the minor unit
///
/// A malus is no more than what is left of the base lines; both are shared out over them. A malus
/// for a finding that another clause has already penalised comes to nothing, unless the
/// contract says otherwise. Source: domain rule G9; domain, section 3, no double jeopardy.
package struct BonusMalus {
  private let terms: BonusMalusTerms
  private let scope: ClauseScope
  private let base: BaseLines
  private let measured: (value: Ratio?, unit: String)
  /// The clause that has already penalised what is measured.
  private let penaltyBefore: String?

  package init(
    _ terms: BonusMalusTerms, _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) {
    self.terms = terms
    self.scope = scope
    base = try inputs.soFar.baseLines(of: terms.base, for: scope.asset)
    switch terms.measure {
    case .finding(let clause):
      let finding = try inputs.soFar.mean(of: clause, for: scope.asset)
      measured = (finding?.value, finding?.unit ?? "")
      penaltyBefore =
        terms.penalisesAgain ? nil : inputs.soFar.penalty(on: clause, for: scope.asset)
    case .meter(let meter):
      let usage = try inputs.usage.usage(scope.request(meter, scope.windows.period))
      measured = (usage.value == .missing ? nil : try usage.value.ratio, usage.unit.name)
      penaltyBefore = nil
    }
  }

  package func rated() throws(Fault) -> RatedClause {
    guard let value = measured.value else { return RatedClause([try waitingLine()]) }
    let distance =
      try terms.better == .higher
      ? value - terms.target.ratio : terms.target.ratio - value
    let isMalus = distance < .zero
    let side = isMalus ? terms.malus : terms.bonus
    let past = max(.zero, try (isMalus ? -distance : distance) - terms.deadband.ratio)
    let full = try past * side.slope.ratio
    let percent =
      try side.percentMax.map { (most) throws(Fault) in min(full, try most.ratio) } ?? full
    let share = try PercentOfBase(percent, of: base, sign: isMalus ? -1 : 1)
    var steps = [
      Derivation.Step(
        name: "distance",
        formula: terms.better == .higher ? "distance = x - target" : "distance = target - x",
        inputs: [.init("x", value.shown), .init("target", terms.target)], exact: distance,
        rounded: nil),
      Derivation.Step(
        name: "percent", formula: "percent = min(slope * max(0, |distance| - deadband), most)",
        inputs: [
          .init("slope", side.slope), .init("deadband", terms.deadband),
          .init("most", side.percentMax?.description ?? "none"),
        ], exact: percent, rounded: nil),
      share.step,
    ]
    var running = [(label: isMalus ? "malus" : "bonus", exact: share.exact)]
    var amount = share.amount
    var flags: [RatedLine.Flag] = []
    if let penaltyBefore, share.amount.amountMinor < 0 {
      let nothing = PercentOfBase(
        nothingOf: base, because: "amount = 0: `\(penaltyBefore)` has penalised it already")
      steps.append(nothing.step)
      running.append(("already penalised", .zero))
      (amount, flags) = (nothing.amount, [.alreadyPenalised])
    }
    let line = try line(
      quantity: value, unit: measured.unit, amount, steps: steps, running: running,
      sentence(value, past, share, flags), flags)
    return RatedClause([line], penalised: amount.amountMinor < 0 ? terms.measure.clauses : [])
  }

  private func sentence(
    _ value: Ratio, _ past: Ratio, _ share: PercentOfBase, _ flags: [RatedLine.Flag]
  ) -> String {
    let reached = "\(value.shown) \(measured.unit) against a target of \(terms.target)"
    guard share.amount.amountMinor != 0 else {
      return past == .zero
        ? "\(reached), not further from it than \(terms.deadband): nothing changes."
        : "\(reached): what was agreed for it comes to nothing."
    }
    guard let penaltyBefore, flags.contains(.alreadyPenalised) else {
      let word = share.amount.amountMinor < 0 ? "malus" : "bonus"
      return "\(reached): the \(word) on \(base.gross.shown) is \(share.amount.shown)."
    }
    return """
      \(reached) would cost \(share.amount.shown), but `\(penaltyBefore)` has penalised it \
      already: nothing is taken off twice.
      """
  }

  private func waitingLine() throws(Fault) -> RatedLine {
    let nothing = PercentOfBase(
      nothingOf: base, because: "amount = 0: what is measured is not determinable")
    return try line(
      quantity: .zero, unit: "known", nothing.amount, steps: [nothing.step],
      running: [("not determinable", .zero)],
      "What is measured cannot be told: bonus and malus wait until more is known.",
      [.notDeterminable])
  }

  private func line(
    quantity: Ratio, unit: String, _ amount: Money, steps: [Derivation.Step],
    running: [(label: String, exact: Ratio)], _ sentence: String, _ flags: [RatedLine.Flag]
  ) throws(Fault) -> RatedLine {
    var line = RatedLine(
      scope, stage: .bonusMalus, description: "Bonus or malus", quantity: quantity, unit: unit,
      amount: amount, derivation: Derivation(steps: steps, sentence: sentence),
      waterfall: try Waterfall(running: running, line: amount), meters: terms.meters,
      flags: flags)
    line.shares = try base.shares(of: amount, by: .gross)
    return line
  }
}

extension BonusMalusTerms: ClauseRule {
  package func requests(_ scope: ClauseScope) -> [UsageRequest] {
    measure.meters.map { scope.request($0, scope.windows.period) }
  }

  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    try BonusMalus(self, scope, inputs).rated()
  }
}
