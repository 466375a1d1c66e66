package import Base

/// A subject and the stretch of time in which its events count.
package struct SubjectStretch: Hashable, Sendable {
  package let subject: String
  package let period: Period

  package init(_ subject: String, _ period: Period) {
    self.subject = subject
    self.period = period
  }

  /// What of it lies in some times, rising; all of it where none are given.
  package func parts(of times: [Period]?) -> [Period] {
    (times ?? [period]).map { $0.intersection(period) }.filter { !$0.isEmpty }
  }
}
