/// What becomes of an amount for a whole period where the contract covers only a part of it.
package enum Proration: String, CaseIterable, Sendable {
  /// It stays whole.
  case none
  /// It is shared out by calendar days; a day that is begun counts.
  case day
  /// It is shared out by the seconds there are: an hour that the clocks skip is not paid.
  case second
}
