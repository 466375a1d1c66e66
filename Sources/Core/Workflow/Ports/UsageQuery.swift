package import Base
package import Metering
import Rating

/// What a meter shows of some subjects while they count, window by window.
package struct UsageQuery: Hashable, Sendable {
  /// As it serves, or in an older version that counts for a final period.
  package let meter: MeterDefinition
  package let windows: Windows
  package let breakdown: UsageBreakdown?
  package let subjects: [SubjectStretch]
  /// Whether states and levels are given with the times at which they changed.
  package let keepsTimelines: Bool

  package init(
    _ meter: MeterDefinition, _ windows: Windows, of subjects: [SubjectStretch],
    by breakdown: UsageBreakdown? = nil, keepingTimelines keepsTimelines: Bool = false
  ) {
    self.meter = meter
    self.windows = windows
    self.breakdown = breakdown
    self.subjects = subjects
    self.keepsTimelines = keepsTimelines
  }
}

/// The events that a meter counts for some subjects, one by one.
package struct FactQuery: Hashable, Sendable {
  package let meter: MeterDefinition
  package let subjects: [SubjectStretch]

  package init(_ meter: MeterDefinition, of subjects: [SubjectStretch]) {
    self.meter = meter
    self.subjects = subjects
  }
}

/// When a meter last saw something of some subjects before a period, and whether they have spoken
/// of something in it.
package struct SilenceQuery: Hashable, Sendable {
  package let meter: MeterDefinition
  /// Those that are asked about, in the period.
  package let subjects: [SubjectStretch]
  /// The same before the period.
  package let earlier: [SubjectStretch]

  package init(
    _ meter: MeterDefinition, of subjects: [SubjectStretch], since earlier: [SubjectStretch]
  ) {
    self.meter = meter
    self.subjects = subjects
    self.earlier = earlier
  }
}
