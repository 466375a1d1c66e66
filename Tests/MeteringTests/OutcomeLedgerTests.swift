import Base
import Metering
import TestSupport
import Testing

/// Domain rule G6 hour by hour: ten hours to confirm or reject, twenty to reverse.
struct OutcomeLedgerTests {
  /// What was said of an outcome at which hour; and where it stood from which hour on.
  static let stories: [(said: String, stood: String)] = [
    ("0 claim", "pending 0, assumed 10"),
    ("0 claim, 3 confirm", "pending 0, confirmed 3"),
    ("0 claim, 3 reject", "pending 0, rejected 3"),
    ("0 claim, 3 reject, 4 confirm, 5 dispute", "pending 0, rejected 3"),
    // The window is half open: at its end silence has spoken.
    ("0 claim, 9 confirm", "pending 0, confirmed 9"),
    ("0 claim, 10 confirm", "pending 0, assumed 10"),
    ("0 claim, 10 reject", "pending 0, assumed 10"),
    // A reversal comes within its own window, which begins when the outcome becomes billable.
    ("0 claim, 3 confirm, 22 reverse", "pending 0, confirmed 3, reversed 22"),
    ("0 claim, 3 confirm, 23 reverse", "pending 0, confirmed 3"),
    ("0 claim, 29 reverse", "pending 0, assumed 10, reversed 29"),
    ("0 claim, 30 reverse", "pending 0, assumed 10"),
    ("0 claim, 3 reverse", "pending 0, assumed 10"),
    ("0 claim, 3 confirm, 4 reverse, 5 confirm", "pending 0, confirmed 3, reversed 4"),
    // A dispute stops the clock; once resolved, what was left of the window is left.
    ("0 claim, 6 dispute", "pending 0, disputed 6"),
    ("0 claim, 6 dispute, 50 resolve", "pending 0, disputed 6, pending 50, assumed 54"),
    (
      "0 claim, 6 dispute, 50 resolve, 53 confirm",
      "pending 0, disputed 6, pending 50, confirmed 53"
    ),
    ("0 claim, 6 dispute, 50 confirm", "pending 0, disputed 6, confirmed 50"),
    ("0 claim, 6 dispute, 50 reject", "pending 0, disputed 6, rejected 50"),
    ("0 claim, 6 dispute, 50 reverse", "pending 0, disputed 6"),
    (
      "0 claim, 3 confirm, 20 dispute, 60 resolve, 62 reverse",
      "pending 0, confirmed 3, disputed 20, confirmed 60, reversed 62"
    ),
    (
      "0 claim, 3 confirm, 20 dispute, 60 resolve, 63 reverse",
      "pending 0, confirmed 3, disputed 20, confirmed 60"
    ),
    ("0 claim, 12 dispute, 70 reverse", "pending 0, assumed 10, disputed 12, reversed 70"),
    ("0 claim, 12 dispute, 70 reject", "pending 0, assumed 10, disputed 12"),
    ("0 claim, 30 dispute", "pending 0, assumed 10"),
    (
      "0 claim, 2 dispute, 3 resolve, 5 dispute, 9 resolve",
      "pending 0, disputed 2, pending 3, disputed 5, pending 9, assumed 15"
    ),
    // A second claim opens nothing, what came before the first one says nothing.
    ("0 claim, 4 claim", "pending 0, assumed 10"),
    ("0 confirm, 1 claim", "pending 1, assumed 11"),
    ("5 confirm, 5 claim", "pending 5, confirmed 5"),
    ("3 confirm", ""),
  ]

  @Test(arguments: stories)
  func tellsTheStory(said: String, stood: String) throws {
    let ledger = try Self.ledger(Self.events(said), through: 100)
    #expect(ledger.outcomes.map(Self.history).joined() == stood)
  }

  /// Where it stands is a question of when one asks.
  @Test func silenceTakesTime() throws {
    let events = try Self.events("0 claim, 12 reverse")
    let standings = [0, 9, 10, 11, 12, 90].map { hour in
      Self.ledger(events, through: hour).outcomes[0].standing.state.rawValue
    }
    #expect(standings == ["pending", "pending", "assumed", "assumed", "reversed", "reversed"])
    #expect(Self.ledger(events, through: 5).outcomes[0].windowEnd == Self.instant(10))
  }

  @Test func nothingIsOutOfSight() throws {
    let ledger = try Self.ledger(
      Self.events("0 claim, 3 confirm, 4 reject, 5 claim") + Self.events("1 confirm", of: "p"),
      through: 100)
    #expect(ledger.outcomes[0].withoutEffect.map(\.transition) == [.reject, .claim])
    #expect(ledger.unclaimed.map(\.outcome.text) == ["p"])
  }

