/// Why a data folder is not opened, in one sentence that says what to do.
package struct FolderRefusal: Error, Hashable {
  package enum Reason: CaseIterable, Sendable {
    /// There is nothing at the path, or nothing of a data folder.
    case missing
    /// A part lacks, is older than it was, or belongs to another folder.
    case notWhole
    /// Others may read the keys, or write.
    case tooOpen
    case notAllowed
    /// Another process has it.
    case inUse
    case diskFull
    case cannotCreate
    /// The database cannot be read, or is not one of this program.
    case damaged
    case failedDisk
  }

  package let reason: Reason
  package let detail: String

  init(_ reason: Reason, _ detail: String) {
    self.reason = reason
    self.detail = detail
  }
}
