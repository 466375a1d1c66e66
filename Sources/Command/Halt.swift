import Foundation
import Logging

/// The end of a process that can no longer vouch for what is on disk.
enum Halt {
  static func now(_ logger: Logger) -> @Sendable (String) -> Void {
    { reason in
      logger.critical("\(reason); ending, so that the next start reads what the disk really holds")
      // At once: nobody may be answered any more.
      _exit(EX_IOERR)
    }
  }
}
