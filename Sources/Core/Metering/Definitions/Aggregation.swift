package import Base

extension MeterDefinition {
  /// The kinds of aggregation, by their names in a definition.
  package enum Kind: String, CaseIterable, Sendable {
    case count, sum, mean, min, max, latest, percentile, uniqueCount, timeWeightedSum, duration
    case stateTime, register
  }

  package enum Aggregation: Hashable, Sendable {
    /// How many events there were.
    case count
    case sum(NumberTerms)
    case mean(NumberTerms)
    case minimum(NumberTerms)
    case maximum(NumberTerms)
    /// The number of the last event; of several at one moment the greatest.
    case latest(NumberTerms)
    case percentile(PercentileTerms)
    case uniqueCount(UniqueTerms)
    case timeWeightedSum(TimeWeightedTerms)
    case duration(DurationTerms)
    case stateTime(StateTerms)
    case register(RegisterTerms)
  }

  /// Which samples from before a period say something about it.
  package enum Memory: Hashable, Sendable {
    /// The last one of the subject and group.
    case last
    /// All that lie so little before it.
    case within(seconds: Int)
    /// Every one there is.
    case all
  }
}

extension MeterDefinition.Aggregation {
  /// How it reads a number out of each event; nil where it reads something else.
  package var number: NumberTerms? {
    switch self {
    case .sum(let terms), .mean(let terms), .minimum(let terms), .maximum(let terms),
      .latest(let terms):
      terms
    case .percentile(let terms): terms.number
    case .timeWeightedSum(let terms): terms.number
    case .register(let terms): terms.number
    case .count, .uniqueCount, .duration, .stateTime: nil
    }
  }

  /// Which samples matter; nil where adding up is enough.
  package var sampleRule: SampleSet.Rule? {
    switch self {
    case .count, .sum, .mean, .percentile, .duration: nil
    case .minimum: .least
    case .maximum: .greatest
    case .latest: .latest
    case .uniqueCount, .timeWeightedSum, .stateTime, .register: .all
    }
  }

  /// Whether what an asset showed in two hours is the sum of what it showed in each.
  package var addsUp: Bool {
    switch self {
    case .count, .sum, .duration: true
    case .mean, .minimum, .maximum, .latest, .percentile, .uniqueCount, .timeWeightedSum,
      .stateTime, .register:
      false
    }
  }

  /// Nil where a sample matters at its own moment only.
  package var memory: MeterDefinition.Memory? {
    switch self {
    case .timeWeightedSum: .last
    case .stateTime(let terms): .within(seconds: terms.holdSecondsMax)
    case .register: .all
    default: nil
    }
  }

  /// How far an event may reach back before its own time.
  package var reachSeconds: Int {
    guard case .duration(let terms) = self else { return 0 }
    return terms.longestSeconds
  }

  /// The time in which an event may lie that says something about a period: what ended later may
  /// have begun before.
  package func reach(of period: Period) -> Period {
    Period(start: period.start, end: period.end.advanced(bySeconds: Int64(reachSeconds)))
  }

  var kind: MeterDefinition.Kind {
    switch self {
    case .count: .count
    case .sum: .sum
    case .mean: .mean
    case .minimum: .min
    case .maximum: .max
    case .latest: .latest
    case .percentile: .percentile
    case .uniqueCount: .uniqueCount
    case .timeWeightedSum: .timeWeightedSum
    case .duration: .duration
    case .stateTime: .stateTime
    case .register: .register
    }
  }

  init?(_ kind: MeterDefinition.Kind, _ fields: inout FieldReader) {
    let read: Self? =
      switch kind {
      case .count: .count
      case .sum: NumberTerms(&fields).map(Self.sum)
      case .mean: NumberTerms(&fields).map(Self.mean)
      case .min: NumberTerms(&fields).map(Self.minimum)
      case .max: NumberTerms(&fields).map(Self.maximum)
      case .latest: NumberTerms(&fields).map(Self.latest)
      case .percentile: PercentileTerms(&fields).map(Self.percentile)
      case .uniqueCount: UniqueTerms(&fields).map(Self.uniqueCount)
      case .timeWeightedSum: TimeWeightedTerms(&fields).map(Self.timeWeightedSum)
      case .duration: DurationTerms(&fields).map(Self.duration)
      case .stateTime: StateTerms(&fields).map(Self.stateTime)
      case .register: RegisterTerms(&fields).map(Self.register)
      }
    guard let read else { return nil }
    self = read
  }

  var members: [JSON.Member] {
    switch self {
    case .count: []
    case .sum(let terms), .mean(let terms), .minimum(let terms), .maximum(let terms),
      .latest(let terms):
      terms.members
    case .percentile(let terms): terms.members
    case .uniqueCount(let terms): terms.members
    case .timeWeightedSum(let terms): terms.members
    case .duration(let terms): terms.members
    case .stateTime(let terms): terms.members
    case .register(let terms): terms.members
    }
  }
}
