package import Base

/// What came of a run, or of a part of it.
package struct BillingReport: Sendable {
  package let results: [RunResult]
  /// What lies before the month of the run and nobody has billed, by contract.
  package let neverBilled: [NeverBilled]
  /// The contract behind which the run goes on; nil where it is done.
  package let next: ContractKey?
  /// How many contracts are still to come.
  package let remaining: Int
}
