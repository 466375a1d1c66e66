package import Base

/// A value co-creation score, or how far its evidence goes where there is none.
package struct ScoreView: Sendable {
  /// The share of a side's weight that must be observed before there is a number, in per cent:
  /// the coverage threshold of the policy `vcs-1`.
  static let coverageNeededPercent = 60

  /// Nil where the score is not determinable: that is not a score of zero.
  package let composite: Composite?
  /// Shares of a side's weight that are observed, 0 to 1.
  package let customerCoverage: Fixed
  package let providerCoverage: Fixed
  /// The names of the dimensions that are not observed.
  package let missing: [String]

  package init(
    composite: Composite?, customerCoverage: Fixed, providerCoverage: Fixed, missing: [String]
  ) {
    self.composite = composite
    self.customerCoverage = customerCoverage
    self.providerCoverage = providerCoverage
    self.missing = missing
  }
}

extension ScoreView {
  /// The score and its two sides, in points of 100.
  package struct Composite: Sendable {
    package let points: Fixed
    package let customer: Fixed
    package let provider: Fixed
    package let quadrant: Quadrant

    package init(points: Fixed, customer: Fixed, provider: Fixed, quadrant: Quadrant) {
      self.points = points
      self.customer = customer
      self.provider = provider
      self.quadrant = quadrant
    }
  }

  package enum Quadrant: String, CaseIterable, Sendable {
    case mutual
    case providerFunded = "provider-funded"
    case extractive
    case dormant

    /// What it means, for a reader who meets the word for the first time.
    var meaning: String {
      switch self {
      case .mutual: "both sides have value in use"
      case .providerFunded: "the customer has value in use, the provider has little"
      case .extractive: "the provider has value in use, the customer has little"
      case .dormant: "neither side has much value in use"
      }
    }
  }
}
