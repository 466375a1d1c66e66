import Base
import Foundation
import SQLite
import Services
import TestSupport
import Testing
import TimeZones
import Workflow

/// What makes no difference to what is owed makes none to what is billed, whatever the clauses are.
struct SameEitherWayTests {
  /// 30 of each in `make test`; `USANCE_HISTORIES=5000` before a release.
  private static let histories =
    ProcessInfo.processInfo.environment["USANCE_HISTORIES"].flatMap(Int.init) ?? 30

  private static let complaintsMax = 3
  private static let cycles = ["month", "quarter", "halfYear", "year"]

  /// Random clauses of every kind under one cycle, and what their fleet did.
  private struct Story {
    let billing: JSON
    let anchorDay: Int
    let months: [Month]
    let days: Range<Day>
    let clauses: [JSON]
    let fleet: FleetHistory

    init(_ random: inout SeededRandom) {
      let place = random.number(0...3)
      let step = [1, 3, 6, 12][place]
      let day = random.pick([1, 1, 15, 31])
      anchorDay = day
      billing = ["every": .string(cycles[place]), "anchorDay": .integer(day)]
      months = (0..<[4, 3, 2, 1][place]).map { Month(2023, 1) + $0 * step }
      days = Month(2023, 1).day(day)..<(months.last! + step).day(day)
      clauses = FleetHistory.clauses.list(&random).map { Story.fitted($0, place) }
      fleet = FleetHistory(in: days, &random)
    }

    /// A span holds whole periods: one that is shorter becomes one period.
    private static func fitted(_ clause: JSON, _ cycle: Int) -> JSON {
      guard case .object(let members) = clause else { return clause }
      return .object(
        members.map { member in
          if member.name == "ratioWindow" {
            return JSON.Member(member.name, fitted(member.value, cycle))
          }
          guard ["span", "every"].contains(member.name), clause["kind"] != "recurringFee",
            let span = member.value.stringValue, let place = cycles.firstIndex(of: span),
            place < cycle
          else { return member }
          return JSON.Member(member.name, .string(cycles[cycle]))
        })
    }

    func contract(
      _ clauses: [JSON], effective: Day? = nil, until: Day? = nil, from: Day? = nil
    ) -> JSON {
      .object([
        "customer": "airline", "currency": "USD", "zone": "America/New_York", "billing": billing,
        "from": .day(from ?? days.lowerBound), "until": until.map { .day($0) },
        "effective": effective.map { .day($0) }, "clauses": .array(clauses),
      ])
    }

    func firstDay(of place: Int) -> Day {
      place == 0 ? days.lowerBound : months[place].day(anchorDay)
    }

    /// Any day but the first.
    func day(_ random: inout SeededRandom) -> Day {
      days.lowerBound + random.number(1...days.count - 1)
    }

    func workspace(_ zones: ZoneDatabase) throws -> PeriodWorkspace {
      var workspace = try PeriodWorkspace(zones)
      try workspace.put(.customer, "airline", ["name": "An airline"])
      for (key, meter) in FleetHistory.meters.sorted(by: { $0.key < $1.key }) {
        try workspace.put(.meter, key, meter)
      }
      return workspace
    }

    func assign(_ workspace: inout PeriodWorkspace, to contract: String = "deal") throws {
      for engine in ["engine-1", "engine-2"] {
        try workspace.put(
          .asset, engine,
          [
            "assignments": [["contract": .string(contract), "from": "2022-12-01T00:00:00Z"]]
          ])
      }
    }
  }

  // MARK: - A version that changes nothing

  @Test("a version that says the same changes no line")
  func sameTerms() async {
    await Self.tryAll("same terms") { story, zones, random in
      var (plain, versioned) = (try story.workspace(zones), try story.workspace(zones))
      try plain.put(.contract, "deal", story.contract(story.clauses))
      try versioned.put(.contract, "deal", story.contract(story.clauses))
      for day in Set((0..<random.number(1...2)).map { _ in story.day(&random) }).sorted() {
        try versioned.put(.contract, "deal", story.contract(story.clauses, effective: day))
      }
      try story.assign(&plain)
      try story.assign(&versioned)
      try await plain.post(story.fleet.events)
      try await versioned.post(story.fleet.events.shuffled(using: &random))
      for month in story.months {
        let (one, other) = (try plain.run(month)["deal"], try versioned.run(month)["deal"])
        let difference = Self.difference(Self.lines(one), Self.lines(other))
        if let difference { return "\(month) \(difference)" }
      }
      return nil
    }
  }

