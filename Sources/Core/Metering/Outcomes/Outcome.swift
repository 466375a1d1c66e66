package import Base

/// How long an outcome may be confirmed or rejected, and how long reversed after that.
package struct OutcomeWindows: Hashable, Sendable {
  package let confirmSeconds: Int64
  package let reverseSeconds: Int64

  package init(confirmSeconds: Int64, reverseSeconds: Int64) {
    self.confirmSeconds = confirmSeconds
    self.reverseSeconds = reverseSeconds
  }
}

/// One outcome from its claim on.
///
///     pending -> confirmed | assumed | rejected      confirmed | assumed -> reversed
///
/// It is assumed at the moment at which its window ends in silence. A dispute stops the clock of
/// the state it meets; once resolved, the outcome is in that state again, with the time it had
/// left. What comes too late, or does not fit the state, has no effect. Source: domain rule G6.
package struct Outcome: Hashable, Sendable {
  /// A state, and the moment at which it began.
  package struct Standing: Hashable, Sendable {
    package let state: OutcomeState
    package let since: Instant
  }

  package let claim: OutcomeEvent
  /// Ascending; the first is pending.
  package private(set) var history: [Standing]
  /// Events about it that changed nothing.
  package private(set) var withoutEffect: [OutcomeEvent] = []
  /// When the window of its state ends; nil where none is open, or where the clock stands still.
  package private(set) var windowEnd: Instant?

  private let windows: OutcomeWindows
  private var interrupted: Interruption?

  /// What a dispute interrupted, and how much of its window was left.
  private struct Interruption: Hashable {
    let state: OutcomeState
    let microseconds: Int64
  }

  init(_ claim: OutcomeEvent, _ windows: OutcomeWindows) {
    self.claim = claim
    self.windows = windows
    history = [Standing(state: .pending, since: claim.occurred)]
    windowEnd = claim.occurred.advanced(bySeconds: windows.confirmSeconds)
  }

  package var key: OutcomeKey { claim.outcome }
  package var standing: Standing { history[history.count - 1] }

  /// When and as what it first became billable; nil where it never did.
  package var billable: Standing? { history.first { $0.state.isBillable } }

  package var reversed: Instant? { standing.state == .reversed ? standing.since : nil }

  /// Whether something said of it at that moment, and no sooner than all else, would change it.
  package func allows(_ transition: OutcomeTransition, at moment: Instant) -> Bool {
    var after = self
    after.pass(to: moment)
    let count = after.history.count
    after.take(transition, at: moment)
    return after.history.count > count
  }

  /// Lets time go by: silence is an answer.
  mutating func pass(to moment: Instant) {
    guard standing.state == .pending, let end = windowEnd, end <= moment else { return }
    enter(.assumed, at: end)
  }

  mutating func take(_ event: OutcomeEvent) {
    pass(to: event.occurred)
    let count = history.count
    take(event.transition, at: event.occurred)
    if history.count == count { withoutEffect.append(event) }
  }

  private mutating func take(_ transition: OutcomeTransition, at moment: Instant) {
    let isOpen = windowEnd.map { moment < $0 } ?? false
    switch (standing.state, transition) {
    case (.pending, .confirm): enter(.confirmed, at: moment)
    case (.pending, .reject): enter(.rejected, at: moment)
    case (.confirmed, .reverse) where isOpen, (.assumed, .reverse) where isOpen:
      enter(.reversed, at: moment)
    case (.pending, .dispute),
      (.confirmed, .dispute) where isOpen,
      (.assumed, .dispute) where isOpen:
      interrupt(at: moment)
    case (.disputed, .resolve): resume(at: moment)
    case (.disputed, .confirm) where interrupted?.state == .pending: enter(.confirmed, at: moment)
    case (.disputed, .reject) where interrupted?.state == .pending: enter(.rejected, at: moment)
    case (.disputed, .reverse) where interrupted?.state.isBillable ?? false:
      enter(.reversed, at: moment)
    default: break
    }
  }

  private mutating func enter(_ state: OutcomeState, at moment: Instant) {
    history.append(Standing(state: state, since: moment))
    interrupted = nil
    windowEnd = state.isBillable ? moment.advanced(bySeconds: windows.reverseSeconds) : nil
  }

  private mutating func interrupt(at moment: Instant) {
    let end = windowEnd ?? moment
    interrupted = Interruption(
      state: standing.state,
      microseconds: end.microsecondsSinceEpoch - moment.microsecondsSinceEpoch)
    windowEnd = nil
    history.append(Standing(state: .disputed, since: moment))
  }

  private mutating func resume(at moment: Instant) {
    guard let former = interrupted else { return }
    interrupted = nil
    // A window is at most ten years long, and an instant far from the end of its range.
    windowEnd =
      Instant(microsecondsSinceEpoch: moment.microsecondsSinceEpoch + former.microseconds)
      ?? .latest
    history.append(Standing(state: former.state, since: moment))
  }
}
