package import Base
import Contracts

extension RatedLine {
  /// What a line of an earlier invoice was billed for so far, corrections of it included.
  package struct Billed: Hashable, Sendable {
    package let quantity: Ratio
    package let amount: Money
    /// What was booked beside the amount.
    package let moves: QuietMovement?

    package init(quantity: Ratio, amount: Money, moves: QuietMovement? = nil) {
      self.quantity = quantity
      self.amount = amount
      self.moves = moves
    }
  }

  /// What a line of an earlier period comes to now, less what was billed for it.
  ///
  ///     line = recomputed - billed
  ///
  /// It keeps the derivation of the line rated anew, with this one step behind it. Source: domain,
  /// section 3, late data.
  package func correcting(
    _ billed: Billed, key: String, description: String
  ) throws(Fault) -> RatedLine {
    try RatedLine.correction(
      key: key, clause: clause, description: description, unit: unit, recomputed: self,
      billed: billed)
  }

  /// The same where the line is no longer there at all, for a reason in one sentence: what was
  /// billed for it is taken back.
  package static func withdrawing(
    _ billed: Billed, key: String, clause: String, unit: String, description: String,
    because reason: String
  ) throws(Fault) -> RatedLine {
    try correction(
      key: key, clause: clause, description: description, unit: unit, recomputed: nil,
      billed: billed, because: reason)
  }

  private static func correction(
    key: String, clause: String, description: String, unit: String, recomputed: RatedLine?,
    billed: Billed, because reason: String = ""
  ) throws(Fault) -> RatedLine {
    let currency = billed.amount.currency
    let now = recomputed?.amount ?? .zero(currency)
    let amount = try now - billed.amount
    let exact = try amount.fixed.ratio
    let step = Derivation.Step(
      name: "correction", formula: "amount = recomputed - billed",
      inputs: [.init("recomputed", now), .init("billed", billed.amount)], exact: exact,
      rounded: amount.fixed)
    let before = recomputed?.derivation.sentence ?? reason
    let sentence =
      "\(before) Billed so far: \(billed.amount.fixed.grouped) \(currency); "
      + "to correct: \(amount.fixed.grouped) \(currency)."
    var line = RatedLine(
      key: key, clause: clause, stage: .correction, asset: recomputed?.asset,
      assets: recomputed?.assets, description: description,
      quantity: try (recomputed?.quantity ?? .zero) - billed.quantity, unit: unit, amount: amount,
      derivation: Derivation(
        steps: (recomputed?.derivation.steps ?? []) + [step], sentence: sentence),
      waterfall: try Waterfall(
        running: [("rated anew", try now.fixed.ratio), ("billed", exact)], line: amount),
      meters: recomputed?.meters ?? [], flags: recomputed?.flags ?? [])
    line.moves = try QuietMovement.difference(recomputed?.moves, billed.moves)
    return line
  }
}
