package import Base
import CChecksums
import GRDB

extension Fault {
  /// What the database says where a page of it is damaged, or what it holds makes no sense; nil for
  /// any other error.
  package init?(ofDamage error: any Error) {
    switch error {
    case let fault as Fault where fault.code == .dataDamaged: self = fault
    case let error as DatabaseError where Fault.isDamage(error.resultCode):
      let isPage = error.extendedResultCode.rawValue == CInt(usance_page_damaged_code)
      self.init(
        .dataDamaged,
        isPage
          ? "what this rests on lies on a damaged page of the database; the log and "
            + "`usance verify` say which"
          : "what this rests on is damaged in the database; `usance verify` says what")
    case let error as DatabaseError where error.extendedResultCode == .SQLITE_IOERR_READ:
      self.init(.dataDamaged, "the disk does not give back what this rests on")
    default: return nil
    }
  }

  private static func isDamage(_ code: ResultCode) -> Bool {
    [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(code)
  }
}
