package import Contracts

/// An account of the ledger.
package enum LedgerAccount: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// What customers owe.
  case receivable
  /// What came in, or went out, by bank.
  case cash
  /// What was held back until the scorecard is settled.
  case contractAsset
  /// What was given to the customer: for its own work, as goodwill, or as prepaid credit.
  case credits
  /// What customers have of prepaid credit.
  case prepaid
  /// What documents left to the next ones.
  case carried
  /// What was earned, by the kind of line; by that of prepaid credit what expired, and by that of
  /// the holdback what was lost of it.
  case revenue(RatingStage)
  /// What is owed to the tax office.
  case taxPayable

  package init(_ stage: RatingStage) {
    switch stage {
    case .holdback: self = .contractAsset
    case .coCreation, .goodwill: self = .credits
    case .prepaid: self = .prepaid
    case .carried: self = .carried
    default: self = .revenue(stage)
    }
  }

  package var description: String {
    switch self {
    case .receivable: "receivable"
    case .cash: "cash"
    case .contractAsset: "contractAsset"
    case .credits: "credits"
    case .prepaid: "prepaid"
    case .carried: "carried"
    case .revenue(let stage): "revenue.\(stage.rawValue)"
    case .taxPayable: "taxPayable"
    }
  }

  package static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}
