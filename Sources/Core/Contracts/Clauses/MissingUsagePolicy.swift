/// What becomes of a clause in a period of which its meters know nothing: missing is never zero.
/// Source: domain, section 3, missing data.
package enum MissingUsagePolicy: String, CaseIterable, Sendable {
  /// Nothing was used: a sum of nothing is zero, and is billed so.
  case zero
  /// It has no line, and the invoice says that it is unbilled.
  case hold
  /// It is rated on the least that each meter showed in a month of the year before.
  case estimateMinimum
  /// It is rated on the mean that each meter showed over the year before.
  case estimateTrailingMean
}
