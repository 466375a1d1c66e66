package import Foundation

/// The folder that holds everything a running service knows: the database, the keys, the lock.
package struct DataFolder: Sendable {
  package let url: URL

  package init(_ path: String) {
    url = URL(filePath: path, directoryHint: .isDirectory)
  }

  /// As people and programs name it, without a `/` at its end.
  package var path: String {
    let path = url.path
    return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  package var database: URL { url.appending(path: "usance.db") }
  package var keys: URL { url.appending(path: "keys", directoryHint: .isDirectory) }
  package var lock: URL { url.appending(path: "lock") }
  /// Left by an interrupted program that did not write as we do.
  var journal: URL { url.appending(path: "usance.db-journal") }
  /// There from the first moment of a new folder until it has its database and its key.
  var unfinished: URL { url.appending(path: "unfinished") }
  /// What `FolderMark` notes.
  var mark: URL { keys.appending(path: "database.json") }

  /// Makes the folder where it is missing, readable by its owner alone.
  package func create() throws {
    for folder in [url, keys] {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }
  }

  /// For the process that serves it: makes a folder that is not there or empty, and goes on making
  /// one whose first start was interrupted; any other must be whole. The folder above must exist,
  /// so that not every slip of the pen makes a path of its own.
  package func makeOrOpen() throws(FolderRefusal) {
    if FolderCheck(self).isMissing { try make() }
    let check = FolderCheck(self)
    try check.isFolder()
    try check.belongsToUs()
    try check.isOursAlone()
    if try entries().isEmpty { try begin() }
    if FolderCheck.exists(unfinished) {
      guard mkdir(keys.path, 0o700) == 0 || errno == EEXIST else {
        throw .failed("make", keys.path, .cannotCreate)
      }
    } else {
      try check.isWhole()
    }
    try check.keysAreSecret()
  }

  /// For programs that only use what is there, and make nothing but perhaps a key.
  package func open(toWrite: Bool, withKeys: Bool = true) throws(FolderRefusal) {
    let check = FolderCheck(self)
    guard !check.isMissing else {
      throw FolderRefusal(
        .missing,
        "there is no data folder \(path); correct --data, or make it with "
          + "`usance serve --data \(path)`")
    }
    try check.isFolder()
    if toWrite { try check.belongsToUs() }
    try check.isOursAlone()
    guard !FolderCheck.exists(unfinished) else {
      throw FolderRefusal(
        .notWhole,
        "the first start of \(path) was interrupted; start `usance serve --data \(path)` again")
    }
    try check.isWhole(withKeys: withKeys)
    try check.keysAreSecret()
  }

  /// Whether `makeOrOpen` is going to begin from nothing.
  package var isNew: Bool {
    FolderCheck(self).isMissing || FolderCheck.exists(unfinished)
      || (try? entries().isEmpty) == true
  }

  /// Says that nothing of a new folder is missing any more.
  package func finish() throws(FolderRefusal) {
    guard FolderCheck.exists(unfinished) else { return }
    guard unlink(unfinished.path) == 0, DurableFile.sync(path) else {
      throw .failed("finish", path, .failedDisk)
    }
  }

  /// What is in it; what file systems put there themselves does not count.
  func entries() throws(FolderRefusal) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path)
        .filter { $0 != "lost+found" }.sorted()
    } catch {
      throw .failed("read", path, .notAllowed)
    }
  }

  private func make() throws(FolderRefusal) {
    guard mkdir(path, 0o700) == 0 else {
      if errno == ENOENT {
        throw FolderRefusal(
          .missing,
          "there is no folder \(url.deletingLastPathComponent().path) to make \(path) in; "
            + "correct --data, or make that folder first")
      }
      throw .failed("make", path, .cannotCreate)
    }
  }

  private func begin() throws(FolderRefusal) {
    let descriptor = Foundation.open(
      unfinished.path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .failed("write to", path, .cannotCreate) }
    close(descriptor)
    guard DurableFile.sync(path) else { throw .failed("write to", path, .failedDisk) }
  }
}

extension FolderRefusal {
  /// By `errno`; `reason` where that says nothing better.
  static func failed(_ verb: String, _ path: String, _ reason: Reason) -> FolderRefusal {
    let number = errno
    let why = String(cString: strerror(number)).lowercased()
    switch number {
    case ENOSPC, EDQUOT: return .noRoom(path)
    case EACCES, EPERM, EROFS:
      return FolderRefusal(
        .notAllowed,
        "cannot \(verb) \(path) (\(why)); run as the user it belongs to, or give it to this user")
    case ENOTDIR, EEXIST:
      return FolderRefusal(
        .missing, "cannot \(verb) \(path): a part of its path is a file; correct the path")
    default:
      return FolderRefusal(reason, "cannot \(verb) \(path) (\(why)); look at its disk")
    }
  }

  static func noRoom(_ path: String) -> FolderRefusal {
    FolderRefusal(
      .diskFull, "the disk that holds \(path) is full; make room on it and start again")
  }
}
