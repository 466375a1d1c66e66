package import Base

/// A stretch of time in one class of state.
package struct StateInterval: Hashable, Sendable {
  package let period: Period
  package let meaning: StateClass

  package init(_ period: Period, _ meaning: StateClass) {
    self.period = period
    self.meaning = meaning
  }
}

/// What a subject was in at every moment of a window: the sweep over all that was said of it
/// (domain rules, G4).
package struct StateTimeline: Hashable, Sendable {
  /// One behind the other without gaps, neighbours of different classes.
  package let intervals: [StateInterval]

  /// At every moment the class of the highest priority wins; what nobody speaks of is unknown.
  package init(_ spoken: [StateInterval], in window: Period) {
    var turns: [Turn] = []
    for interval in spoken {
      let part = interval.period.intersection(window)
      guard window.contains(part.start), !part.isEmpty else { continue }
      turns.append(Turn(at: part.start, meaning: interval.meaning, step: 1))
      turns.append(Turn(at: part.end, meaning: interval.meaning, step: -1))
    }
    turns.sort { $0.at < $1.at }
    var speaking: [StateClass: Int] = [:]
    var list = IntervalList()
    var position = window.start
    for turn in turns {
      list.append(Period(start: position, end: turn.at), speaking.keys.min() ?? .unknown)
      position = turn.at
      let count = speaking[turn.meaning, default: 0] + turn.step
      speaking[turn.meaning] = count == 0 ? nil : count
    }
    list.append(Period(start: position, end: window.end), .unknown)
    intervals = list.intervals
  }

  private init(_ list: IntervalList) { intervals = list.intervals }

  /// The same, where outages that end sooner are no outages.
  package func ignoringOutages(shorterThanSeconds seconds: Int64) -> StateTimeline {
    ignoringOutages { $0.start.advanced(bySeconds: seconds) > $0.end }
  }

  /// The same, where outages that were over within that time are none; a longer one counts from
  /// its start.
  package func ignoringOutages(rectifiedWithinSeconds seconds: Int64) -> StateTimeline {
    ignoringOutages { $0.start.advanced(bySeconds: seconds) >= $0.end }
  }

  private func ignoringOutages(where isIgnored: (Period) -> Bool) -> StateTimeline {
    var list = IntervalList()
    for interval in intervals {
      let isOutage = interval.meaning.kind == .down
      list.append(
        interval.period,
        isOutage && isIgnored(interval.period) ? StateClass(.up) : interval.meaning)
    }
    return StateTimeline(list)
  }

  /// How long each class lasted within those periods, which rise and do not overlap.
  package func times(in periods: [Period]) -> StateTimes {
    var times = StateTimes()
    var first = 0
    for period in periods {
      while first < intervals.count, intervals[first].period.end <= period.start { first += 1 }
      for interval in intervals[first...].prefix(while: { $0.period.start < period.end }) {
        times.add(interval.period.intersection(period), interval.meaning)
      }
    }
    return times
  }

  package var times: StateTimes {
    var times = StateTimes()
    for interval in intervals { times.add(interval.period, interval.meaning) }
    return times
  }
}

private struct Turn {
  let at: Instant
  let meaning: StateClass
  let step: Int
}

/// Intervals as they are appended: empty ones are left out, equal neighbours become one.
private struct IntervalList {
  private(set) var intervals: [StateInterval] = []

  mutating func append(_ period: Period, _ meaning: StateClass) {
    guard !period.isEmpty else { return }
    if let last = intervals.last, last.meaning == meaning {
      intervals[intervals.count - 1] = StateInterval(
        Period(start: last.period.start, end: period.end), meaning)
    } else {
      intervals.append(StateInterval(period, meaning))
    }
  }
}
