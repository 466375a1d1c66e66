import Base

/// What one event says to a meter that cannot just add it up. Fields a meter does not go by are
/// zero, so that what is the same to it is equal.
package struct Sample: Hashable, Sendable {
  /// Microseconds since 1970.
  package var time: Int64
  /// Who says it, where several may speak about one subject.
  package var stream: Int64
  /// The number read, in units of the meter; or the place of a rule.
  package var number: Int64
  package var text: [UInt8]

  package init(time: Int64 = 0, stream: Int64 = 0, number: Int64 = 0, text: [UInt8] = []) {
    self.time = time
    self.stream = stream
    self.number = number
    self.text = text
  }
}

extension Sample: Comparable {
  package static func < (left: Sample, right: Sample) -> Bool {
    if left.time != right.time { return left.time < right.time }
    if left.stream != right.stream { return left.stream < right.stream }
    if left.number != right.number { return left.number < right.number }
    return left.text.lexicographicallyPrecedes(right.text)
  }
}
