package import Base
import Contracts

extension RatedLine {
  /// What a line of an earlier invoice was billed for so far, corrections of it included.
  package struct Billed: Hashable, Sendable {
    package let quantity: Ratio
    package let amount: Money
    /// What was booked beside the amount.
    package let moves: BalanceTransfer?
    /// What was changed of grants.
    package let grants: [GrantMovement]

    package init(
      quantity: Ratio, amount: Money, moves: BalanceTransfer? = nil, grants: [GrantMovement] = []
    ) {
      self.quantity = quantity
      self.amount = amount
      self.moves = moves
      self.grants = grants
    }
  }

  /// What a line of an earlier period comes to now, less what was billed for it.
  ///
  ///     line = recomputed - billed
  ///     line = owed - (billed - credited)      where credit notes took back some of it
  ///
  /// It keeps the derivation of the line rated anew, with this one step behind it. `owed` is what
  /// the credit notes leave of what is recomputed. Source: domain, section 3, late data.
  package func correcting(
    _ billed: Billed, less credited: Billed, owed: Billed, key: String, description: String
  ) throws(Fault) -> RatedLine {
    try RatedLine.correction(
      key: key, clause: clause, asset: asset, description: description, unit: unit,
      recomputed: self, billed: billed, credited: credited, owed: owed)
  }

  /// The same where the line is no longer there at all, for a reason in one sentence: what was
  /// billed for it is taken back.
  package static func withdrawing(
    _ billed: Billed, less credited: Billed? = nil, key: String, clause: String,
    asset: AssetKey? = nil, unit: String, description: String, because reason: String
  ) throws(Fault) -> RatedLine {
    let nothing = Billed(quantity: .zero, amount: .zero(billed.amount.currency))
    return try correction(
      key: key, clause: clause, asset: asset, description: description, unit: unit,
      recomputed: nil, billed: billed, credited: credited ?? nothing, owed: nothing,
      because: reason)
  }

  private static func correction(
    key: String, clause: String, asset: AssetKey?, description: String, unit: String,
    recomputed: RatedLine?, billed: Billed, credited: Billed, owed: Billed,
    because reason: String = ""
  ) throws(Fault) -> RatedLine {
    let currency = billed.amount.currency
    let now = recomputed?.amount ?? .zero(currency)
    let amount = try owed.amount - billed.amount + credited.amount
    let exact = try amount.fixed.ratio
    let isCredited = credited.amount.amountMinor != 0
    let step = Derivation.Step(
      name: "correction",
      formula: isCredited
        ? "amount = owed - (billed - credited)" : "amount = recomputed - billed",
      inputs: [.init("recomputed", now), .init("billed", billed.amount)]
        + (isCredited ? [.init("credited", credited.amount), .init("owed", owed.amount)] : []),
      exact: exact, rounded: amount.fixed)
    let before = recomputed?.derivation.sentence ?? reason
    let credits = isCredited ? ", less \(credited.amount.shown) credited" : ""
    let sentence =
      "\(before) Billed so far: \(billed.amount.fixed.grouped) \(currency)\(credits); "
      + "to correct: \(amount.fixed.grouped) \(currency)."
    var line = RatedLine(
      key: key, clause: clause, stage: .correction, asset: asset,
      assets: recomputed?.assets, description: description,
      quantity: try (recomputed?.quantity ?? .zero) - billed.quantity, unit: unit, amount: amount,
      derivation: Derivation(
        steps: (recomputed?.derivation.steps ?? []) + [step], sentence: sentence),
      waterfall: try Waterfall(
        running: [("rated anew", try owed.amount.fixed.ratio), ("billed", exact)], line: amount),
      meters: recomputed?.meters ?? [], flags: recomputed?.flags ?? [])
    line.moves = try BalanceTransfer.difference(recomputed?.moves, billed.moves)
    line.grants = try owed.grants.adding(billed.grants.negated()).adding(credited.grants)
    return line
  }
}
