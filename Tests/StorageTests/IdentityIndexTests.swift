import Base
import GRDB
import TestSupport
import Testing
import Workflow

@testable import SQLite
@testable import Services
@testable import TimeZones

/// The index by itself: what is put in is found, through flushes, merges and restarts.
struct IdentityIndexTests {
  /// Few in memory, so that everything happens soon.
  private static let recentMax = 200

  @Test("every event is found by its identity, in memory, in runs, in merged runs, after a restart")
  func findsEverything() async throws {
    let temporary = try TemporaryFolder()
    var levels: Set<Int> = []
    for round in 0..<3 {
      let workspace = try Workspace(in: temporary, recentIdentitiesMax: Self.recentMax)
      if round == 0 { try workspace.agree() }
      for batch in 0..<40 {
        let outcomes = try await workspace.post(Self.events(round, batch))
        #expect(outcomes.allSatisfy { $0 == .accepted })
      }
      // What was sent in this life and in those before is known, every event of it.
      for earlier in 0...round {
        for batch in stride(from: 0, to: 40, by: 7) {
          let outcomes = try await workspace.post(Self.events(earlier, batch))
          #expect(outcomes.allSatisfy { $0 == .duplicate }, "life \(earlier), batch \(batch)")
        }
      }
      levels.formUnion(try workspace.runLevels())
      try workspace.store.pool.close()
    }
    #expect(levels.isSuperset(of: [0, 1]), "runs were written and merged: levels \(levels)")
  }

  @Test("runs left half written by a crash are taken away, and what they held is found again")
  func halfWrittenRuns() async throws {
    let temporary = try TemporaryFolder()
    let first = try Workspace(in: temporary, recentIdentitiesMax: Self.recentMax)
    try first.agree()
    for batch in 0..<12 { _ = try await first.post(Self.events(0, batch)) }
    try await first.store.pool.write { db in
      // As if it had stopped in the middle of the newest run.
      try db.execute(
        sql: """
          UPDATE identity_run SET state = 'building'
          WHERE run = (SELECT max(run) FROM identity_run WHERE state = 'live')
          """)
    }
    try first.store.pool.close()
    let second = try Workspace(in: temporary, recentIdentitiesMax: Self.recentMax)
    for batch in 0..<12 {
      let outcomes = try await second.post(Self.events(0, batch))
      #expect(outcomes.allSatisfy { $0 == .duplicate })
    }
    #expect(try second.eventCount() == 12 * 50)
  }

  @Test("the chunks of a table hold each entry once, sorted, where its fingerprint belongs")
  func chunksOfATable() {
    var random = SeededRandom(seed: 5)
    let table = RecentIdentities(limit: 100_000)
    for sequence in 1...Int64(100_000) { _ = table.insert(random.next(), sequence) }
    var seen: Set<Int64> = []
    for chunk in 0..<1 << IdentitySegment.chunkBitsMin {
      let entries = table.entries(ofChunk: chunk)
      #expect(
        entries.allSatisfy { $0.fingerprint.chunk(of: IdentitySegment.chunkBitsMin) == chunk })
      #expect(zip(entries, entries.dropFirst()).allSatisfy { $0.fingerprint <= $1.fingerprint })
      for entry in entries { seen.insert(entry.sequence) }
    }
    #expect(seen.count == 100_000)
  }

  @Test("an entry is 9 bytes, and comes back as it was", arguments: [0, 1, 2])
  func entries(level: Int) {
    var random = SeededRandom(seed: UInt64(level) + 6)
    for _ in 0..<1000 {
      let entry = IdentityEntry(
        fingerprint: Fingerprint(hash: random.next()),
        sequence: Int64.random(in: 0..<1 << 40, using: &random))
      var bytes: [UInt8] = []
      IdentityEntry.append(entry, to: &bytes)
      #expect(bytes.count == IdentityEntry.bytes)
      let bits = IdentitySegment.chunkBits(level)
      bytes.withUnsafeBytes { bytes in
        let chunk = entry.fingerprint.chunk(of: bits)
        let again = Fingerprint(chunk: chunk, of: bits, kept: IdentityEntry.kept(bytes, 0))
        #expect(again == entry.fingerprint)
        #expect(IdentityEntry.sequence(bytes, 0) == entry.sequence)
      }
    }
  }

  private static func events(_ life: Int, _ batch: Int) -> [JSON] {
    (0..<50).map { number in
      let id =
        number.isMultiple(of: 2)
        ? "event \(life) \(batch) \(number)"
        : "0000\(1000 + life)-0000-4000-8000-\(100_000_000_000 + batch * 1000 + number)"
      return Workspace.event(id, seconds: Int64(number))
    }
  }
}

extension Workspace {
  fileprivate func runLevels() throws -> [Int] {
    try store.pool.read {
      try Int.fetchAll($0, sql: "SELECT level FROM identity_run WHERE state = 'live'")
    }
  }
}
