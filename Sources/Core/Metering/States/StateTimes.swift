package import Base

/// How long each class of state lasted, in microseconds, and how often a source contradicted
/// itself.
package struct StateTimes: Hashable, Sendable {
  package private(set) var microseconds: [StateClass: Int128] = [:]
  /// Moments for which one source gave two states.
  package var conflicts: Int64 = 0
  /// Of each subject and stretch of time by itself, for those who asked for it.
  package var timelines: [StateTimeline] = []

  package init() {}

  package mutating func add(_ period: Period, _ meaning: StateClass) {
    guard !period.isEmpty else { return }
    microseconds[meaning, default: 0] += Int128(period.microseconds)
  }

  package mutating func add(_ other: StateTimes) {
    for (meaning, more) in other.microseconds { microseconds[meaning, default: 0] += more }
    conflicts += other.conflicts
    timelines += other.timelines
  }

  package subscript(_ kind: StateClass.Kind) -> Int128 {
    microseconds.reduce(0) { $0 + ($1.key.kind == kind ? $1.value : 0) }
  }

  package var total: Int128 { microseconds.values.reduce(0, +) }
  package var known: Int128 { total - self[.unknown] }
}
