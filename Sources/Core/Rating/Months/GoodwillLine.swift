package import Base
import Contracts

extension RatedLine {
  /// An amount that was agreed on by itself, with the reason that was given for it. `clause` is the
  /// key it stands under beside the contract's own.
  package static func goodwill(
    key: String, clause: String, reason: String, amount: Money
  ) throws(Fault) -> RatedLine {
    let exact = try amount.fixed.ratio
    let step = Derivation.Step(
      name: "line", formula: "amount = agreed", inputs: [.init("agreed", amount)], exact: exact,
      rounded: amount.fixed)
    return RatedLine(
      key: key, clause: clause, stage: .goodwill, asset: nil, assets: nil,
      description: "Goodwill: \(reason)", quantity: .one,
      unit: "agreement", amount: amount,
      derivation: Derivation(
        steps: [step],
        sentence: "\(amount.fixed.grouped) \(amount.currency) were agreed on: \(reason)."),
      waterfall: try Waterfall(running: [("agreed", exact)], line: amount), meters: [], flags: [])
  }
}
