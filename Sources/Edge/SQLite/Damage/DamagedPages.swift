import CChecksums
import Foundation
import GRDB
import Synchronization

/// The damaged pages of databases that this process has met.
enum DamagedPages {
  private static let known = Mutex<[String: Set<Int64>]>([:])

  /// Puts the layer that verifies pages below SQLite, once.
  static func register() { _ = isRegistered }

  private static let isRegistered: Bool = {
    let code = usance_checksums_register { path, page in
      DamagedPages.note(page, of: String(cString: path!))
    }
    precondition(code == 0, "SQLite takes one layer more")
    return true
  }()

  static func note(_ page: Int64, of path: String) {
    _ = known.withLock { $0[path, default: []].insert(page) }
  }

  /// In order; `path` is as SQLite names it.
  static func all(of path: String) -> [Int64] {
    known.withLock { $0[path, default: []] }.sorted()
  }

  /// A path as SQLite names it.
  static func resolved(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
