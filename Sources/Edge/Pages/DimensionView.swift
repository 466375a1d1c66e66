package import Base

/// One dimension of the score: where it stands, or what it takes to observe it.
package struct DimensionView: Sendable {
  package enum Side: String, CaseIterable, Sendable {
    case customer, provider
  }

  /// What was observed.
  package struct Reading: Sendable {
    /// The raw measure in words: `0.88 of planned hours used`.
    package let measure: String
    /// Where it stands between the goalposts, 0 to 100.
    package let points: Fixed

    package init(measure: String, points: Fixed) {
      self.measure = measure
      self.points = points
    }
  }

  /// `C3`.
  package let id: String
  package let name: String
  package let side: Side
  /// Nil where the dimension is not observed.
  package let reading: Reading?
  /// What it takes to observe it: `usage events`.
  package let evidence: String

  package init(id: String, name: String, side: Side, reading: Reading?, evidence: String) {
    self.id = id
    self.name = name
    self.side = side
    self.reading = reading
    self.evidence = evidence
  }
}
