package import Base

extension Score {
  /// The score as both parties read it. All ten dimensions are listed; without enough evidence
  /// there is no `score` at all, but what was observed is still shown.
  package var json: JSON {
    .object([
      "policy": .string(Score.policy),
      "state": composite == nil ? "insufficient-evidence" : "scored",
      "score": composite.map { .decimal($0.points) },
      "customer": composite.map { .decimal($0.customer) },
      "provider": composite.map { .decimal($0.provider) },
      "quadrant": composite.map { .string($0.quadrant.rawValue) },
      "lambda": .text(lambda),
      "coverage": [
        "customer": .decimal(customerCoverage),
        "provider": .decimal(providerCoverage),
      ],
      "confidence": .decimal(confidence),
      "dimensions": .array(Dimension.allCases.map(json(of:))),
      "contributions": composite.map { .array($0.contributions.map(\.json)) },
    ])
  }

  private func json(of dimension: Dimension) -> JSON {
    let reading = readings[dimension]
    return .object([
      "id": .string(dimension.id),
      "name": .string(dimension.name),
      "side": .string(dimension.side.rawValue),
      "weightBasisPoints": .integer(dimension.weight),
      "measureOf": .string(dimension.measure),
      "goalposts": [
        "low": .decimal(dimension.goalposts.low),
        "high": .decimal(dimension.goalposts.high),
      ],
      "observed": .bool(reading != nil),
      "measure": reading.map { .decimal($0.measure) },
      "points": reading.map { .decimal($0.points) },
      "evidenceCount": reading.map { .integer($0.evidenceCount) },
      "evidenceCountEnough": .integer(dimension.evidenceCountEnough),
      "evidenceNeeded": reading == nil ? .string(dimension.evidence) : nil,
    ])
  }
}

extension Score.Contribution {
  fileprivate var json: JSON { ["line": .string(line.id), "points": .decimal(points)] }
}
