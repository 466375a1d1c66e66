/// Where a meter keeps its running value: one UTC hour of one subject.
package struct Bucket: Hashable, Sendable {
  package let meter: Int64
  package let subject: Int64
  /// Hours since 1970-01-01T00:00Z.
  package let hour: Int64

  package init(meter: Int64, subject: Int64, hour: Int64) {
    self.meter = meter
    self.subject = subject
    self.hour = hour
  }

  /// One word instead of three: this is done for every event and meter. The numbers are the
  /// database's, small and out of anybody's hands.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(subject &* 0x1_0000_01B3 ^ hour &* 0x9E37_79B9 ^ meter << 48)
  }
}
