/// Which twelve months an agreement adds up over.
package enum YearBasis: String, CaseIterable, Sendable {
  /// From the month in which the contract started, and each month of that name.
  case contract
  /// From January.
  case calendar
}
