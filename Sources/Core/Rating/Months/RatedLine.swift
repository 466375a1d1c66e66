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
    /// Its meters saw nothing in the period.
    case noUsageSeen = "no_usage_seen"
    /// Readings of a register fell in the period with nothing to say why, and were ignored.
    case readingsIgnored = "readings_ignored"
  }

  /// Names the line within the invoice: the clause, and the part of it.
  package let key: String
  package let clause: String
  package let stage: RatingStage
  /// The one asset that it is for, where the clause rates each by itself.
  package let asset: AssetKey?
  /// Whose events the line rests on; nil for everything that serves the contract.
  package let assets: [AssetKey]?
  package let description: String
  /// What was used, and in what.
  package let quantity: Ratio
  package let unit: String
  package internal(set) var amount: Money
  package let derivation: Derivation
  package let waterfall: Waterfall
  /// The meters whose events the line rests on.
  package let meters: [MeterKey]
  package internal(set) var flags: [Flag]
  /// The time whose events it rests on, where that is more than the billing month.
  package var span: Period?
  /// The stretches of time whose events it rests on, where it is for a part of the time alone.
  package var times: [Period]?
  /// The group whose events it rests on, as a JSON array; nil for all.
  package var group: String?
  /// The time whose events of a meter it rests on, where that is more than what it rests on of the
  /// others.
  package var wider: [MeterKey: Period] = [:]
  /// The events of its meters that it rests on, in canonical order, whenever they happened; nil
  /// where these are all of its time.
  package var events: [MeterKey: [Evidence.Reference]]?
  /// What it moves beside its amount.
  package var moves: BalanceTransfer?
  /// Which of the clause's lines it is, where the clause has several.
  package internal(set) var part: String?
  /// How its amount falls on other lines, where it is taken off them or added on their strength;
  /// they add up to it.
  package var shares: [LineShare] = []
  /// What it changes of grants of prepaid credit, in the order in which they are drawn.
  package var grants: [GrantMovement] = []
}

extension RatedLine {
  /// A line of a clause. `part` names it where the clause has several.
  package init(
    _ scope: ClauseScope, stage: RatingStage = .usage, part: String? = nil, description: String,
    quantity: Ratio, unit: String, amount: Money, derivation: Derivation, waterfall: Waterfall,
    meters: [MeterKey], flags: [Flag] = []
  ) {
    self.init(
      key: part.map { "\(scope.key)/\($0)" } ?? scope.key, clause: scope.clause, stage: stage,
      asset: scope.asset, assets: scope.assets, description: description, quantity: quantity,
      unit: unit, amount: amount,
      derivation: derivation, waterfall: waterfall, meters: meters, flags: flags)
    self.part = part
    if scope.windows.isPart { times = [scope.windows.period] }
  }
}

extension RatedLine {
  /// The same line, with one more thing to know about it.
  func flagged(_ flag: Flag) -> RatedLine {
    var line = self
    line.flags.append(flag)
    return line
  }

  /// What its evidence is of.
  package var bases: [Evidence.Basis] {
    if let events {
      return events.sorted { $0.key < $1.key }.map { meter, events in
        let period = events.first.map {
          Period(start: $0.occurred, end: events[events.count - 1].occurred.advanced(bySeconds: 1))
        }
        return Evidence.Basis(meter, assets: assets, in: period, events: events)
      }
    }
    return meters.map { meter in
      let period = wider[meter] ?? span
      return Evidence.Basis(
        meter, assets: assets, in: period, times: period == nil ? times : nil, group: group)
    }
  }
}
