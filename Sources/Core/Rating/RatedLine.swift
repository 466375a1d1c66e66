package import Base
package import Contracts

/// One priced line with all that explains it.
package struct RatedLine: Hashable, Sendable {
  /// Things a reader must know about the line beside its amount.
  package enum Flag: String, Sendable {
    /// Running time without a single cycle, in the period and the year before: no leg factor.
    case legFactorUnknown = "leg_factor_unknown"
    /// The leg factor is that of the last twelve months.
    case legFactorOfYear = "leg_factor_of_year"
    /// An index was not yet published: its last value stands for it until it is.
    case indexProvisional = "index_provisional"
    /// Too little is known to tell what was promised: the money waits until more is.
    case notDeterminable = "not_determinable"
    /// Another clause has already taken money off for the same finding.
    case alreadyPenalised = "already_penalised"
    /// Too little is known to settle anything: the money waits.
    case withheld
    /// There is work that nobody has validated yet.
    case evidencePending = "evidence_pending"
    /// Its meters saw nothing in the period: it rests on estimates.
    case estimated
  }

  /// Names the line within the invoice: the clause, and the part of it.
  package let key: String
  package let clause: String
  package let stage: Stage
  /// The one asset that it is for, where the clause rates each by itself.
  package let asset: AssetKey?
  /// Whose events the line rests on; nil for everything that serves the contract.
  package let assets: [AssetKey]?
  package let description: String
  /// What was used, and in what.
  package let quantity: Ratio
  package let unit: String
  package let amount: Money
  package let derivation: Derivation
  package let waterfall: Waterfall
  /// The meters whose events the line rests on.
  package let meters: [MeterKey]
  package let flags: [Flag]
  /// The time whose events it rests on, where that is more than the billing month.
  package var span: Period?
  /// What it moves beside its amount.
  package var moves: QuietMovement?
}

extension RatedLine {
  /// A line of a clause. `part` names it where the clause has several.
  package init(
    _ scope: ClauseScope, stage: Stage = .usage, part: String? = nil, description: String,
    quantity: Ratio, unit: String, amount: Money, derivation: Derivation, waterfall: Waterfall,
    meters: [MeterKey], flags: [Flag] = []
  ) {
    self.init(
      key: part.map { "\(scope.key)/\($0)" } ?? scope.key, clause: scope.clause, stage: stage,
      asset: scope.asset, assets: scope.assets, description: description, quantity: quantity,
      unit: unit, amount: amount,
      derivation: derivation, waterfall: waterfall, meters: meters, flags: flags)
  }
}

extension RatedLine {
  /// What its evidence is of.
  package var bases: [Evidence.Basis] {
    meters.map { Evidence.Basis($0, assets: assets, in: span) }
  }
}
