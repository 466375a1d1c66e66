package import Base
package import Contracts

/// What the scopes of all clauses of a run have in common. They are many and are handed about, so
/// it is one thing that they point at.
package final class RunScope: Sendable {
  /// All assets that served the contract during the period.
  package let fleet: [AssetKey]
  /// When each asset serves the contract, over all its time.
  package let assignments: [AssetKey: [Period]]
  /// When each asset serves another one.
  package let elsewhere: [AssetKey: [Period]]
  /// Every version of the contract; nil where there is only the one that is rated.
  package let history: ContractHistory?
  /// The zones and calendars that clauses name.
  package let clocks: Clocks

  package init(
    fleet: [AssetKey] = [], assignments: [AssetKey: [Period]] = [:],
    elsewhere: [AssetKey: [Period]] = [:], history: ContractHistory? = nil, clocks: Clocks = .none
  ) {
    self.fleet = fleet
    self.assignments = assignments
    self.elsewhere = elsewhere
    self.history = history
    self.clocks = clocks
  }
}
