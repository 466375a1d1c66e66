package import Base

/// The share of the time that counts in which a subject was available, exactly (domain rules, G4):
/// `elig = T - excused - unknown`, `A = (elig - down - sum(q * degraded)) / elig`.
package struct Availability: Hashable, Sendable {
  /// What is made of the time nobody knows about.
  package enum UnknownPolicy: String, CaseIterable, Sendable {
    case exclude, down, up
  }

  /// In microseconds, like all of these.
  package let excused: Int128
  package let unknown: Int128
  package let eligible: Int128
  package let downEquivalent: Ratio
  /// The share of the time of which anything is known; nil of no time at all.
  package let coverage: Ratio?

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
    coverage = times.total == 0 ? nil : try Ratio(times.known, over: times.total)
  }
}
