import Base
import Contracts
import TestSupport

/// What happened over some months under an agreement, in the words in which it is told.
struct SettledHistory {
  enum Word {
    case event(JSON)
    /// Which engine serves the contract, and when.
    case asset(String, JSON)
    /// What an office says of an index.
    case publication(IndexSeries.Publication)
    /// How a meter counts, from now on and in hindsight.
    case meter(String, JSON)
  }

  let agreement: SettledAgreement
  let words: [Word]

  init(_ random: inout SeededRandom) {
    agreement = SettledAgreement(&random)
    let days = CivilDate(year: 2012, month: 12, day: 28)!.daysSinceEpoch
    let end = agreement.end(of: agreement.months.last!).daysSinceEpoch + 4
    let clock = Clock(first: days, last: end, edges: agreement.months.map(agreement.end))
    var events = (0..<random.number(5...30)).map { Self.run($0, clock, &random) }
    events += (0..<random.number(0...10)).map { Self.state($0, clock, &random) }
    events += (0..<random.number(0...8)).flatMap { Self.outcome($0, clock, &random) }
    events += events.enumerated().flatMap { number, event in
      (0..<(random.chance(20) ? random.number(1...2) : 0)).map {
        Self.correction("c\(number)-\($0)", of: event, clock, &random)
      }
    }
    words =
      events.map(Word.event) + Self.assets(clock, &random).map { .asset($0, $1) }
      + Self.publications(&random).map { .publication($0) }
      + SettledMeters.changed.sorted { $0.key < $1.key }.filter { _ in random.chance(15) }
      .map { .meter($0.key, $0.value) }
  }

  /// Moments between two days, many of them close to where a billing period ends.
  private struct Clock {
    let first: Int
    let last: Int
    let edges: [CivilDate]

    func moment(_ random: inout SeededRandom) -> Instant {
      let isAtEdge = random.chance(25)
      let day = isAtEdge ? random.pick(edges).daysSinceEpoch : random.number(first...last)
      let seconds = random.number(isAtEdge ? -48...48 : 0...47) * 1800
      return Instant(clampingSeconds: Int64(day) * 86_400 + Int64(seconds))
    }
  }

  private static let engines = ["engine-1", "engine-2"]

  private static func event(
    _ id: String, _ type: String, _ time: Instant, _ data: JSON, _ random: inout SeededRandom
  ) -> JSON {
    [
      "specversion": "1.0", "id": .string(id), "source": "//test", "type": .string(type),
      "subject": .string(random.pick(engines)), "time": .text(time), "data": data,
    ]
  }

  private static func run(
    _ number: Int, _ clock: Clock, _ random: inout SeededRandom
  ) -> JSON {
    event("run-\(number)", "ran", clock.moment(&random), figures(&random), &random)
  }

  /// Some last for days, so that they began in an earlier month.
  private static func figures(_ random: inout SeededRandom) -> JSON {
    [
      "seconds": .integer(random.number(1...(random.chance(15) ? 250_000 : 20_000))),
      "bonus": .integer(random.number(-50...200)), "tag": .string(random.pick(["a", "b", "c"])),
    ]
  }

  private static func state(
    _ number: Int, _ clock: Clock, _ random: inout SeededRandom
  ) -> JSON {
    let data: JSON = ["state": .string(random.pick(["up", "up", "down", "half"]))]
    return event("state-\(number)", "state", clock.moment(&random), data, &random)
  }

  /// A claim, and what is said of it in the weeks behind it.
  private static func outcome(
    _ number: Int, _ clock: Clock, _ random: inout SeededRandom
  ) -> [JSON] {
    var time = clock.moment(&random)
    let answers = ["confirm", "confirm", "reject", "dispute", "resolve", "reverse"]
    let transitions = ["claim"] + (0..<random.number(0...3)).map { _ in random.pick(answers) }
    return transitions.enumerated().map { place, transition in
      if place > 0 { time = time.advanced(bySeconds: Int64(random.number(1...1000)) * 3600) }
      let data: JSON = [
        "outcome": .string("case-\(number)"), "transition": .string(transition),
      ]
      return event("case-\(number)-\(place)", "case", time, data, &random)
    }
  }

  /// Takes an event back, or says something else of it: another time, engine, type or figures.
  private static func correction(
    _ id: String, of event: JSON, _ clock: Clock, _ random: inout SeededRandom
  ) -> JSON {
    let isRun = event["type"] == "ran"
    let amendment: [JSON.Member] = [
      random.chance(40) ? .init("time", .text(clock.moment(&random))) : nil,
      random.chance(20) ? .init("subject", .string(random.pick(engines))) : nil,
      random.chance(10) ? .init("type", "rested") : nil,
      isRun && random.chance(50) ? .init("data", figures(&random)) : nil,
    ].compactMap(\.self)
    return Workspace.correction(
      id, of: event["id"]?.stringValue ?? "",
      amend: amendment.isEmpty ? nil : .object(amendment),
      time: "2013-09-0\(random.number(1...2))T00:00:00Z")
  }

  /// The first engine serves throughout, the second one for a while.
  private static func assets(
    _ clock: Clock, _ random: inout SeededRandom
  ) -> [(String, JSON)] {
    let moments = [clock.moment(&random), clock.moment(&random)].sorted()
    let until = moments[0] < moments[1] && random.chance(50) ? moments[1] : nil
    return [
      ("engine-1", ["assignments": [["contract": "deal", "from": "2012-12-01T00:00:00Z"]]]),
      (
        "engine-2",
        [
          "assignments": [
            .object([
              "contract": "deal", "from": .text(moments[0]), "until": until.map { .text($0) },
            ])
          ]
        ]
      ),
    ]
  }

  /// Of every month from November on, some of them twice.
  private static func publications(
    _ random: inout SeededRandom
  ) -> [IndexSeries.Publication] {
    (0..<8).flatMap { number in
      (0..<(random.chance(20) ? 2 : 1)).map { again in
        IndexSeries.Publication(
          month: BillingMonth(year: 2012, month: 11)!.advanced(by: number),
          published: CivilDate(year: 2013, month: 2 + number, day: 1 + again)!,
          value: Fixed(units: Int128(random.number(900...1300)), places: 1))
      }
    }
  }
}
