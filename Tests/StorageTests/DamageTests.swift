import Base
import Contracts
import Foundation
import GRDB
import Settlement
import TestSupport
import Testing
import Workflow

@testable import SQLite
@testable import Services
@testable import TimeZones

/// What is damaged is named and stays out of every figure; all else goes on.
struct DamageTests {
  /// Three contracts, each with events on a page of the log of its own, the last of which lie on
  /// pages of the database of their own; closed.
  private func world() async throws -> TemporaryFolder {
    let workspace = try Workspace()
    try workspace.agree(contracts: 3)
    for number in 2...3 {
      try workspace.put(
        .asset, "engine-\(number)",
        [
          "assignments": [
            ["contract": .string("hours-\(number)"), "from": "2013-01-01T00:00:00Z"]
          ]
        ])
    }
    for (number, subject) in ["engine", "engine-2", "engine-3"].enumerated() {
      _ = try await workspace.post(
        (0..<200).map { place in
          Workspace.event("\(number) \(place)", seconds: 3600, subject: subject)
        })
    }
    try workspace.close()
    return workspace.temporary
  }

  private func flip(_ folder: TemporaryFolder, _ file: String = "usance.db", at place: Int) throws {
    let handle = try FileHandle(forUpdating: URL(filePath: folder.path(file)))
    defer { try? handle.close() }
    try handle.seek(toOffset: UInt64(place))
    let byte = try #require(try handle.read(upToCount: 1)?.first)
    try handle.seek(toOffset: UInt64(place))
    try handle.write(contentsOf: Data([byte ^ 4]))
  }

  /// Where a text stands in the database.
  private func place(of text: String, _ folder: TemporaryFolder) throws -> Int {
    let bytes = try Data(contentsOf: URL(filePath: folder.path("usance.db")))
    return try #require(bytes.range(of: Data(text.utf8))).lowerBound
  }

