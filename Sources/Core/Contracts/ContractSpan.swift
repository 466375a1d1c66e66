package import Base

/// Months of a contract that are judged together, one such stretch behind the other from the month
/// in which the contract began.
package enum ContractSpan: String, CaseIterable, Sendable {
  case month, quarter, halfYear, year

  package var monthCount: Int {
    switch self {
    case .month: 1
    case .quarter: 3
    case .halfYear: 6
    case .year: 12
    }
  }

  /// The stretch that holds a month; `start` is the first month of the contract. A month before
  /// the contract is a stretch by itself.
  package func months(
    holding month: BillingMonth, since start: BillingMonth
  ) -> ClosedRange<BillingMonth> {
    let passed = (month.year - start.year) * 12 + month.month - start.month
    guard passed >= 0 else { return month...month }
    let first = month.advanced(by: -(passed % monthCount))
    return first...first.advanced(by: monthCount - 1)
  }
}
