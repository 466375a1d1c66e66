package import Base

/// What a clause found beside its lines, such as an availability, for clauses that name it.
package struct MeasuredResult: Hashable, Sendable {
  /// Nil where too little is known to say it.
  package let value: Ratio?
  /// `%` or a unit of time, for people.
  package let unit: String
  /// The share of the time that is known.
  package let coverage: Ratio
  /// What the value is a mean over, such as the hours that count: means of findings weigh by it.
  package let weight: Ratio

  package init(_ value: Ratio?, unit: String, coverage: Ratio = .one, weight: Ratio = .one) {
    self.value = value
    self.unit = unit
    self.coverage = coverage
    self.weight = weight
  }

  /// sum(weight * value) / sum(weight) over those that have a value, so that a mean of
  /// availabilities is that of all their hours; nil of no findings at all.
  init?(meanOf findings: [MeasuredResult]) throws(Fault) {
    guard let first = findings.first else { return nil }
    var (sum, weight, coverage) = (Ratio.zero, Ratio.zero, Ratio.zero)
    for finding in findings {
      coverage = try coverage + finding.coverage / Ratio(Int128(findings.count))
      guard let value = finding.value else { continue }
      sum = try sum + value * finding.weight
      weight = try weight + finding.weight
    }
    self.init(
      weight == .zero ? nil : try sum / weight, unit: first.unit, coverage: coverage,
      weight: weight)
  }
}
