import Base
import Foundation
import NIOCore
import SQLite

/// Why a command does not do what it was told, in one sentence that says what to do, and the status
/// it ends with, one of `sysexits.h`: a service manager tells by it whether trying again may help.
/// Documentation/ExitCodes.md lists them.
package struct CommandRefusal: Error {
  package let status: Int32
  package let detail: String

  package init(_ status: Int32, _ detail: String) {
    self.status = status
    self.detail = detail
  }

  /// Nil for what the parser of the command line says itself.
  package init?(explaining error: any Error) {
    switch error {
    case let refusal as CommandRefusal: self = refusal
    case let refusal as FolderRefusal:
      self.init(CommandRefusal.status(of: refusal.reason), refusal.detail)
    case let way as Unreachable: self = way.refusal
    case let fault as Fault: self.init(CommandRefusal.status(of: fault.code), fault.detail)
    case let faults as Faults:
      self.init(
        CommandRefusal.status(of: faults.list[0].code),
        faults.list.map(\.detail).joined(separator: "; "))
    case let error as NSError where error.domain == NSCocoaErrorDomain || error.isPOSIX:
      self.init(file: error)
    default: return nil
    }
  }

  /// Why a service cannot listen; nil where that is not what went wrong.
  package init?(listeningAt host: String, _ port: Int, _ error: any Error) {
    if error is SocketAddressError {
      self.init(EX_NOHOST, "there is no address \(host); correct --host")
      return
    }
    guard let error = error as? IOError else { return nil }
    switch error.errnoCode {
    case EADDRINUSE:
      self.init(
        EX_UNAVAILABLE,
        "the address \(host):\(port) is in use; end what listens there, or choose another --port")
    case EACCES:
      self.init(
        EX_NOPERM, "this user may not listen at port \(port); choose a --port of 1024 or more")
    case EADDRNOTAVAIL:
      self.init(EX_NOHOST, "\(host) is no address of this machine; correct --host")
    default: return nil
    }
  }

  private static func status(of reason: FolderRefusal.Reason) -> Int32 {
    switch reason {
    case .missing: EX_NOINPUT
    case .notWhole: EX_CONFIG
    case .tooOpen, .notAllowed: EX_NOPERM
    case .inUse, .diskFull: EX_TEMPFAIL
    case .cannotCreate: EX_CANTCREAT
    case .damaged: EX_SOFTWARE
    case .failedDisk: EX_IOERR
    }
  }

  private static func status(of code: Fault.Code) -> Int32 {
    switch code {
    case .unauthorised, .forbidden: EX_NOPERM
    case .overloaded, .meterNotReady, .requestTimeout, .storageFull: EX_TEMPFAIL
    default: EX_SOFTWARE
    }
  }

  /// What Foundation calls otherwise than the system does.
  private static let numbers: [CocoaError.Code: Int32] = [
    .fileNoSuchFile: ENOENT, .fileReadNoSuchFile: ENOENT, .fileReadNoPermission: EACCES,
    .fileWriteNoPermission: EACCES, .fileWriteFileExists: EEXIST, .fileWriteOutOfSpace: ENOSPC,
    .fileWriteVolumeReadOnly: EROFS,
  ]

  /// What Foundation says of a file, without its words.
  private init(file error: NSError) {
    let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError
    let number =
      [error, underlying].compactMap(\.self).first { $0.isPOSIX }.map { Int32($0.code) }
      ?? CommandRefusal.numbers[CocoaError.Code(rawValue: error.code)]
    let path = error.userInfo[NSFilePathErrorKey] as? String ?? "a file"
    switch number {
    case ENOSPC, EDQUOT:
      self.init(
        EX_TEMPFAIL,
        "cannot write \(path): the disk is full; make room on it and run the same command again")
    case ENOENT: self.init(EX_NOINPUT, "there is no \(path); correct the path")
    case EACCES, EPERM, EROFS:
      self.init(
        EX_NOPERM, "this user may not use \(path); change its permissions, or name another")
    case ENOTDIR, EEXIST:
      self.init(EX_CANTCREAT, "\(path) is a file, or a part of its path is; name a folder")
    case EISDIR: self.init(EX_CANTCREAT, "\(path) is a folder; name a file")
    case let number?:
      self.init(
        EX_IOERR, "cannot use \(path) (\(String(cString: strerror(number)).lowercased()))")
    case nil: self.init(EX_IOERR, "cannot use \(path)")
    }
  }
}

extension NSError {
  fileprivate var isPOSIX: Bool { domain == NSPOSIXErrorDomain }
}
