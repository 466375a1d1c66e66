package import Base

/// How long a subject was in which state. Each event says in what state its source sees the subject
/// from then on; a source that is not heard again is believed for its heartbeat timeout. Where
/// several sources speak about one moment, the class of the highest priority wins; where none does,
/// the state is unknown.
package struct StateTerms: Hashable, Sendable {
  /// What one state means.
  package struct Rule: Hashable, Sendable {
    package let state: Scalar
    /// Nil where the source has no more to say: a ticket that was closed.
    package let meaning: StateClass?
    /// How long it holds without another word.
    package let holdSeconds: Int

    package init(_ state: Scalar, _ meaning: StateClass?, holdSeconds: Int) {
      self.state = state
      self.meaning = meaning
      self.holdSeconds = holdSeconds
    }
  }

  /// Ten years.
  package static let holdSecondsMax = 3660 * 86_400

  package let pointer: DataPointer
  package let heartbeatTimeoutSeconds: Int
  package let rules: [Rule]
  /// The kinds whose time is the meter's value.
  package let counted: Set<StateClass.Kind>

  package init(
    _ pointer: DataPointer, heartbeatTimeoutSeconds: Int, rules: [Rule],
    counted: Set<StateClass.Kind> = [.up]
  ) {
    self.pointer = pointer
    self.heartbeatTimeoutSeconds = heartbeatTimeoutSeconds
    self.rules = rules
    self.counted = counted
  }

  /// Nothing that was said longer ago says anything now.
  var holdSecondsMax: Int { rules.map(\.holdSeconds).max() ?? 0 }

  /// The place of the rule for what an event says.
  func rule(in data: UnsafeRawBufferPointer) throws(Fault) -> Int {
    let state = pointer.value(in: data).flatMap { Scalar($0) }
    guard let state, let place = rules.firstIndex(where: { $0.state == state }) else {
      throw Fault(.unreadableValue, "knows no such state", at: "/data" + pointer.text)
    }
    return place
  }

  /// The sweep over what all sources said; the samples are those of one subject.
  package func times(
    _ samples: [Sample], _ period: Period, keepingTimeline: Bool = false
  ) -> StateTimes {
    var intervals: [StateInterval] = []
    var conflicts: Int64 = 0
    let streams = Dictionary(grouping: samples, by: \.stream)
    for stream in streams.values {
      let (statements, contradicted) = statements(of: stream)
      conflicts += contradicted.reduce(0) { $0 + (period.contains($1) ? 1 : 0) }
      for (place, said) in statements.enumerated() {
        let rule = rules[said.rule]
        guard let meaning = rule.meaning else { continue }
        let held = said.time.advanced(bySeconds: Int64(rule.holdSeconds))
        let next = place + 1 < statements.count ? statements[place + 1].time : held
        intervals.append(
          StateInterval(Period(start: said.time, end: min(held, next)), meaning))
      }
    }
    let timeline = StateTimeline(intervals, in: period)
    var times = timeline.times
    times.conflicts = conflicts
    if keepingTimeline { times.timelines = [timeline] }
    return times
  }

  /// The samples without which some windows would be others: what was said in them, and what held
  /// already when they began.
  func basis(of samples: [Sample], in windows: [Period]) -> Set<Sample> {
    var basis: Set<Sample> = []
    for stream in Dictionary(grouping: samples, by: \.stream).values {
      let (standing, _) = statements(of: stream)
      for window in windows {
        let inside = Set(stream.filter { window.contains($0) })
        basis.formUnion(inside)
        guard let before = standing.last(where: { $0.time <= window.start }),
          before.time < window.start, rules[before.rule].meaning != nil,
          before.time.advanced(bySeconds: Int64(rules[before.rule].holdSeconds)) > window.start
        else { continue }
        let time = before.time.microsecondsSinceEpoch
        basis.formUnion(stream.filter { $0.time == time })
      }
    }
    return basis
  }

  /// One at each moment: of contradicting ones the class of the highest priority stands, whichever
  /// came first.
  private func statements(
    of stream: [Sample]
  ) -> (standing: [(time: Instant, rule: Int)], contradicted: [Instant]) {
    var standing: [(time: Instant, rule: Int)] = []
    var contradicted: [Instant] = []
    for sample in stream.sorted(by: { $0.time < $1.time }) {
      let time = Instant(microsecondsSinceEpoch: sample.time) ?? .earliest
      let rule = Int(sample.number)
      guard let last = standing.last, last.time == time else {
        standing.append((time, rule))
        continue
      }
      if contradicted.last != time { contradicted.append(time) }
      if rank(rule) < rank(last.rule) { standing[standing.count - 1].rule = rule }
    }
    return (standing, contradicted)
  }

  /// Having nothing to say comes last; then the order of the definition decides.
  private func rank(_ rule: Int) -> Rank {
    Rank(isSilent: rules[rule].meaning == nil, meaning: rules[rule].meaning ?? .unknown, rule: rule)
  }

  private struct Rank: Comparable {
    let isSilent: Bool
    let meaning: StateClass
    let rule: Int

    static func < (left: Rank, right: Rank) -> Bool {
      if left.isSilent != right.isSilent { return right.isSilent }
      return left.meaning != right.meaning ? left.meaning < right.meaning : left.rule < right.rule
    }
  }
}

extension Period {
  fileprivate func contains(_ sample: Sample) -> Bool {
    (start.microsecondsSinceEpoch..<end.microsecondsSinceEpoch).contains(sample.time)
  }
}
