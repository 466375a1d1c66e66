import Base
import Contracts
import Foundation
import TestSupport
import Testing

@testable import SQLite
@testable import Services
@testable import TimeZones

/// Whatever comes late, in whatever order, and whichever months are closed by then: all invoices
/// together come to what one bill with all data comes to, line by line.
struct SettledHistoriesTests {
  /// 50 in CI; `USANCE_HISTORIES=10000` before a release.
  private static let histories =
    ProcessInfo.processInfo.environment["USANCE_HISTORIES"].flatMap(Int.init) ?? 50

  private static let complaintsMax = 5

  @Test("Bill, late events and corrections come to what one bill with all data comes to")
  func telescopes() async throws {
    let started = ContinuousClock.now
    let zones = ZoneDatabase()
    let complaints = await withTaskGroup(of: [String].self) { group in
      let lanes = 2
      for lane in 0..<lanes {
        group.addTask {
          var complaints: [String] = []
          for number in stride(from: lane, to: Self.histories, by: lanes)
          where complaints.count < Self.complaintsMax {
            complaints += await Self.complaints(about: number, zones)
          }
          return complaints
        }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n"))")
    let spent = started.duration(to: .now)
    print("settled: \(Self.histories) histories, \(spent / Self.histories) each, \(spent) in all")
  }

  /// What of that history did not come to the same; its number and the seed bring it back.
  private static func complaints(about number: Int, _ zones: ZoneDatabase) async -> [String] {
    var random = SeededRandom(seed: SeededRandom.runSeed &+ UInt64(number) &* 104_729)
    var complaints: [String] = []
    do {
      let history = SettledHistory(&random)
      let expected = try await billedOnce(history, zones)
      let settled = try await settle(history, zones, &random)
      let amounts = try settled.amounts()
      complaints = Set(expected.keys).union(amounts.keys).sorted()
        .filter { expected[$0] != amounts[$0] }
        .prefix(complaintsMax).map {
          "\($0): settled \(amounts[$0] ?? .zero), at once \(expected[$0] ?? .zero)"
        }
      complaints += try settled.complaints(verified: number.isMultiple(of: 10))
    } catch {
      complaints.append("stopped: \(error)")
    }
    return complaints.map { "history \(number), seed \(SeededRandom.runSeed): \($0)" }
  }

  private static func billedOnce(
    _ history: SettledHistory, _ zones: ZoneDatabase
  ) async throws -> [String: Ratio] {
    var books = try SettledBooks(history.agreement, zones)
    for _ in history.agreement.versions.dropFirst() { try books.tellVersion() }
    try await books.tell(history.words)
    for month in history.agreement.months { try books.run(month) }
    return try books.amounts()
  }

  /// Tells everything in any order, some of it twice, closing month after month while it comes in,
  /// not always in their order; the last month carries what is left.
  private static func settle(
    _ history: SettledHistory, _ zones: ZoneDatabase, _ random: inout SeededRandom
  ) async throws -> SettledBooks {
    var books = try SettledBooks(
      history.agreement, zones, countedAtOnceMax: random.chance(50) ? 0 : 1000)
    var open = history.agreement.months
    var untold = history.words.shuffled(using: &random)
    while !untold.isEmpty || open.count > 1 {
      let told = untold.prefix(random.number(0...8))
      try await books.tell(Array(told))
      untold.removeFirst(random.chance(15) ? 0 : told.count)
      if random.chance(5) { try books.tellVersion() }
      if random.chance(40) { _ = try books.count() }
      if random.chance(20) { try books.run(random.pick(open)) }
      if open.count > 1, untold.isEmpty || random.chance(25) {
        let place = random.chance(80) ? 0 : random.number(0...open.count - 2)
        try books.close(open.remove(at: place), &random)
        if random.chance(15) { try books.reissue(&random) }
      }
    }
    while try books.count() {}
    // What is final keeps the meters by which it was counted, until somebody asks otherwise.
    try books.recount(in: open[0])
    try books.run(open[0])
    try books.close(open[0], &random)
    return books
  }
}
