package import Base

/// Where every outcome stands at a moment, folded from all that was said about them.
///
/// The fold goes by the time at which things happened: in whatever order events come, however often
/// and however late, the ledger is the same. What happens after a moment changes nothing before it.
package struct OutcomeLedger: Hashable, Sendable {
  /// In the order of their claims.
  package let outcomes: [Outcome]
  /// Events about outcomes that nobody has claimed.
  package let unclaimed: [OutcomeEvent]

  /// Everything that happened up to `moment`, that included. `windows` are those agreed on when an
  /// outcome was claimed; where there are none, the claim claims nothing.
  package init(
    _ events: [OutcomeEvent], through moment: Instant,
    windows: (OutcomeEvent) -> OutcomeWindows?
  ) {
    var places: [OutcomeKey: Int] = [:]
    var outcomes: [Outcome] = []
    var unclaimed: [OutcomeEvent] = []
    var previous: OutcomeEvent?
    for event in events.filter({ $0.occurred <= moment }).sorted(by: { $0.precedes($1) }) {
      if let previous, previous.isSame(as: event) { continue }
      previous = event
      if let place = places[event.outcome] {
        outcomes[place].take(event)
      } else if event.transition == .claim, let windows = windows(event) {
        places[event.outcome] = outcomes.count
        outcomes.append(Outcome(event, windows))
      } else {
        unclaimed.append(event)
      }
    }
    for place in outcomes.indices { outcomes[place].pass(to: moment) }
    self.outcomes = outcomes
    self.unclaimed = unclaimed
  }
}
