package import Base

/// Whom the value of a dimension goes to.
package enum Side: String, CaseIterable, Sendable {
  case customer, provider

  package var dimensions: [Dimension] { Dimension.allCases.filter { $0.side == self } }
}

/// The ten dimensions of the policy `vcs-1`, in the order every table lists them.
///
/// Goalposts are fixed by the policy and never taken from the customers at hand, so that a new
/// customer moves nobody else.
package enum Dimension: String, CaseIterable, Sendable {
  case outcomeAttainment = "C1"
  case commitmentsKept = "C2"
  case valueInUse = "C3"
  case experience = "C4"
  case recoveryAndParity = "C5"
  case economic = "P1"
  case knowledge = "P2"
  case relationship = "P3"
  case advocacy = "P4"
  case coProduction = "P5"

  package var id: String { rawValue }
  package var name: String { terms.name }
  package var side: Side { rawValue.hasPrefix("C") ? .customer : .provider }
  /// In basis points of its side; a side's weights add up to 10,000.
  package var weight: Int { terms.weight }
  package var goalposts: Goalposts { terms.goalposts }
  /// What the raw measure is, in words.
  package var measure: String { terms.measure }
  /// What it takes to observe this dimension, in words.
  package var evidence: String { terms.evidence }
  /// How many pieces of evidence make it fully trusted. The policy names no figure; these are the
  /// product's: many where evidence is a stream, few where one event is a decision of people.
  package var evidenceCountEnough: Int { terms.evidenceCountEnough }

  /// How its points fade; nil where the measure is a share, not points.
  package var decay: Decay? {
    switch self {
    case .knowledge, .advocacy: .halfLife180Days
    case .relationship: .halfLife365Days
    default: nil
    }
  }
}

/// The ends of a raw measure: at `low` or below a dimension is worth 0, at `high` or above 100.
package struct Goalposts: Hashable, Sendable {
  package let low: Fixed
  package let high: Fixed

  package init(low: Fixed, high: Fixed) {
    precondition(
      low.places == high.places && low.units < high.units, "goalposts are apart, in one unit")
    self.low = low
    self.high = high
  }

  /// Where `measure` stands between the posts, in thousandths of a point, 0...100000.
  package func position(of measure: Ratio) throws(Fault) -> Int {
    let (low, high) = (try low.ratio, try high.ratio)
    // Clamped before anything is computed, so that a measure far out cannot overflow.
    let share = try (measure.clamped(to: low...high) - low) / (high - low)
    return Int(try (share * Ratio(100_000)).rounded(to: 0).units)
  }
}

extension Dimension {
  private struct Terms {
    let name: String
    let weight: Int
    let measure: String
    let goalposts: Goalposts
    let evidence: String
    let evidenceCountEnough: Int

    init(
      _ name: String, weight: Int, _ measure: String, _ range: ClosedRange<Int128>, places: Int,
      evidence: String, enough evidenceCountEnough: Int
    ) {
      self.name = name
      self.weight = weight
      self.measure = measure
      self.goalposts = Goalposts(
        low: Fixed(units: range.lowerBound, places: places),
        high: Fixed(units: range.upperBound, places: places))
      self.evidence = evidence
      self.evidenceCountEnough = evidenceCountEnough
    }
  }

  private var terms: Terms {
    switch self {
    case .outcomeAttainment:
      Terms(
        "outcome attainment", weight: 3500, "confirmed / contracted outcomes", 60...100, places: 2,
        evidence: "outcome events", enough: 30)
    case .commitmentsKept:
      Terms(
        "commitments kept", weight: 2500, "commitments (or availability) kept", 950...995,
        places: 3, evidence: "state and commitment events", enough: 30)
    case .valueInUse:
      Terms(
        "value in use", weight: 2000, "used / planned hours", 30...100, places: 2,
        evidence: "usage events", enough: 30)
    case .experience:
      Terms(
        "experience", weight: 1000, "(satisfied + 7) / (answers + 10)", 50...95, places: 2,
        evidence: "survey touchpoints", enough: 10)
    case .recoveryAndParity:
      Terms(
        "recovery and parity", weight: 1000,
        "share solved at first contact in the chosen channel", 50...95, places: 2,
        evidence: "case touchpoints", enough: 10)
    default: providerTerms
    }
  }

  private var providerTerms: Terms {
    switch self {
    case .economic:
      Terms(
        "economic", weight: 3500, "net paid on time / plan", 50...100, places: 2,
        evidence: "invoices, payments", enough: 3)
    case .knowledge:
      Terms(
        "knowledge", weight: 2000, "decayed points, half-life 180 days", 0...50, places: 0,
        evidence: "validated reports, shared data", enough: 3)
    case .relationship:
      Terms(
        "relationship", weight: 2000, "decayed points, half-life 365 days", 0...40, places: 0,
        evidence: "renewal, expansion, joint work", enough: 2)
    case .advocacy:
      Terms(
        "advocacy and referral", weight: 1500, "decayed points, half-life 180 days", 0...30,
        places: 0, evidence: "closed referrals, references", enough: 2)
    case .coProduction:
      Terms(
        "co-production", weight: 1000, "customer's own tasks and reports on time", 40...100,
        places: 2, evidence: "co-creation events", enough: 5)
    default: preconditionFailure("the customer's dimensions are told apart before")
    }
  }
}
