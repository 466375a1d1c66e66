import Foundation

/// Whether a data folder is what a service may open. It changes nothing.
struct FolderCheck {
  /// The bits of permissions that let others write, and that let them do anything.
  private static let othersWrite: mode_t = 0o022
  private static let others: mode_t = 0o077

  private let folder: DataFolder

  init(_ folder: DataFolder) { self.folder = folder }

  static func exists(_ file: URL) -> Bool {
    var status = stat()
    return lstat(file.path, &status) == 0
  }

  var isMissing: Bool {
    var status = stat()
    return stat(folder.path, &status) != 0 && errno == ENOENT
  }

  func isFolder() throws(FolderRefusal) {
    var status = stat()
    guard stat(folder.path, &status) == 0 else { throw .failed("read", folder.path, .notAllowed) }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw FolderRefusal(
        .missing, "\(folder.path) is a file; --data takes a folder")
    }
  }

  /// Files that another user made here could not be read by the owner of the rest.
  func belongsToUs() throws(FolderRefusal) {
    let owner = status(folder.path)?.st_uid ?? geteuid()
    guard owner == geteuid() || owner == 0 else {
      let name = getpwuid(owner).map { String(cString: $0.pointee.pw_name) } ?? "\(owner)"
      throw FolderRefusal(
        .notAllowed,
        "\(folder.path) belongs to the user \(name); run this as that user: "
          + "`runuser -u \(name) -- usance ...`")
    }
  }

  /// Whoever may write here may put any database and any key in the place of ours.
  func isOursAlone() throws(FolderRefusal) {
    for path in [folder.path, folder.keys.path, folder.database.path] {
      guard let mode = status(path)?.st_mode, mode & Self.othersWrite != 0 else { continue }
      throw FolderRefusal(
        .tooOpen,
        "others may write to \(path); see that nothing in it was changed, then "
          + "`chmod go-w \(path)`")
    }
  }

  func keysAreSecret() throws(FolderRefusal) {
    for file in keyFiles {
      guard let mode = status(file)?.st_mode, mode & Self.others != 0 else { continue }
      throw FolderRefusal(
        .tooOpen,
        "\(file) may be read by others; remove it and issue new tokens, or chmod 600 it")
    }
  }

  /// `withKeys` unless they are about to be made.
  func isWhole(withKeys: Bool = true) throws(FolderRefusal) {
    let hasDatabase = (status(folder.database.path)?.st_size ?? 0) > 0
    switch (hasDatabase, !withKeys || !keyFiles.isEmpty) {
    case (true, true): break
    case (true, false):
      throw FolderRefusal(
        .notWhole,
        "\(folder.path) has a database and no keys; restore \(folder.keys.path) from a backup, or "
          + "make a new key with `usance token new-key --data \(folder.path)` and issue new tokens")
    case (false, true):
      throw FolderRefusal(
        .notWhole,
        "\(folder.path) has keys and no database; restore \(folder.database.lastPathComponent) "
          + "from a backup, or give an empty folder to begin from nothing")
    case (false, false):
      throw FolderRefusal(
        .missing,
        "\(folder.path) is no data folder, and not empty (it holds "
          + "\(try folder.entries().prefix(3).joined(separator: ", "))); correct --data")
    }
    guard (status(folder.journal.path)?.st_size ?? 0) == 0 else {
      throw FolderRefusal(
        .notWhole,
        "\(folder.journal.path) was left by another program or by an older copy, and would be "
          + "played back into the database; move it out of the folder and start again")
    }
  }

  private var keyFiles: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.keys.path)) ?? []
    return names.filter { $0.hasSuffix(".jwk") }.sorted()
      .map { folder.keys.appending(path: $0).path }
  }

  private func status(_ path: String) -> stat? {
    var status = stat()
    return lstat(path, &status) == 0 ? status : nil
  }
}
