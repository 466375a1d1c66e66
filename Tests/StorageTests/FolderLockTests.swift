import Base
import Foundation
import TestSupport
import Testing

@testable import SQLite
@testable import Services
@testable import TimeZones

struct WorkspaceLockTests {
  @Test("a second opening is refused and says which process holds the folder")
  func secondRefused() throws {
    let temporary = try TemporaryFolder()
    let folder = DataFolder(temporary.url.path)
    let first = try FolderLock(folder)
    let refusal = refusal { try FolderLock(folder) }
    #expect(refusal?.detail.contains("process \(getpid())") == true)
    #expect(refusal?.detail.contains(folder.url.path) == true)
    withExtendedLifetime(first) {}
  }

  @Test("the folder is free again once the holder is gone")
  func freeAfterClose() throws {
    let temporary = try TemporaryFolder()
    let folder = DataFolder(temporary.url.path)
    for _ in 1...3 {
      let lock = try FolderLock(folder)
      #expect(refusal { try FolderLock(folder) } != nil)
      withExtendedLifetime(lock) {}
    }
  }

  @Test("a refused opening does not take the lock from its holder")
  func refusalKeepsTheLock() throws {
    let temporary = try TemporaryFolder()
    let folder = DataFolder(temporary.url.path)
    let lock = try FolderLock(folder)
    for _ in 1...3 { #expect(refusal { try FolderLock(folder) } != nil) }
    withExtendedLifetime(lock) {}
  }

  @Test("a folder that is not there cannot be locked")
  func missingFolder() {
    let folder = DataFolder("/nonexistent/usance")
    #expect(refusal { try FolderLock(folder) }?.detail.contains("cannot open") == true)
  }
}
