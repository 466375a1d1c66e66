import Base
import Foundation
import SQLite
import Services
import TestSupport
import Testing
import TimeZones

/// What is held back each month and paid by the score of a quarter, while events come late, finance
/// gives money back and takes that back, in any order.
struct HeldBackHistoriesTests {
  /// 20 in `make test`; `USANCE_HISTORIES=5000` before a release.
  private static let histories =
    ProcessInfo.processInfo.environment["USANCE_HISTORIES"].flatMap(Int.init) ?? 20

  private static let complaintsMax = 3
  private static let start = Month(2023, 1)
  private static let monthCount = 6

  @Test("the score pays its part of what is still held back, and lines are owed less their notes")
  func paid() async {
    let started = ContinuousClock.now
    let zones = ZoneDatabase()
    var complaints: [String] = []
    for number in 0..<Self.histories where complaints.count < Self.complaintsMax {
      var random = SeededRandom(seed: SeededRandom.runSeed &+ UInt64(number) &* 104_729)
      var story = Story(&random)
      guard var complaint = await Self.complaint(story, zones) else { continue }
      for place in story.acts.indices.reversed() {
        var shorter = story
        shorter.acts.remove(at: place)
        if let still = await Self.complaint(shorter, zones) {
          (story, complaint) = (shorter, still)
        }
      }
      complaints.append(
        """
        history \(number), seed \(SeededRandom.runSeed): \(complaint)
        \(story.contract.text)
        score \(story.score), units \(story.units), \(story.acts)
        """)
    }
    #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n\n"))")
    print("held back: \(Self.histories) histories in \(started.duration(to: .now))")
  }

  private static func complaint(_ story: Story, _ zones: ZoneDatabase) async -> String? {
    do {
      var books = try HeldBackBooks(story.contract, zones)
      try await books.score(story.score, in: months)
      for (place, use) in story.units.enumerated() where !use.isLate {
        try await books.tell(place, use.month, use.count)
      }
      for act in story.acts { try await act.done(story, &books) }
      try await books.finish(story.units.map { (month: $0.month, count: $0.count) }, months)
      return try Self.complaint(story, books)
    } catch {
      return "stopped: \(error)"
    }
  }

  private static var months: [Month] { (0..<monthCount).map { start + $0 } }

  private static func complaint(_ story: Story, _ books: HeldBackBooks) throws -> String? {
    let account = try books.account()
    for month in months {
      let used = story.units.indices.filter { story.units[$0].month == month }
        .filter { !books.retracted.contains($0) }.reduce(0) { $0 + story.units[$1].count * 100 }
      for (key, amount) in [("use", used), ("fee", story.fee)] {
        let line = account[month]?[key] ?? .init()
        if line.billed != max(amount, line.credited) {
          return "\(month) \(key): \(line) of \(amount) cents"
        }
      }
      let held = account[month]?["held/retained"] ?? .init()
      if held.left > 0 { return "\(month): \(held) cents are held back" }
    }
    for first in stride(from: 0, to: monthCount, by: 3) {
      let pool = (0..<3).reduce(0) {
        $0 - (account[start + (first + $1)]?["held/retained"]?.left ?? 0)
      }
      let pays = story.score >= story.floor ? story.score : 0
      let right = Fraction(pool * pays, over: 100).rounded
      let released = account[start + (first + 2)]?["held/released"] ?? .init()
      if released.left != right {
        return "\(start + first): \(released) cents are released of \(pool), right is \(right)"
      }
    }
    return nil
  }

  private enum Act {
    case close
    case tell(Int)
    case retract(Int)
    case credit(month: Int, line: Int, permille: Int)
    case takeBack(month: Int)
    case giveAway(month: Int, cents: Int)

    func done(_ story: Story, _ books: inout HeldBackBooks) async throws {
      switch self {
      case .close: try books.close(months)
      case .tell(let place):
        try await books.tell(place, story.units[place].month, story.units[place].count)
      case .retract(let place): try await books.retract(place)
      case .credit(let month, let line, let permille):
        try books.credit(months[month], line: line, permille: permille)
      case .takeBack(let month): try books.takeBack(months[month])
      case .giveAway(let month, let cents): try books.giveAway(months[month], cents: cents)
      }
    }
  }

  private struct Story {
    /// Whole units, each at 1.00, and the months they were used in.
    let units: [(month: Month, count: Int, isLate: Bool)]
    let fee: Int
    let score: Int
    let floor: Int
    let percent: Int
    let hasDiscount: Bool
    var acts: [Act]

    init(_ random: inout SeededRandom) {
      units = (0..<random.number(1...12)).map { _ in
        (random.pick(months), random.number(0...300), random.chance(40))
      }
      fee = random.number(0...30_000)
      score = random.pick([100, 100, 70, 40])
      floor = random.chance(50) ? 60 : 0
      percent = random.number(1...40)
      hasDiscount = random.chance(30)
      var acts = [Act](repeating: .close, count: random.number(0...monthCount))
      for place in units.indices {
        if units[place].isLate { acts.append(.tell(place)) }
        if random.chance(25) { acts.append(.retract(place)) }
      }
      for _ in 0..<random.number(0...5) {
        let month = random.number(0...monthCount - 1)
        switch random.number(0...5) {
        case 0: acts.append(.takeBack(month: month))
        case 1: acts.append(.giveAway(month: month, cents: random.number(1...5000)))
        default:
          acts.append(
            .credit(
              month: month, line: random.number(0...3),
              permille: random.chance(40) ? 1000 : random.number(1...1000)))
        }
      }
      self.acts = acts.shuffled(using: &random)
    }

    var contract: JSON {
      let clauses: [JSON] = [
        [
          "key": "use", "kind": "usageCharge", "meter": "use",
          "price": ["model": "perUnit", "rate": "1.00"],
        ],
        ["key": "fee", "kind": "flatFee", "amount": .cents(fee)],
        [
          "key": "scores", "kind": "scorecard", "span": "quarter",
          "kpis": [
            ["name": "kpi", "weight": 1, "meter": "kpi", "threshold": 0, "target": 100]
          ],
        ],
        [
          "key": "held", "kind": "holdback", "percent": .integer(percent), "scorecard": "scores",
          "floorScore": .integer(floor),
        ],
      ]
      let discount: JSON = [
        "key": "cut", "kind": "discount", "clauses": ["use"],
        "coupons": [["name": "coupon", "percent": 25]],
      ]
      return [
        "customer": "acme", "currency": "EUR", "zone": "UTC", "from": .day(start.first),
        "until": .day((start + monthCount).first),
        "clauses": .array(clauses + (hasDiscount ? [discount] : [])),
      ]
    }
  }
}