  @Test func whatMayBeSaidNow() throws {
    let pending = try Self.ledger(Self.events("0 claim"), through: 3).outcomes[0]
    let allowed = OutcomeTransition.allCases.filter { pending.allows($0, at: Self.instant(4)) }
    #expect(allowed == [.confirm, .reject, .dispute])
  }

  /// Seeded histories of several outcomes: told in any order and up to three times, they come to
  /// the same; and what happens later changes nothing that was.
  @Test func orderAndRepetitionChangeNothing() throws {
    var random = SeededRandom(seed: SeededRandom.runSeed)
    for _ in 0..<500 {
      let events = try (0..<random.number(1...30)).map { number in
        try Self.event(
          "o\(random.number(1...4))", random.pick(OutcomeTransition.allCases),
          at: random.number(0...60), id: "e\(number)")
      }
      let ledger = Self.ledger(events, through: 70)
      let told = (0..<random.number(1...3)).flatMap { _ in events }.shuffled(using: &random)
      #expect(Self.ledger(told, through: 70) == ledger)
      let hour = random.number(0...70)
      let earlier = Self.ledger(events, through: hour).outcomes.map(\.history)
      let later = ledger.outcomes.map { outcome in
        outcome.history.filter { $0.since <= Self.instant(hour) }
      }
      #expect(earlier == later.filter { !$0.isEmpty })
    }
  }

  /// What an event about an outcome may say, and what is wrong with it.
  static let sayings: [(data: JSON, fault: String?)] = [
    (["outcome": "a", "transition": "claim"], nil),
    (["outcome": "a", "transition": "claim", "shares": ["bot": "0.6", "desk": "0.4"]], nil),
    (["transition": "claim"], "/outcome is missing"),
    (["outcome": "a b", "transition": "claim"], "/outcome `a b` is no outcome key"),
    (["outcome": "a"], "/transition is missing"),
    (["outcome": "a", "transition": "done"], "/transition expected one of claim, confirm"),
    (
      ["outcome": "a", "transition": "claim", "shares": ["bot": "0.6", "desk": "0.3"]],
      "/shares expected shares that sum to 1, not 0.9"
    ),
    (
      ["outcome": "a", "transition": "claim", "shares": ["bot": "1.5", "desk": "-0.5"]],
      "/shares/desk expected a decimal that is not negative"
    ),
    (["outcome": "a", "transition": "claim", "shares": []], "/shares expected an object"),
  ]

  @Test(arguments: sayings)
  func readsWhatIsSaid(data: JSON, fault: String?) {
    do throws(Fault) {
      _ = try OutcomeEvent(
        source: "/s", id: "1", occurred: Self.instant(0), type: "t", subject: "x", data: data)
      #expect(fault == nil)
    } catch {
      #expect(error.code == .unreadableValue)
      #expect(error.detail.hasPrefix("the event `1` of `/s`: \(fault ?? "-")"), "\(error.detail)")
    }
  }

  private static func ledger(_ events: [OutcomeEvent], through hour: Int) -> OutcomeLedger {
    OutcomeLedger(events, through: instant(hour)) { _ in
      OutcomeWindows(confirmSeconds: 10 * 3600, reverseSeconds: 20 * 3600)
    }
  }

  private static func events(_ story: String, of outcome: String = "o") throws -> [OutcomeEvent] {
    try story.split(separator: ", ").enumerated().map { number, sentence in
      let words = sentence.split(separator: " ")
      let hour = try #require(Int(words[0]))
      let transition = try #require(OutcomeTransition(rawValue: String(words[1])))
      return try event(outcome, transition, at: hour, id: "\(number)")
    }
  }

  private static func event(
    _ outcome: String, _ transition: OutcomeTransition, at hour: Int, id: String
  ) throws -> OutcomeEvent {
    try OutcomeEvent(
      source: "/bot", id: id, occurred: instant(hour), type: "resolution", subject: "acme",
      data: ["outcome": .string(outcome), "transition": .string(transition.rawValue)])
  }

  private static func instant(_ hour: Int) -> Instant {
    Instant(clampingSeconds: 1_767_225_600 + Int64(hour) * 3600)
  }

  private static func history(_ outcome: Outcome) -> String {
    outcome.history.map { standing in
      let hour = (standing.since.secondsSinceEpoch - 1_767_225_600) / 3600
      return "\(standing.state.rawValue) \(hour)"
    }.joined(separator: ", ")
  }
}
