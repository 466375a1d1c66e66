package import Base

/// Who of the two has value in use: each side is high from 60 points on.
package enum Quadrant: String, CaseIterable, Sendable {
  case mutual
  case providerFunded = "provider-funded"
  case extractive
  case dormant

  /// The sides are in thousandths of a point, and exact: a side at 59.9996 is printed as 60 but
  /// low.
  package init(customer: Ratio, provider: Ratio) {
    let high = Ratio(60_000)
    switch (customer >= high, provider >= high) {
    case (true, true): self = .mutual
    case (true, false): self = .providerFunded
    case (false, true): self = .extractive
    case (false, false): self = .dormant
    }
  }
}
