import Base
import Contracts
import GRDB
import Metering
import Rating
import TestSupport
import Testing
import Workflow

@testable import SQLite
@testable import Services
@testable import TimeZones

/// The evidence that is gathered for many lines at once is that of each by itself, whatever order
/// the events came in.
struct EvidenceReaderTests {
  private struct Told {
    let event: Evidence.Reference
    let subject: String
    let seconds: Int64

    var json: JSON {
      .object([
        "specversion": "1.0", "id": .string(event.id), "source": .string(event.source),
        "type": "ran", "subject": .string(subject), "time": .text(event.occurred),
        "data": ["seconds": .integer(seconds)],
      ])
    }
  }

  private static let january = Period(
    start: Instant("2013-01-01T00:00:00Z")!, end: Instant("2013-02-01T00:00:00Z")!)

  /// Some of a moment, some from before the month or behind it, by UUIDs and by other names.
  private static func told(_ count: Int, _ random: inout SeededRandom) -> [Told] {
    (0..<count).map { number in
      let hours = random.number(-48...(31 * 24 + 48))
      let digits = padded(random.number(1...999_999_999), to: 12)
      let name = random.pick(["é", "a\"b", "Z", ""])
      let id = random.chance(50) ? "00000000-0000-4000-8000-\(digits)" : "\(name)\(number)"
      return Told(
        event: Evidence.Reference(
          source: random.pick(["//b", "//a", "//a/longer-than-fifteen-bytes"]), id: id,
          occurred: january.start.advanced(bySeconds: Int64(hours) * 3600)),
        subject: "engine-\(random.number(0...89))", seconds: Int64(random.number(0...9999)))
    }
  }

  private static func expected(_ told: [Told], _ meter: MeterKey) -> Evidence {
    var builder = EvidenceBuilder(meter: meter, places: 0)
    let counted = told.filter { january.contains($0.event.occurred) }
    for told in counted.sorted(by: { $0.event.precedes($1.event) }) {
      builder.append(told.event, units: meter.text == "runs" ? 1 : told.seconds)
    }
    return builder.finish()
  }

  /// Pages in their order of time are digested as they come; of few subjects, all at the end.
  @Test(arguments: [1, 3, 256])
  func many(pagesAtOnce: Int) async throws {
    let workspace = try Workspace()
    try workspace.agree()
    var random = SeededRandom(seed: 7)
    let told = Self.told(900, &random)
    for first in stride(from: 0, to: told.count, by: 30) {
      _ = try await workspace.post(told[first..<first + 30].map(\.json))
    }
    let meters = try ["time", "runs"].map { try MeterKey($0) }
    let subjects = (0..<90).map { "engine-\($0)" }
    let groups = [subjects] + subjects.map { [$0] }
    for chosen in [groups, Array(groups.suffix(3))] {
      let requests = meters.flatMap { meter in
        chosen.map { subjects in
          EvidenceRequest(
            meter: meter, stretches: subjects.map { SubjectStretch($0, Self.january) })
        }
      }
      let found = try await workspace.store.pool.read { db in
        try EvidenceReader.evidence(
          requests, workspace.catalogs.current.meters, pagesAtOnce: pagesAtOnce, db)
      }
      for (request, evidence) in zip(requests, found) {
        let names = Set(request.stretches.map(\.subject))
        #expect(
          evidence.evidence
            == Self.expected(told.filter { names.contains($0.subject) }, request.meter))
      }
    }
  }

  /// What the log keeps of a page beside it is not sealed: a wrong time must not go unseen.
  @Test func aPageThatSaysItIsLaterThanItsEvents() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    var random = SeededRandom(seed: 8)
    for _ in 0..<20 {
      _ = try await workspace.post(Self.told(30, &random).map(\.json))
    }
    try await workspace.store.pool.write { db in
      try db.execute(sql: "DROP TRIGGER event_is_never_changed")
      try db.execute(
        sql: "UPDATE event_page SET earliest = earliest + 864000000000 WHERE first = 1")
    }
    let request = EvidenceRequest(
      meter: try MeterKey("time"),
      stretches: (0..<90).map { SubjectStretch("engine-\($0)", Self.january) })
    await #expect(throws: Fault.self) {
      try await workspace.store.pool.read { db in
        _ = try EvidenceReader.evidence(
          [request], workspace.catalogs.current.meters, pagesAtOnce: 1, db)
      }
    }
  }
}
