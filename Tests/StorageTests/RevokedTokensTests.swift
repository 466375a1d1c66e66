import Base
import Foundation
import GRDB
import TestSupport
import Testing

@testable import SQLite
@testable import Services
@testable import TimeZones

struct RevokedTokensTests {
  private let now = Workspace.now

  @Test("a revoked token stays revoked, also after the store was opened again")
  func revoked() throws {
    let workspace = try Workspace()
    let tokens = try RevokedTokens(workspace.home)
    #expect(!tokens.contains("a"))
    #expect(try tokens.revoke("a", until: now.advanced(bySeconds: 60), now: now))
    #expect(tokens.contains("a"))
    #expect(!tokens.contains("b"))
    try workspace.store.pool.close()
    let reopened = try Workspace(in: workspace.temporary)
    #expect(try RevokedTokens(reopened.home).contains("a"))
  }

  @Test("of many that use the same link at once, one is the first")
  func onceOnly() async throws {
    let workspace = try Workspace()
    let tokens = try RevokedTokens(workspace.home)
    let firsts = try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<20 {
        group.addTask {
          try tokens.revoke("link", until: now.advanced(bySeconds: 60), now: now)
        }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(firsts == 1)
    #expect(try workspace.count("denied_token") == 1)
  }

  @Test("rows go once the token would have expired by itself, and not before")
  func expiredRowsGo() throws {
    let workspace = try Workspace()
    let tokens = try RevokedTokens(workspace.home)
    let until = now.advanced(bySeconds: 60)
    _ = try tokens.revoke("a", until: until, now: now)
    _ = try tokens.revoke("b", until: until.advanced(bySeconds: 60), now: until)
    #expect(try workspace.count("denied_token") == 2)
    _ = try tokens.revoke(
      "c", until: until.advanced(bySeconds: 60), now: until.advanced(bySeconds: 1))
    #expect(!tokens.contains("a"))
    #expect(tokens.contains("b"))
  }

  @Test("a clock that jumps makes nothing forgotten, before a start and after it")
  func jumps() throws {
    let temporary = try TemporaryFolder()
    let folder = DataFolder(temporary.url.path)
    for (start, clock) in [(0, 0), (0, 3600), (0, 315_360_000), (315_360_000, 0), (0, -3600)] {
      let store = try Store(folder, now: now.advanced(bySeconds: Int64(start)))
      let home = try SQLiteHome(store, halt: { _ in })
      let tokens = try RevokedTokens(home)
      _ = try tokens.revoke("a", until: now.advanced(bySeconds: 60), now: now)
      let jumped = now.advanced(bySeconds: Int64(clock))
      _ = try tokens.revoke("at \(clock)", until: jumped.advanced(bySeconds: 60), now: jumped)
      #expect(tokens.contains("a"), "\(clock)")
      #expect(try RevokedTokens(home).contains("a"), "\(clock)")
      try store.pool.close()
    }
  }
}
