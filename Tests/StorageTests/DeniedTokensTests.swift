import Base
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Storage

struct DeniedTokensTests {
  private let now = Workspace.now

  @Test("a denied token stays denied, also after the store was opened again")
  func denied() async throws {
    let workspace = try Workspace()
    let tokens = try DeniedTokens(workspace.store)
    #expect(!tokens.contains("a"))
    #expect(try await tokens.deny("a", until: now.advanced(bySeconds: 60), now: now))
    #expect(tokens.contains("a"))
    #expect(!tokens.contains("b"))
    try workspace.store.pool.close()
    let reopened = try Workspace(in: workspace.temporary)
    #expect(try DeniedTokens(reopened.store).contains("a"))
  }

  @Test("of many that use the same link at once, one is the first")
  func onceOnly() async throws {
    let workspace = try Workspace()
    let tokens = try DeniedTokens(workspace.store)
    let firsts = try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<20 {
        group.addTask {
          try await tokens.deny("link", until: now.advanced(bySeconds: 60), now: now)
        }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(firsts == 1)
    #expect(try workspace.count("denied_token") == 1)
  }

  @Test("rows go once the token would have expired by itself, and not before")
  func expiredRowsGo() async throws {
    let workspace = try Workspace()
    let tokens = try DeniedTokens(workspace.store)
    let until = now.advanced(bySeconds: 60)
    _ = try await tokens.deny("a", until: until, now: now)
    _ = try await tokens.deny("b", until: until.advanced(bySeconds: 60), now: until)
    #expect(try workspace.count("denied_token") == 2)
    _ = try await tokens.deny(
      "c", until: until.advanced(bySeconds: 60), now: until.advanced(bySeconds: 1))
    #expect(!tokens.contains("a"))
    #expect(tokens.contains("b"))
  }

  @Test("a clock that jumps makes nothing forgotten, before a start and after it")
  func jumps() async throws {
    let temporary = try TemporaryFolder()
    let folder = DataFolder(temporary.url.path)
    for (start, clock) in [(0, 0), (0, 3600), (0, 315_360_000), (315_360_000, 0), (0, -3600)] {
      let store = try Store(folder, now: now.advanced(bySeconds: Int64(start)))
      let tokens = try DeniedTokens(store)
      _ = try await tokens.deny("a", until: now.advanced(bySeconds: 60), now: now)
      let jumped = now.advanced(bySeconds: Int64(clock))
      _ = try await tokens.deny("at \(clock)", until: jumped.advanced(bySeconds: 60), now: jumped)
      #expect(tokens.contains("a"), "\(clock)")
      #expect(try DeniedTokens(store).contains("a"), "\(clock)")
      try store.pool.close()
    }
  }
}
