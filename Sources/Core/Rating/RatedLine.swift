package import Base

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
  }

  /// Names the line within the invoice: the clause, and the part of it.
  package let key: String
  package let clause: String
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
}
