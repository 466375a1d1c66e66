import Base
import Foundation
import GRDB
import Ingestion
import Testing

@testable import SQLite
@testable import Services
@testable import TimeZones

struct EventPagesTests {
  @Test("a flipped byte of a page is found when it is read, and the page named")
  func flippedByte() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    _ = try await workspace.post([Workspace.event("0")])
    _ = try await workspace.post([
      Workspace.event("1"), Workspace.event("0196f3a0-0000-7000-8000-00000000000a"),
      Workspace.event("2", time: "2013-01-10T12:00:00.123456Z", subject: nil),
    ])
    let body = try await workspace.store.pool.read { db in
      Array(try Data.fetchOne(db, sql: "SELECT body FROM event_page WHERE first = 2")!)
    }
    // Bit rot asks no trigger.
    try await workspace.store.pool.write { db in
      try db.execute(sql: "DROP TRIGGER event_is_never_changed")
    }
    func write(_ body: [UInt8]) throws {
      try workspace.store.pool.write { db in
        try db.execute(
          sql: "UPDATE event_page SET body = ? WHERE first = 2", arguments: [Data(body)])
      }
    }
    for place in body.indices {
      for bit in [0, 7] {
        var changed = body
        changed[place] ^= 1 << UInt8(bit)
        try write(changed)
        #expect(throws: LogPage.damaged(2), "byte \(place), bit \(bit)") {
          try workspace.list()
        }
      }
      try write(Array(body[..<place]))
      #expect(throws: LogPage.damaged(2), "cut before \(place)") { try workspace.list() }
    }
    try write(body)
    #expect(try workspace.list().count == 4)
    for (change, undo) in [
      ("events = 2", "events = 3"), ("first = 3", "first = 2"),
      ("checksum = checksum + 1", "checksum = checksum - 1"),
    ] {
      try set(change, workspace)
      #expect(throws: Fault.self, "\(change)") { try workspace.list() }
      try set(undo, workspace)
      #expect(try workspace.list().count == 4)
    }
  }

  private func set(_ change: String, _ workspace: Workspace) throws {
    try workspace.store.pool.write { db in
      try db.execute(sql: "UPDATE event_page SET \(change) WHERE first > 1")
    }
  }
}
