package import Base
import Contracts

extension RatedLine {
  /// What a document by which the customer is owed leaves to the next one, so that it comes to
  /// nothing.
  ///
  ///     amount = -total      of all other lines, with their tax
  ///
  /// Source: domain, section 3, order in a run.
  package static func carried(_ total: Money) throws(Fault) -> RatedLine {
    let amount = try Money.zero(total.currency) - total
    let exact = try amount.fixed.ratio
    let step = Derivation.Step(
      name: "line", formula: "amount = -total", inputs: [.init("total", total)], exact: exact,
      rounded: amount.fixed)
    return RatedLine(
      key: "\(Contract.wholeDocument)/carried", clause: Contract.wholeDocument, stage: .carried,
      asset: nil, assets: nil, description: "Carried to the next invoice", quantity: .one,
      unit: "balance", amount: amount,
      derivation: Derivation(
        steps: [step],
        sentence: "\(amount.shown) are owed to the customer: the next invoice takes them off."
      ),
      waterfall: try Waterfall(running: [("owed", exact)], line: amount), meters: [], flags: [])
  }
}
