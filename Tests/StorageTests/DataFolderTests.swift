import Base
import Foundation
import GRDB
import TestSupport
import Testing

@testable import SQLite
@testable import Services
@testable import TimeZones

/// What a data folder must be to be opened; what is said is in CommandTests.
struct DataFolderTests {
  private let temporary: TemporaryFolder
  private let folder: DataFolder

  init() throws {
    temporary = try TemporaryFolder()
    folder = DataFolder(temporary.path("data"))
  }

  /// A folder after its first start.
  private func make() throws {
    try folder.makeOrOpen()
    try Data("{}".utf8).write(to: folder.keys.appending(path: "a.jwk"))
    chmod(folder.keys.appending(path: "a.jwk").path, 0o600)
    try Store(folder, isMarked: true).pool.close()
    try folder.finish()
  }

  private func reason(toServe: Bool = true) -> FolderRefusal.Reason? {
    refusal { toServe ? try folder.makeOrOpen() : try folder.open(toWrite: true) }?.reason
  }

  @Test("a folder is made for who serves it, in one that is there, and for nobody else")
  func made() throws {
    #expect(reason(toServe: false) == .missing)
    #expect(!FileManager.default.fileExists(atPath: folder.path))
    #expect(refusal { try DataFolder(folder.path + "/deeper").makeOrOpen() }?.reason == .missing)
    #expect(!FileManager.default.fileExists(atPath: folder.path))
    try make()
    #expect(reason() == nil && reason(toServe: false) == nil)
  }

  @Test("an empty folder is begun, and a start that broke off is gone on with")
  func begun() throws {
    try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: false)
    try FileManager.default.createDirectory(
      atPath: folder.path + "/lost+found", withIntermediateDirectories: false)
    #expect(folder.isNew && reason() == nil)
    #expect(reason(toServe: false) == .notWhole)
    try Data("{}".utf8).write(to: folder.keys.appending(path: "a.jwk"))
    chmod(folder.keys.appending(path: "a.jwk").path, 0o600)
    #expect(folder.isNew && reason() == nil)
    try make()
    #expect(!folder.isNew && reason() == nil)
  }

  @Test("what is no data folder is left alone")
  func foreign() throws {
    try Data().write(to: URL(filePath: folder.path))
    #expect(reason() == .missing && reason(toServe: false) == .missing)
    try FileManager.default.removeItem(atPath: folder.path)
    try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: false)
    try Data("x".utf8).write(to: folder.url.appending(path: "letter.txt"))
    #expect(reason() == .missing && reason(toServe: false) == .missing)
    #expect(try folder.entries() == ["letter.txt"])
  }

  @Test("a part that lacks is named, and nothing is put in its place")
  func notWhole() throws {
    try make()
    let (key, aside) = (
      folder.keys.appending(path: "a.jwk"), temporary.url.appending(path: "aside")
    )
    for part in [key, folder.database, folder.keys] {
      try FileManager.default.moveItem(at: part, to: aside)
      #expect(reason() == .notWhole && reason(toServe: false) == .notWhole, "\(part)")
      #expect(!FileManager.default.fileExists(atPath: part.path))
      try FileManager.default.moveItem(at: aside, to: part)
    }
    try Data("x".utf8).write(to: folder.journal)
    #expect(reason() == .notWhole && reason(toServe: false) == .notWhole)
    try FileManager.default.removeItem(at: folder.journal)
    #expect(reason() == nil)
  }

  @Test("others may neither write anything nor read a key")
  func tooOpen() throws {
    try make()
    let key = folder.keys.appending(path: "a.jwk").path
    for (path, good, bad) in [
      (folder.path, [0o700, 0o750, 0o755], [0o770, 0o702, 0o777, 0o1777]),
      (folder.keys.path, [0o700, 0o755], [0o720, 0o777]),
      (folder.database.path, [0o600, 0o644], [0o620, 0o602, 0o666]),
      (key, [0o600, 0o400], [0o640, 0o604, 0o644]),
    ] {
      for mode in good + bad {
        chmod(path, mode_t(mode))
        #expect(reason() == (bad.contains(mode) ? .tooOpen : nil), "\(path) \(mode)")
        #expect(
          reason(toServe: false) == (bad.contains(mode) ? .tooOpen : nil), "\(path) \(mode)")
      }
      chmod(path, mode_t(good[0]))
    }
  }

  @Test("the lock follows no link, and nothing behind one is overwritten")
  func lockIsNoLink() throws {
    try make()
    let precious = temporary.path("precious")
    for isSymbolic in [true, false] {
      try Data("precious".utf8).write(to: URL(filePath: precious))
      let made =
        isSymbolic ? symlink(precious, folder.lock.path) : link(precious, folder.lock.path)
      try #require(made == 0)
      #expect(refusal { try FolderLock(folder) }?.reason == .notWhole)
      #expect(temporary.text("precious") == "precious")
      try FileManager.default.removeItem(at: folder.lock)
    }
    _ = try FolderLock(folder)
  }

  @Test("a database of another folder, or one from before a number was given out, is seen")
  func mixedUp() throws {
    try make()
    let older = temporary.url.appending(path: "older.db")
    let store = try Store(folder, isMarked: true)
    store.settle()
    try FileManager.default.copyItem(at: folder.database, to: older)
    _ = try store.write { db in
      _ = try Invoices.nextNumber("INV", db)
      _ = try Invoices.nextNumber("CN", db)
      return try Invoices.nextNumber("INV", db)
    }
    // What was not committed was not given out.
    try store.writeSteps { db in
      try db.inTransaction {
        _ = try Invoices.nextNumber("INV", db)
        return .rollback
      }
    }
    store.settle()
    try store.pool.close()
    let note = try String(contentsOf: folder.mark, encoding: .utf8)
    #expect(note.contains(#""numbers":{"CN":1,"INV":2}"#))
    #expect(throws: Never.self) { try Store(folder, isMarked: true).pool.close() }

    let newest = temporary.url.appending(path: "newest.db")
    try FileManager.default.moveItem(at: folder.database, to: newest)
    try FileManager.default.copyItem(at: older, to: folder.database)
    let refused = refusal { try Store(folder, isMarked: true) }
    #expect(refused?.reason == .notWhole)
    #expect(
      refused?.detail.contains("INV-000002") == true
        || refused?.detail.contains("CN-000001") == true)

    let other = DataFolder(temporary.path("other"))
    try other.makeOrOpen()
    let strange = try Store(other, isMarked: true)
    strange.settle()
    try strange.pool.close()
    try FileManager.default.removeItem(at: folder.database)
    try FileManager.default.copyItem(at: other.database, to: folder.database)
    #expect(
      refusal { try Store(folder, isMarked: true) }?.detail.contains("different data folders")
        == true)
    // Whoever means it takes the note away.
    try FileManager.default.removeItem(at: folder.mark)
    #expect(throws: Never.self) { try Store(folder, isMarked: true).pool.close() }
  }
}
