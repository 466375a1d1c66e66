package import Base

/// What of a line's amount falls on another line: it is taken off that line, or added to it.
package struct LineShare: Hashable, Sendable {
  /// The key of the line that it falls on.
  package let line: String
  /// The clause of that line: its tax is the share's.
  package let clause: String
  package let amount: Money
  /// The period of that line, where what is shared out comes of periods and not of a line's own:
  /// such a share changes nothing of what is left of a line. Nil for a line of the same period.
  package let month: BillingMonth?

  package init(_ line: String, _ clause: String, _ amount: Money, of month: BillingMonth? = nil) {
    self.line = line
    self.clause = clause
    self.amount = amount
    self.month = month
  }
}

extension RatedLine {
  /// Whether it is owed by itself, and not taken off other lines or added to them.
  package var standsAlone: Bool { shares.allSatisfy { $0.month != nil } }

  /// The part of the line that some of its shares make up, as a line of its own; `name` says what
  /// they have in common. The first part has what the line moves beside its amount.
  package func taxPart(
    of shares: [LineShare], key: String, named name: String, isFirst: Bool
  ) throws(Fault) -> RatedLine {
    var sum = Money.zero(amount.currency)
    for share in shares { sum = try sum + share.amount }
    let step = Derivation.Step(
      name: "part", formula: "amount = sum of the shares of \(name)",
      inputs: [.init("whole", amount)], exact: try sum.fixed.ratio, rounded: sum.fixed)
    var line = RatedLine(
      key: key, clause: clause, stage: stage, asset: asset, assets: assets,
      description: description, quantity: quantity, unit: unit, amount: sum,
      derivation: Derivation(
        steps: derivation.steps + [step],
        sentence: "\(derivation.sentence) Of this, \(sum.shown) fall on \(name)."),
      waterfall: Waterfall(
        bars: waterfall.bars + [.init(label: "part of \(name)", amount: try sum - amount)]),
      meters: meters, flags: flags)
    (line.span, line.times, line.group, line.wider) = (span, times, group, wider)
    (line.part, line.shares, line.events) = (self.part, shares, events)
    if isFirst { (line.moves, line.grants) = (moves, grants) }
    return line
  }
}
