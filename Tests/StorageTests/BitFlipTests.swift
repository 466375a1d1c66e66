import Base
import Foundation
import GRDB
import TestSupport
import Testing

@testable import SQLite
@testable import Services
@testable import TimeZones

/// Single flipped bits over every kind of page of the database: what is said is what was said
/// before, or a refusal with a reason, and `verify` names the page.
struct BitFlipTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let flips = environment["USANCE_FLIPS"].flatMap { Int($0) } ?? 24
  private static let contracts = flips > 100 ? 100 : 8

  /// A page of the file and what it is for, such as `event_page overflow`.
  private struct Page {
    let number: Int64
    let kind: String
  }

  private struct Flip: CustomStringConvertible {
    let page: Page
    let byte: Int
    let bit: Int

    var description: String { "page \(page.number) (\(page.kind)), byte \(byte), bit \(bit)" }

    func make(_ path: String) throws {
      let handle = try FileHandle(forUpdating: URL(filePath: path))
      let place = UInt64(page.number - 1) * 4096 + UInt64(byte)
      try handle.seek(toOffset: place)
      let old = try #require(try handle.read(upToCount: 1)?.first)
      try handle.seek(toOffset: place)
      try handle.write(contentsOf: Data([old ^ 1 << UInt8(bit)]))
      try handle.close()
    }
  }

  @Test("a flipped bit is never a wrong figure, and always found")
  func flips() async throws {
    let world = try await DamageWorld(contracts: Self.contracts)
    let pages = try Self.pages(world)
    let sound = try Self.figures(world, nil)
    let unsound = sound.filter { if case .said = $0.value { false } else { true } }
    #expect(!sound.isEmpty && unsound.isEmpty, "\(unsound)")
    var random = SeededRandom(seed: SeededRandom.runSeed)
    let kinds = Dictionary(grouping: pages, by: \.kind).sorted { $0.key < $1.key }
      .shuffled(using: &random)
    #expect(kinds.count > 20, "\(kinds.map(\.key))")
    var counts: [String: (flips: Int, refused: Int)] = [:]
    for number in 0..<Self.flips {
      let kind = kinds[number % kinds.count]
      let flip = Flip(
        page: random.pick(kind.value), byte: random.number(0...4095), bit: random.number(0...7))
      let answers = try Self.figures(world, flip)
      let wrong = answers.filter { $0.value != .refused && $0.value != sound[$0.key] }
      #expect(wrong.isEmpty, "\(flip): \(wrong.keys.sorted().prefix(3)) \(wrong.values.first!)")
      try Self.verify(world, flip)
      let refused = answers.values.count { $0 == .refused }
      counts[kind.key, default: (0, 0)].flips += 1
      counts[kind.key]!.refused += refused > 0 ? 1 : 0
    }
    let table = counts.sorted { $0.key < $1.key }.map {
      "\($0.key): \($0.value.flips) flips, \($0.value.refused) with refusals"
    }
    print("\(Self.flips) flips over \(pages.count) pages\n" + table.joined(separator: "\n"))
  }

  /// What a service says over a copy with that flip; all is refused where it does not start, with a
  /// reason.
  private static func figures(
    _ world: DamageWorld, _ flip: Flip?
  ) throws -> [String: Figures.Answer] {
    let folder = try world.copy { try flip?.make($0) }
    do {
      let workspace = try DamageWorld.open(folder)
      defer { try? workspace.store.pool.close() }
      return Figures.all(workspace, world)
    } catch let refusal as FolderRefusal {
      #expect(flip != nil && !refusal.detail.isEmpty)
      return ["start": .refused]
    }
  }

  private static func verify(_ world: DamageWorld, _ flip: Flip) throws {
    let folder = try world.copy(flip.make)
    let findings: [String]
    do {
      findings = try Verification(DataFolder(folder.url.path)).run().findings
    } catch let refusal as FolderRefusal {
      findings = [refusal.detail]
    }
    let isNamed = findings.contains {
      $0.hasPrefix("page \(flip.page.number) of usance.db is damaged")
    }
    #expect(isNamed || flip.page.kind == "free", "\(flip): \(findings.prefix(3))")
  }

  /// Every page of the file with its kind.
  private static func pages(_ world: DamageWorld) throws -> [Page] {
    let file = DatabaseFile(DataFolder(world.temporary.url.path))
    let (used, count) = try file.noting { db in
      (
        try Row.fetchAll(db, sql: "SELECT pageno, name || ' ' || pagetype FROM dbstat"),
        try Int64.fetchOne(db, sql: "PRAGMA page_count")!
      )
    }
    let kinds = Dictionary(uniqueKeysWithValues: used.map { ($0[0] as Int64, $0[1] as String) })
    let free = FreePages(file.path).leaves
    return (1...count).map { number in
      let kind = kinds[number] ?? (free.contains(number) ? "free" : "list of free pages")
      return Page(number: number, kind: number == 1 ? "header" : kind)
    }
  }
}