  // MARK: - An end that is taken back

  @Test("what ended and runs on after all comes to what one that ran through does")
  func runOn() async {
    await Self.tryAll("ended and run on") { story, zones, random in
      let through = try await Self.billed(story, zones, end: nil)
      let last = story.months.count - 1
      let (said, takenBack) = (random.number(0...last), random.number(0...last + 1))
      let end = story.firstDay(of: said) + random.number(1...story.days.count)
      guard end < story.days.upperBound else { return nil }
      let ended = try await Self.billed(
        story, zones, end: (end, said: said, takenBack: max(said, takenBack)))
      return Self.difference(through.mapValues(String.init), ended.mapValues(String.init)).map {
        """
        \($0), with its end on \(end) said before period \(said), taken back before \(takenBack)
        """
      }
    }
  }

  /// What each clause comes to over all periods and what is settled after them, in cents. With an
  /// end that is said before one period and taken back before another, by their places.
  private static func billed(
    _ story: Story, _ zones: ZoneDatabase, end: (day: Day, said: Int, takenBack: Int)?
  ) async throws -> [String: Int] {
    var workspace = try story.workspace(zones)
    let until = story.days.upperBound
    try workspace.put(.contract, "deal", story.contract(story.clauses, until: until))
    try story.assign(&workspace)
    try await workspace.post(story.fleet.events)
    var sums: [String: Int] = [:]
    var open: [Month] = []
    func close(_ months: [Month]) throws {
      for month in months {
        guard let document = try workspace.close(month)["deal"] else {
          open.append(month)
          continue
        }
        for line in document["lines"]?.elements ?? [] {
          sums[PeriodTrial.name(line) ?? "", default: 0] += PeriodTrial.cents(line["amount"])
        }
      }
    }
    for (place, month) in story.months.enumerated() {
      if let end, end.said == place {
        try workspace.put(.contract, "deal", story.contract(story.clauses, until: end.day))
      }
      if end?.takenBack == place {
        try workspace.put(.contract, "deal", story.contract(story.clauses, until: until))
      }
      try close([month])
    }
    if end?.takenBack == story.months.count {
      try workspace.put(.contract, "deal", story.contract(story.clauses, until: until))
    }
    let left = open
    open = []
    try close(left + [until.month])
    return sums.filter { $0.value != 0 }
  }

  // MARK: - Frame

  private static func lines(_ document: JSON?) -> [String: String] {
    var lines: [String: String] = [:]
    for line in document?["lines"]?.elements ?? [] {
      lines[line["key"]?.stringValue ?? "", default: ""] += line["amount"]?.stringValue ?? ""
    }
    return lines
  }

  private static func difference(_ one: [String: String], _ other: [String: String]) -> String? {
    Set(one.keys).union(other.keys).sorted().first { one[$0] != other[$0] }.map {
      "\($0): \(one[$0] ?? "no line"), or \(other[$0] ?? "no line")"
    }
  }

  private typealias Attempt =
    @Sendable (Story, ZoneDatabase, inout SeededRandom) async throws -> String?

  /// Tries it on every history; what differs is told with its seed and its contract.
  private static func tryAll(_ name: String, _ attempt: @escaping Attempt) async {
    let started = ContinuousClock.now
    let zones = ZoneDatabase()
    var complaints: [String] = []
    for number in 0..<histories where complaints.count < complaintsMax {
      var random = SeededRandom(seed: SeededRandom.runSeed &+ UInt64(number) &* 104_729)
      let story = Story(&random)
      var difference: String?
      do {
        difference = try await attempt(story, zones, &random)
      } catch {
        difference = "stopped: \(error)"
      }
      guard let difference else { continue }
      complaints.append(
        """
        history \(number), seed \(SeededRandom.runSeed): \(difference)
        \(story.contract(story.clauses).text)
        """)
    }
    #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n\n"))")
    print("\(name): \(histories) histories in \(started.duration(to: .now))")
  }
}
