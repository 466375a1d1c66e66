import Console
import Foundation

/// A file that somebody named.
enum InputFile {
  static func bytes(_ path: String) throws -> [UInt8] {
    try check(path)
    return Array(try Data(contentsOf: URL(filePath: path)))
  }

  /// Says why a file cannot be read, in words that name it.
  static func check(_ path: String) throws {
    guard access(path, R_OK) == 0 else {
      guard errno == EACCES else {
        throw CommandRefusal(EX_NOINPUT, "there is no file \(path); correct the path")
      }
      throw CommandRefusal(EX_NOPERM, "this user may not read \(path); change its permissions")
    }
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    guard !isFolder.boolValue else {
      throw CommandRefusal(EX_NOINPUT, "\(path) is a folder; name a file")
    }
  }
}
