/// What a time zone was at every moment: a sorted table of changes of its offset.
///
/// The table is a value, kept with every invoice, so that an old invoice recomputes the same after
/// the zone database has been updated.
package struct ZoneRules: Hashable, Sendable {
  package struct Change: Hashable, Sendable {
    package let secondsSinceEpoch: Int64
    package let offsetSeconds: Int64

    package init(secondsSinceEpoch: Int64, offsetSeconds: Int64) {
      self.secondsSinceEpoch = secondsSinceEpoch
      self.offsetSeconds = offsetSeconds
    }
  }

  package let name: String
  /// The offset east of Greenwich before the first change.
  package let initialOffsetSeconds: Int64
  package let changes: [Change]

  /// `changes` are sorted by time, without two at one time.
  package init(name: String, initialOffsetSeconds: Int64, changes: [Change]) {
    precondition(
      zip(changes, changes.dropFirst()).allSatisfy { $0.secondsSinceEpoch < $1.secondsSinceEpoch },
      "changes of offset are sorted")
    self.name = name
    self.initialOffsetSeconds = initialOffsetSeconds
    self.changes = changes
  }

  package static let utc = ZoneRules(name: "UTC", initialOffsetSeconds: 0, changes: [])

  package func offsetSeconds(at instant: Instant) -> Int64 {
    offsetSeconds(after: indexOfFirstChange(after: instant.secondsSinceEpoch))
  }

  /// The day on the wall there; held inside the years 1 to 9999, as every date is.
  package func date(at instant: Instant) -> CivilDate {
    let local = instant.advanced(bySeconds: offsetSeconds(at: instant))
    return CivilDate(daysSinceEpoch: Int(floorDivide(local.secondsSinceEpoch, by: 86_400)))
  }

  /// The first moment of that day.
  package func startOfDay(_ date: CivilDate) -> Instant { instant(date, secondOfDay: 0) }

  /// When clocks there show that time of that day: where they show it twice, the earlier; where
  /// they jump over it, the moment of the jump.
  package func instant(_ date: CivilDate, secondOfDay: Int) -> Instant {
    let local = Int64(date.daysSinceEpoch) * 86_400 + Int64(secondOfDay)
    // No zone has ever been more than a day from UTC: the stretches around there are enough.
    var index = indexOfFirstChange(after: local - 86_400)
    while true {
      let stretchStart = index == 0 ? Int64.min : changes[index - 1].secondsSinceEpoch
      let stretchEnd = index == changes.count ? Int64.max : changes[index].secondsSinceEpoch
      let candidate = max(local - offsetSeconds(after: index), stretchStart)
      if candidate < stretchEnd { return Instant(clampingSeconds: candidate) }
      index += 1
    }
  }

  /// Every moment at which clocks there show that time of that day, in order: none where they jump
  /// over it, two where they are put back over it.
  package func instants(_ date: CivilDate, secondOfDay: Int) -> [Instant] {
    let local = Int64(date.daysSinceEpoch) * 86_400 + Int64(secondOfDay)
    // As above, the stretches around there are enough.
    let first = indexOfFirstChange(after: local - 86_400)
    let last = indexOfFirstChange(after: local + 86_400)
    return (first...last).compactMap { index in
      let second = local - offsetSeconds(after: index)
      return indexOfFirstChange(after: second) == index ? Instant(clampingSeconds: second) : nil
    }
  }

  /// When the offset changes next; nil where it never does again.
  package func change(after instant: Instant) -> Instant? {
    let index = indexOfFirstChange(after: instant.secondsSinceEpoch)
    return index == changes.count ? nil : Instant(clampingSeconds: changes[index].secondsSinceEpoch)
  }

  /// What the clock there shows: `2013-03-10T00:00:00`.
  package func clock(at instant: Instant) -> String {
    String(instant.advanced(bySeconds: offsetSeconds(at: instant)).description.dropLast())
  }

  private func offsetSeconds(after index: Int) -> Int64 {
    index == 0 ? initialOffsetSeconds : changes[index - 1].offsetSeconds
  }

  /// How many changes happened at or before that second.
  private func indexOfFirstChange(after second: Int64) -> Int {
    changes.indices.partitionPoint { changes[$0].secondsSinceEpoch > second }
  }
}
