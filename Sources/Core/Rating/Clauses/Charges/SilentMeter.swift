package import Base
import Contracts

/// A meter of a usage clause that saw nothing in the period. Nothing seen is not nothing used: the
/// line says so, whatever it comes to, and where the contract does not say with `missing` what that
/// means, a draft is held if the meter has ever shown something before. Source: domain, section 3,
/// missing data.
package struct SilentMeter: Hashable, Sendable {
  package let meter: MeterKey
  package let clause: String
  /// Whose events the clause counts; nil for everything that serves the contract.
  package let assets: [AssetKey]?
  /// Whether the contract says what becomes of it.
  package let isAgreed: Bool
}
