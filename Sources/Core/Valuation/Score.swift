package import Base

/// One customer's value co-creation score under the policy `vcs-1`, with everything that explains
/// it.
///
/// It is a function of this customer's observations alone: no other customer moves it.
package struct Score: Hashable, Sendable {
  package static let policy = "vcs-1"
  /// How much one-sidedness costs, from 0 (nothing) to 1 (only the weaker side counts).
  package static let lambdaAgreed = try! Ratio(1, over: 2)

  package let lambda: Ratio
  /// One for every observed dimension, and none for the others.
  package let readings: [Dimension: Reading]
  /// The share of each side's weight that is observed, to 4 places, exact.
  package let customerCoverage: Fixed
  package let providerCoverage: Fixed
  /// How far the evidence goes towards what is enough, weighted over all ten dimensions; 4 places.
  package let confidence: Fixed
  /// The figures; nil where the evidence is insufficient, for then there is no number to rank by.
  package let composite: Composite?

  /// `lambda` is 0...1; anything else is an `invalidValue`.
  package static func of(
    _ observations: [Dimension: Observation], lambda: Ratio = lambdaAgreed
  ) throws(Fault) -> Score {
    guard (Ratio.zero...Ratio.one).contains(lambda) else {
      throw Fault(.invalidValue, "lambda, the price of one-sidedness, is between 0 and 1")
    }
    var readings: [Dimension: Reading] = [:]
    for (dimension, observation) in observations {
      readings[dimension] = try Reading(observation, of: dimension)
    }
    let coverage = { (side: Side) in
      Weights.agreed.coverageBasisPoints(of: side, by: observations.keys)
    }
    let covered = Side.allCases.allSatisfy { coverage($0) >= coverageBasisPointsMin }
    return Score(
      lambda: lambda,
      readings: readings,
      customerCoverage: Fixed(units: Int128(coverage(.customer)), places: 4),
      providerCoverage: Fixed(units: Int128(coverage(.provider)), places: 4),
      confidence: try confidence(in: observations),
      composite: covered ? try Composite(readings, lambda: lambda) : nil)
  }

  private static let coverageBasisPointsMin = 6000

  /// `sum(w min(1, n_i / N_i)) / sum(w)`. An unobserved dimension has no evidence, so that cutting
  /// off a thinly evidenced channel never makes a score look more certain.
  private static func confidence(
    in observations: [Dimension: Observation]
  ) throws(Fault) -> Fixed {
    var (trusted, whole) = (Ratio.zero, Ratio.zero)
    for dimension in Dimension.allCases {
      let weight = Ratio(Int128(dimension.weight))
      let enough = dimension.evidenceCountEnough
      let count = min(observations[dimension]?.evidenceCount ?? 0, enough)
      trusted = try trusted + weight * Ratio(Int128(count), over: Int128(enough))
      whole = try whole + weight
    }
    return try (trusted / whole).rounded(to: 4)
  }
}

extension Score {
  /// One observed dimension.
  package struct Reading: Hashable, Sendable {
    /// The raw measure to 9 places; `position` comes from the exact one.
    package let measure: Fixed
    /// `n`: where it stands between the goalposts, in thousandths of a point, 0...100000.
    package let position: Int
    package let evidenceCount: Int

    init(_ observation: Observation, of dimension: Dimension) throws(Fault) {
      measure = try observation.measure.rounded(to: 9)
      position = try dimension.goalposts.position(of: observation.measure)
      evidenceCount = observation.evidenceCount
    }

    package var points: Fixed { Fixed(units: Int128(position), places: 3) }
  }

  /// What a part of the score is attributed to.
  package enum Line: Hashable, Sendable {
    case dimension(Dimension)
    case balance
    case gate

    package var id: String {
      switch self {
      case .dimension(let dimension): dimension.id
      case .balance: "balance"
      case .gate: "gate"
      }
    }
  }

  package struct Contribution: Hashable, Sendable {
    package let line: Line
    package let points: Fixed
  }

  /// The score and its two sides, all to 3 places.
  package struct Composite: Hashable, Sendable {
    package let points: Fixed
    package let customer: Fixed
    package let provider: Fixed
    package let quadrant: Quadrant
    /// In the order of the table: observed dimensions, balance, and the gate where it takes
    /// something. They add up to `points` exactly.
    package let contributions: [Contribution]

    init(_ readings: [Dimension: Reading], lambda: Ratio) throws(Fault) {
      let balance = Balance(readings.mapValues(\.position))
      guard let balance else { preconditionFailure("a covered side has an observed dimension") }
      let (lines, exact) = try Composite.lines(of: balance, lambda: lambda)
      let thousandths = try apportioned(exact)
      contributions = zip(lines, thousandths).map { line, units in
        Contribution(line: line, points: Fixed(units: units, places: 3))
      }
      points = Fixed(units: thousandths.reduce(0, +), places: 3)
      let (customer, provider) = (try balance.mean(of: .customer), try balance.mean(of: .provider))
      self.customer = Fixed(units: try customer.rounded(to: 0).units, places: 3)
      self.provider = Fixed(units: try provider.rounded(to: 0).units, places: 3)
      quadrant = Quadrant(customer: customer, provider: provider)
    }

    package func contribution(of line: Line) -> Fixed? {
      contributions.first { $0.line == line }?.points
    }

    private static func lines(
      of balance: Balance, lambda: Ratio
    ) throws(Fault) -> (lines: [Line], exact: [Ratio]) {
      var (lines, exact): ([Line], [Ratio]) = ([], [])
      for dimension in Dimension.allCases {
        guard let part = try balance.contribution(of: dimension) else { continue }
        lines.append(.dimension(dimension))
        exact.append(part)
      }
      lines.append(.balance)
      exact.append(try balance.balanceLine(lambda: lambda))
      if let gate = try balance.gateLine(lambda: lambda) {
        lines.append(.gate)
        exact.append(gate)
      }
      return (lines, exact)
    }
  }
}
