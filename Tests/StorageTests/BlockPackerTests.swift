import Base
import Contracts
import Foundation
import GRDB
import Metering
import TestSupport
import Testing
import Workflow

@testable import SQLite
@testable import Services
@testable import TimeZones

/// Packed blocks say what their buckets say, whatever comes after they were packed.
struct BlockUpkeepTests {
  private let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.agree()
  }

  private static let month = ("2013-01-01T00:00:00Z", "2013-02-01T00:00:00Z")

  /// Lets so many commits go by that everything before them falls quiet and is packed.
  private func settle(_ name: String) async throws {
    for number in 0..<30 {
      _ = try await workspace.post([
        Workspace.event("\(name)-\(number)", seconds: 1, time: "2013-05-01T00:00:00Z")
      ])
    }
  }

  private func blocks() throws -> [String] {
    let rows = try workspace.store.pool.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT meter.text || ' ' || subject.text, shelf, changed, blocks
          FROM bucket_shelf JOIN name AS meter ON meter.id = meter
            JOIN name AS subject ON subject.id = subject
          WHERE shelf < 2250 ORDER BY 1, 2
          """)
    }
    return try rows.flatMap { row -> [String] in
      let (name, shelf, changed, bytes): (String, Int64, Int64, Data) = (
        row[0], row[1], row[2], row[3]
      )
      var blocks = Set(PackedWeek.blocks(shelf, changed: changed))
      try bytes.withUnsafeBytes {
        try PackedWeek.forEach($0, of: shelf) { block, _ in blocks.insert(block) }
      }
      return blocks.sorted().map {
        "\(name) \($0.number)\(PackedWeek.isChanged($0, changed) ? " changed" : "")"
      }
    }
  }

  /// The month through blocks, after making sure that it is that of the buckets alone.
  private func usage(_ sourceLocation: SourceLocation = #_sourceLocation) throws -> Usage {
    let through = try workspace.time(Self.month.0, Self.month.1)
    let alone = try workspace.store.pool.read { db in
      let period = workspace.period(Self.month.0, Self.month.1)
      var usage = Usage()
      let meter = try workspace.catalogs.current.meter(MeterKey("time"))
      try BucketReader.forEachHour(
        period.hours.lowerBound..<period.hours.upperBound + 1,
        meter: TextInterner.find(MeterBackfill.series(of: meter, db), db)!,
        subject: TextInterner.find("engine", db)!, db
      ) { usage.add($1) }
      return usage
    }
    #expect(through == alone, sourceLocation: sourceLocation)
    return through
  }

  /// 2013-01-10T12:00Z is the first hour of block 62862, on shelf 2245.
  @Test("what has fallen quiet is packed, and read from there")
  func packs() async throws {
    _ = try await workspace.post([
      Workspace.event("1", seconds: 60), Workspace.event("2", seconds: 5),
      Workspace.event("3", seconds: .max, time: "2013-01-10T23:59:59Z"),
      Workspace.event("4", seconds: .max, time: "2013-01-10T23:00:00Z"),
      Workspace.event("5", seconds: 7, time: "2013-01-11T00:00:00Z"),
    ])
    #expect(try blocks() == [])
    try await settle("a")
    #expect(
      try blocks() == [
        "runs engine 62862", "runs engine 62863", "runs engine 62864", "time engine 62862",
        "time engine 62863", "time engine 62864",
      ])
    #expect(try usage() == Usage(count: 5, units: 72 + 2 * Int128(Int64.max)))
    // It is the blocks that are read: without them the same is not found where buckets are gone.
    try await workspace.store.pool.write { try $0.execute(sql: "DELETE FROM bucket") }
    #expect(try workspace.time(Self.month.0, Self.month.1).count == 5)
  }

  @Test("a late event, a correction and a new subject are seen at once, and packed again")
  func changes() async throws {
    _ = try await workspace.post([Workspace.event("1", seconds: 60)])
    try await settle("a")
    _ = try await workspace.post([Workspace.event("2", seconds: 5)])
    #expect(try blocks() == ["runs engine 62862 changed", "time engine 62862 changed"])
    #expect(try usage() == Usage(count: 2, units: 65))
    try await settle("b")
    #expect(try blocks() == ["runs engine 62862", "time engine 62862"])
    #expect(try usage() == Usage(count: 2, units: 65))
    // Another hour of a packed block, which had no bucket.
    _ = try await workspace.post([Workspace.event("3", seconds: 7, time: "2013-01-10T17:00:00Z")])
    #expect(try usage() == Usage(count: 3, units: 72))
    // And a subject that it had none of.
    _ = try await workspace.post([Workspace.event("4", seconds: 9, subject: "airline")])
    #expect(try blocks().contains("time airline 62862 changed"))
    try await settle("c")
    #expect(try blocks().allSatisfy { !$0.hasSuffix("changed") })
    #expect(try usage() == Usage(count: 3, units: 72))
  }

  @Test("where every event of a block is taken back, nothing is left of it")
  func retractions() async throws {
    _ = try await workspace.post([Workspace.event("1", seconds: 60)])
    try await settle("a")
    _ = try await workspace.post([Workspace.correction("c", of: "1")])
    #expect(try usage() == Usage())
    try await settle("b")
    #expect(try blocks() == [])
    #expect(try usage() == Usage())
  }

  @Test("a meter that is counted anew is packed anew")
  func recount() async throws {
    _ = try await workspace.post([
      Workspace.event("1", seconds: 60), Workspace.event("2", seconds: 90, type: "idled"),
    ])
    try await settle("a")
    try workspace.put(.meter, "time", Workspace.sum(allowsNegative: true, type: "idled"))
    #expect(try blocks() == ["runs engine 62862"])
    #expect(try usage() == Usage(count: 1, units: 90))
    try await settle("b")
    #expect(try blocks() == ["runs engine 62862", "time #2 engine 62862"])
    #expect(try usage() == Usage(count: 1, units: 90))
  }

  /// A day of Berlin cuts one block of four, one of Kathmandu cuts hours.
  @Test(
    "windows are those of the buckets, whether they hold a block or cut it",
    arguments: ["UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Asia/Kathmandu"])
  func windows(zone: String) async throws {
    var random = SeededRandom(seed: SeededRandom.runSeed)
    let start = Instant("2013-01-01T00:00:00Z")!
    let events = (0..<200).map { number in
      Workspace.event(
        "e-\(number)", seconds: random.number(0...9999),
        time: start.advanced(bySeconds: random.number(0...6 * 86_400 - 1)).description)
    }
    _ = try await workspace.post(events)
    for name in ["a", "b", "c", "d"] { try await settle(name) }
    #expect(try blocks().count >= 20)
    let rules = try ZoneDatabase().rules(zone)
    func days() throws -> [[Usage]] {
      let period = workspace.period(Self.month.0, Self.month.1)
      let meter = try workspace.catalogs.current.meter(MeterKey("time"))
      return try [WindowSize.day, .hour, .week].map { size in
        let windows = try Windows(of: period, size, in: rules, countMax: 1000)
        return try workspace.store.pool.read { db in
          try WindowReader(meter, windows, db).usage(of: "engine", in: [period], db)[""] ?? []
        }
      }
    }
    let packed = try days()
    #expect(packed[0].reduce(0) { $0 + $1.count } == 200)
    try await workspace.store.pool.write { try $0.execute(sql: "DELETE FROM block_packed") }
    #expect(try days() == packed)
  }

  @Test("before 1970 blocks are blocks too")
  func beforeTheEpoch() {
    #expect(HourBlock(holding: -1).number == -1 && HourBlock(holding: -7).number == -2)
    #expect(HourBlock(holding: -6).hours == -6..<0)
    #expect(HourBlock(-1).shelf == -1 && HourBlock(-29).shelf == -2 && HourBlock(27).shelf == 0)
  }

  @Test("hours come back as they were packed")
  func bytes() throws {
    let block = HourBlock(62862)
    let tallies = [
      (0, Tally(count: 1, units: 0)),
      (3, Tally(count: .max - 1000, units: Int128(Int64.max) * 1000)),
      (5, Tally(count: 200, units: -1)),
    ].map { (block.hours.lowerBound + $0.0, $0.1) }
    var packed = PackedHours()
    for (hour, tally) in tallies { packed.append(tally, at: hour, of: block) }
    func read(_ bytes: [UInt8]) throws -> [(Int64, Tally)] {
      var found: [(Int64, Tally)] = []
      try bytes.withUnsafeBytes { bytes in
        try PackedHours.forEach(bytes, of: block) {
          found.append(($0, Tally(count: $1, units: $2)))
        }
      }
      return found
    }
    let found = try read(packed.bytes)
    #expect(found.map(\.0) == tallies.map(\.0) && found.map(\.1) == tallies.map(\.1))
    let (count, sum) = try packed.bytes.withUnsafeBytes { try PackedHours.total($0, of: block) }
    let all = tallies.reduce(into: Tally()) { $0.add($1.1) }
    #expect(Tally(count: count, units: sum) == all)
    #expect(fault { try read(packed.bytes.dropLast()) }?.code == .dataDamaged)
  }

  @Test("a shelf keeps its blocks in order, whichever comes first, and drops what is gone")
  func shelves() throws {
    let first = HourBlock(62860)
    let blocks = [27, 0, 7].map { HourBlock(first.number + $0) }
    var shelf = PackedWeek(first.shelf, changed: blocks[2].bit)
    func read(_ bytes: [UInt8]) throws -> [String] {
      var found: [String] = []
      try bytes.withUnsafeBytes {
        try PackedWeek.forEach($0, of: first.shelf) { found.append("\($0.place): \(Array($1))") }
      }
      return found
    }
    for (number, block) in blocks.enumerated() {
      #expect(try shelf.put(Array(repeating: UInt8(number), count: number * 100), as: block))
    }
    #expect(shelf.changed == 0)
    #expect(
      try read(shelf.bytes) == [
        "0: \([UInt8](repeating: 1, count: 100))", "7: \([UInt8](repeating: 2, count: 200))",
        "27: []",
      ])
    #expect(try !shelf.put([], as: blocks[0]) && !shelf.put(nil, as: HourBlock(first.number + 3)))
    #expect(fault { try read(shelf.bytes.dropLast()) }?.code == .dataDamaged)
    for block in blocks { #expect(try shelf.put(nil, as: block)) }
    #expect(shelf.isEmpty)
  }
}
