package import Base

/// The raw measure of one dimension of one customer, and how much evidence it rests on.
///
/// A dimension nobody could observe has no observation at all: it is absent, never zero. A
/// connected channel without events is an observed zero: a measure of zero with an evidence count
/// of zero.
package struct Observation: Hashable, Sendable {
  package let measure: Ratio
  package let evidenceCount: Int

  package init(_ measure: Ratio, evidenceCount: Int) {
    precondition(evidenceCount >= 0, "evidence is counted from zero")
    self.measure = measure
    self.evidenceCount = evidenceCount
  }

  /// The measure of `experience`: seven satisfied customers in ten are assumed before the first
  /// answer, so that two happy answers do not make a perfect score.
  package static func experience(
    satisfied: Int, answers: Int
  ) throws(Fault) -> Observation {
    guard answers >= 0, (0...answers).contains(satisfied), answers <= Int(Int32.max) else {
      throw Fault(.invalidValue, "\(satisfied) satisfied of \(answers) answers cannot be")
    }
    return Observation(
      try Ratio(Int128(satisfied + 7), over: Int128(answers + 10)), evidenceCount: answers)
  }
}
