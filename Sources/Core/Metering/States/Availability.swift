package import Base
package import Contracts

/// The share of the time that counts in which a subject was available, exactly (domain rules, G4):
/// `elig = T - excused - unknown`, `A = (elig - down - sum(q * degraded)) / elig`.
package struct Availability: Hashable, Sendable {
  /// In microseconds, like all of these.
  package let excused: Int128
  package let unknown: Int128
  package let eligible: Int128
  package let downEquivalent: Ratio
  package let total: Int128

  /// The share of the time of which anything is known; nil of no time at all.
  package var coverage: Ratio? {
    get throws(Fault) { total == 0 ? nil : try Ratio(total - unknown, over: total) }
  }

  /// Nil where no time is eligible: nothing can be said then.
  package var share: Ratio? {
    get throws(Fault) {
      eligible == 0 ? nil : try (Ratio(eligible) - downEquivalent) / Ratio(eligible)
    }
  }

  /// Planned time beyond its quota is down.
  package init(
    _ times: StateTimes, plannedQuotaSeconds: Int64? = nil,
    unknownPolicy: UnknownPolicy = .exclude
  ) throws(Fault) {
    let planned = times[.planned]
    let granted = min(planned, plannedQuotaSeconds.map { Int128($0) * 1_000_000 } ?? planned)
    excused = times[.forceMajeure] + times[.customerCaused] + granted
    unknown = times[.unknown]
    eligible = times.total - excused - (unknownPolicy == .exclude ? unknown : 0)
    var down = Ratio(times[.down] + planned - granted)
    if unknownPolicy == .down { down = try down + Ratio(unknown) }
    for (meaning, time) in times.microseconds where meaning.kind == .degraded {
      down = try down + meaning.loss * Ratio(time)
    }
    downEquivalent = down
    total = times.total
  }

  /// Nothing yet.
  package init() { self.init(excused: 0, unknown: 0, eligible: 0, downEquivalent: .zero, total: 0) }

  /// Of a fleet: the times add up, and their sums are divided.
  package static func + (left: Availability, right: Availability) throws(Fault) -> Availability {
    Availability(
      excused: left.excused + right.excused, unknown: left.unknown + right.unknown,
      eligible: left.eligible + right.eligible,
      downEquivalent: try left.downEquivalent + right.downEquivalent,
      total: left.total + right.total)
  }

  private init(
    excused: Int128, unknown: Int128, eligible: Int128, downEquivalent: Ratio, total: Int128
  ) {
    self.excused = excused
    self.unknown = unknown
    self.eligible = eligible
    self.downEquivalent = downEquivalent
    self.total = total
  }
}