  @Test("one damaged page of the log parks what rests on it, and nothing else")
  func oneDamagedPage() async throws {
    let folder = try await world()
    try flip(folder, at: place(of: "1 199", folder))
    let notes = Notes()
    let store = try Store(DataFolder(folder.url.path), note: { notes.add($0) })
    #expect(store.damage.pages.count == 1)
    #expect(notes.all.contains { $0.hasSuffix("of usance.db is damaged (table event_page)") })
    #expect(
      notes.all.contains(
        "events 201 to 400 of the log cannot be read; on them rests what is billed of hours-2"),
      "\(notes.all)")
    try store.pool.close()
    let workspace = try Workspace(in: folder)
    let results = try workspace.billing.run(BillingMonth("2013-01"), now: Workspace.now)
    #expect(
      results.map { "\($0.contract) \($0.outcome)" } == [
        "hours-1 drafted", "hours-2 parked", "hours-3 drafted",
      ])
    #expect(results[1].faults.map(\.code) == [.dataDamaged])
    #expect(results[0].total?.description == results[2].total?.description)
  }

  @Test("what might have come before on a damaged page is refused, and all else taken")
  func refusesWhatItCannotKnow() async throws {
    let folder = try await world()
    try flip(folder, at: place(of: "1 199", folder))
    let workspace = try Workspace(in: folder)
    let refused = await #expect(throws: Fault.self) {
      _ = try await workspace.post([Workspace.event("1 17", seconds: 3600, subject: "engine-2")])
    }
    #expect(refused?.code == .dataDamaged)
    #expect(refused?.detail.contains("`engine-2`") == true)
    #expect(
      try await workspace.post([
        Workspace.event("2 17", seconds: 3600, subject: "engine-3"),
        Workspace.event("new", seconds: 3600, subject: "engine-3"),
      ]) == [.duplicate, .accepted])
  }

  @Test("a journal that lost transactions is not opened, one that broke off is")
  func journal() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    for number in 0..<4 { _ = try await workspace.post([Workspace.event("\(number)")]) }
    let copy = try TemporaryFolder()
    for name in ["usance.db", "usance.db-wal"] {
      try FileManager.default.copyItem(
        atPath: workspace.temporary.path(name), toPath: copy.path(name))
    }
    let journal = "usance.db-wal"
    let size = try Int(#require(FileHandle(forReadingAtPath: copy.path(journal))).seekToEnd())
    try flip(copy, journal, at: size - 2000)
    #expect(try Workspace(in: copy).eventCount() == 3, "the last one looks like a torn write")
    let lost = try TemporaryFolder()
    for name in ["usance.db", journal] {
      try FileManager.default.copyItem(
        atPath: workspace.temporary.path(name), toPath: lost.path(name))
    }
    try flip(lost, journal, at: 32 + 24 + 2000)
    let refusal = #expect(throws: FolderRefusal.self) { _ = try Workspace(in: lost) }
    #expect(refusal?.reason == .damaged)
    #expect(refusal?.detail.contains("usance.db-wal is damaged") == true)
  }

  @Test("what another program wrote is damaged, and the service starts all the same")
  func anotherProgram() async throws {
    let folder = try await finals()
    let queue = try DatabaseQueue(path: folder.path("usance.db"))
    try await queue.write { db in
      let trigger = try String.fetchOne(
        db, sql: "SELECT sql FROM sqlite_schema WHERE name = 'invoice_final_never_changes'")!
      try db.execute(sql: "DROP TRIGGER invoice_final_never_changes")
      try db.execute(
        sql: """
          UPDATE invoice SET total = '900.00', document = replace(document, '201.00', '900.00')
          """)
      try db.execute(sql: trigger)
    }
    try queue.close()
    let workspace = try Workspace(in: folder)
    let error = #expect(throws: (any Error).self) {
      try workspace.settlement.invoice(InvoiceKey("hours-1~2013-01"))
    }
    #expect(error.flatMap { Fault(ofDamage: $0) } != nil)
    #expect(try await workspace.post([Workspace.event("next")]) == [.accepted])
  }

  @Test("pages that another program carried over from the journal have no checksum, and are read")
  func unsealed() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    _ = try await workspace.post([Workspace.event("1")])
    let copy = try TemporaryFolder()
    for name in ["usance.db", "usance.db-wal"] {
      try FileManager.default.copyItem(
        atPath: workspace.temporary.path(name), toPath: copy.path(name))
    }
    let queue = try DatabaseQueue(path: copy.path("usance.db"))
    _ = try await queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM event_page") }
    try queue.close()
    #expect(!PageScan.whole(copy.path("usance.db")).unsealed.isEmpty)
    let reopened = try Workspace(in: copy)
    #expect(reopened.store.damage.pages.isEmpty)
    #expect(try reopened.list().count == 1)
  }

  /// One final invoice over 201.00.
  private func finals() async throws -> TemporaryFolder {
    let workspace = try Workspace()
    try workspace.agree()
    _ = try await workspace.post([Workspace.event("1", seconds: 7200)])
    _ = try workspace.billing.run(BillingMonth("2013-01"), now: Workspace.now)
    #expect(
      try workspace.finalise(InvoiceKey("hours-1~2013-01")).total.description == "201.00")
    try workspace.close()
    return workspace.temporary
  }

  /// Past every trigger, with good checksums: as nobody does it who does not mean to.
  private func alter(_ workspace: Workspace, _ statement: String) throws {
    try workspace.store.pool.write { db in
      let count = try db.changePastTriggers(statement)
      #expect(count == 1, "\(statement)")
    }
  }

  @Test(
    "an invoice that was altered is not shown, paid or credited, and verify says where",
    arguments: [
      (
        "UPDATE invoice SET total = '900.00'",
        "the total of INV-000001 is 900.00, and its document says 201.00"
      ),
      (
        "UPDATE invoice SET customer = 'another'",
        "the customer of INV-000001 is another, and its document says airline"
      ),
      (
        "UPDATE invoice SET document = replace(document, '201.00', '900.00')",
        "the document of INV-000001 is not what was issued"
      ),
      (
        "UPDATE invoice SET last_event = 7",
        "a column of invoice hours-1~2013-01 is not what was written"
      ),
    ])
  func alteredInvoice(statement: String, finding: String) async throws {
    let workspace = try Workspace(in: try await finals())
    try alter(workspace, statement)
    let key = try InvoiceKey("hours-1~2013-01")
    #expect(fault { try workspace.settlement.invoice(key) }?.code == .dataDamaged)
    let desk = workspace.settlement
    let payment = PaymentEntry(
      amount: try Fixed("895.00"), date: CivilDate(year: 2013, month: 6, day: 1)!, reference: "x")
    #expect(
      fault { try desk.act(by: "finance", at: Workspace.now) { try desk.pay(key, payment, $0) } }?
        .code == .dataDamaged)
    #expect(
      fault {
        try desk.act(by: "finance", at: Workspace.now) {
          try desk.credit(key, nil, reason: "r", $0)
        }
      }?.code == .dataDamaged)
    let findings = try Verification(workspace.folder, workspace.zones).run().findings
    #expect(findings.contains(finding), "\(findings)")
  }

  @Test(
    "what was altered together with its checksum is named",
    arguments: [
      (
        "UPDATE row_proof SET body = replace(body, '\"row\"', '\"raw\"') WHERE sequence = 1",
        "proof 1 is not what was written"
      ),
      (
        "UPDATE catalog_object SET document = replace(document, 'An airline', 'Another one') "
          + "WHERE kind = 'customer'",
        "the document of customer airline, version 1 is not what was written"
      ),
      ("UPDATE name SET text = 'engine-x' WHERE text = 'engine'", "event 1"),
      (
        "UPDATE event_page SET latest = latest + 1 WHERE first = 1",
        "the times of the page of the log from event 1 on are others"
      ),
      (
        "UPDATE event_place SET hour = hour + 1 WHERE page = 1",
        "where the events of the page from event 1 on are found is not what the log says"
      ),
      ("DELETE FROM hour_seen", "whether there is anything in the hour from 2013-01-10T12"),
    ])
  func altered(statement: String, finding: String) async throws {
    let workspace = try Workspace(in: try await finals())
    try alter(workspace, statement)
    let findings = try Verification(workspace.folder, workspace.zones).run().findings
    #expect(findings.contains { $0.contains(finding) }, "\(findings)")
  }

  /// No meter reads `note`: no figure changes with it.
  @Test("an altered payload of a billed event is named, though its page has a checksum that fits")
  func alteredPayload() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    var event = Workspace.event("1", seconds: 7200)
    if case .object(let members) = event {
      event = .object(
        members.map {
          $0.name == "data" ? .init("data", ["seconds": 7200, "note": "sound"]) : $0
        })
    }
    _ = try await workspace.post([event])
    _ = try workspace.billing.run(BillingMonth("2013-01"), now: Workspace.now)
    _ = try workspace.finalise(InvoiceKey("hours-1~2013-01"))
    #expect(try Verification(workspace.folder, workspace.zones).run().findings == [])
    let body = try await workspace.store.pool.read {
      try Data.fetchOne($0, sql: "SELECT body FROM event_page")!
    }
    let range = try #require(body.range(of: Data("sound".utf8)))
    let altered = body.replacing(Data("sound".utf8), with: Data("found".utf8))
    #expect(range.count == 5 && altered != body)
    let checksum = altered.withUnsafeBytes { LogReader.checksum($0, first: 1) }
    try await workspace.store.pool.write { db in
      try db.execute(sql: "DROP TRIGGER event_is_never_changed")
      try db.execute(
        sql: "UPDATE event_page SET body = ?, checksum = ?", arguments: [altered, checksum])
    }
    let findings = try Verification(workspace.folder, workspace.zones).run().findings
    #expect(
      findings.contains("the page of the log from event 1 on is not what was written"),
      "\(findings)")
  }
}

/// What a store tells its log.
final class Notes: @unchecked Sendable {
  private let lock = NSLock()
  private var notes: [String] = []

  func add(_ note: String) { lock.withLock { notes.append(note) } }
  var all: [String] { lock.withLock { notes } }
}
