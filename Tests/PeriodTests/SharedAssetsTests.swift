import Base
import Foundation
import SQLite
import Services
import TestSupport
import Testing
import TimeZones
import Workflow

/// An asset that moves between contracts of the same terms is paid once by all of them together.
struct SharedAssetsTests {
  /// 20 in `make test`; `USANCE_HISTORIES=5000` before a release.
  private static let histories =
    ProcessInfo.processInfo.environment["USANCE_HISTORIES"].flatMap(Int.init) ?? 20

  private static let complaintsMax = 3
  private static let start = Month(2024, 1)
  private static let names = ["c", "d"]

  @Test("fees and commitments of an asset that moves are paid once together")
  func paidOnce() async {
    let started = ContinuousClock.now
    let zones = ZoneDatabase()
    var complaints: [String] = []
    for number in 0..<Self.histories where complaints.count < Self.complaintsMax {
      var random = SeededRandom(seed: SeededRandom.runSeed &+ UInt64(number) &* 104_729)
      let story = Story(&random)
      guard let difference = Self.difference(story, zones) else { continue }
      complaints.append(
        """
        history \(number), seed \(SeededRandom.runSeed): \(difference)
        \(story.contract.text)
        \(story.assignments(moving: true).text)
        """)
    }
    #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n\n"))")
    print("shared assets: \(Self.histories) histories in \(started.duration(to: .now))")
  }

  private static func difference(_ story: Story, _ zones: ZoneDatabase) -> String? {
    do {
      let (alone, together) = (
        try story.sums(moving: false, zones), try story.sums(moving: true, zones)
      )
      return Set(alone.keys).union(together.keys).sorted().first { clause in
        // Each line is rounded by itself.
        abs((alone[clause]?.cents ?? 0) - (together[clause]?.cents ?? 0))
          > (together[clause]?.lines ?? 0)
      }.map { clause in
        """
        \(clause): \(together[clause]?.cents ?? 0) cents in \(together[clause]?.lines ?? 0) lines, \
        of one contract \(alone[clause]?.cents ?? 0)
        """
      }
    } catch {
      return "stopped: \(error)"
    }
  }

  /// One asset for some months, and where it serves.
  private struct Story {
    let contract: JSON
    let periods: [Month]
    /// From when on it serves which contract; the last one ends.
    let moves: [(time: Int, contract: String)]
    let end: Int

    init(_ random: inout SeededRandom) {
      let cycle = random.pick(AgreedTerms.Cycle.allCases)
      let day = random.pick([1, 15, 31])
      let local = LocalTime("Europe/Berlin")
      periods = (0..<12 / cycle.months).map { start + $0 * cycle.months }
      contract = [
        "customer": "acme", "currency": "EUR", "zone": "Europe/Berlin",
        "billing": [
          "every": .string(cycle.rawValue), "anchorDay": .integer(day), "anchorMonth": 1,
        ],
        "from": .day(start.day(day)), "clauses": .array(Self.clauses(&random)),
      ]
      let (first, last) = (
        local.midnight(start.day(day)), local.midnight((start + 12).day(day))
      )
      let times = (0..<random.number(2...5)).map { _ in
        random.chance(30)
          ? local.midnight(start.day(day) + random.number(0...364)) : random.number(first...last)
      }
      let order = Set(times).sorted()
      moves = order.dropLast().enumerated().map { ($1, names[$0 % 2]) }
      end = order.last!
    }

    private static func clauses(_ random: inout SeededRandom) -> [JSON] {
      let share = random.pick(["day", "second"])
      return [
        .object([
          "key": "fee", "kind": "flatFee", "perAsset": true,
          "amount": .cents(random.number(1000...90_000)), "prorated": .bool(random.chance(70)),
        ]),
        .object([
          "key": "rent", "kind": "recurringFee", "perAsset": true,
          "amount": .cents(random.number(1000...90_000)),
          "every": .string(random.pick(AgreedClause.Interval.allCases).rawValue),
          "due": .string(random.pick(["advance", "arrears"])),
          "proration": .string(random.pick(["none", share])),
        ]),
        .object([
          "key": "least", "kind": "minimumCommitment", "perAsset": true,
          "amount": .cents(random.number(1000...90_000)), "proration": .string(share),
          "clauses": ["free"],
        ]),
        ["key": "free", "kind": "flatFee", "perAsset": true, "amount": "0.00"],
      ]
    }

    func assignments(moving: Bool) -> JSON {
      let ends = moves.dropFirst().map(\.time) + [end]
      return [
        "assignments": .array(
          zip(moves, ends).map { move, end in
            [
              "contract": .string(moving ? move.contract : "c"), "from": Self.time(move.time),
              "until": Self.time(end),
            ]
          })
      ]
    }

    private static func time(_ seconds: Int) -> JSON {
      .text(Instant(clampingSeconds: Int64(seconds)))
    }

    /// What each clause of all contracts comes to, in how many lines.
    func sums(
      moving: Bool, _ zones: ZoneDatabase
    ) throws -> [String: (cents: Int, lines: Int)] {
      var workspace = try PeriodWorkspace(zones)
      try workspace.put(.customer, "acme", ["name": "Acme"])
      for name in names { try workspace.put(.contract, name, contract) }
      if !moves.isEmpty { try workspace.put(.asset, "e", assignments(moving: moving)) }
      var sums: [String: (cents: Int, lines: Int)] = [:]
      for period in periods {
        for document in try workspace.run(period).values {
          for line in document["lines"]?.elements ?? [] {
            let before = sums[line["clause"]?.stringValue ?? ""] ?? (0, 0)
            sums[line["clause"]?.stringValue ?? ""] = (
              before.cents + PeriodTrial.cents(line["amount"]), before.lines + 1
            )
          }
        }
      }
      return sums
    }
  }
}
