import Foundation
import TestSupport

extension TemporaryFolder {
  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
  }

  func write(_ text: String, to name: String, permissions: Int = 0o600) throws {
    let file = url.appending(path: name).path
    let made = FileManager.default.createFile(atPath: file, contents: Data(text.utf8))
    guard made else { throw CocoaError(.fileWriteUnknown) }
    try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: file)
  }

  /// Of one file, or of the folder itself.
  func permissions(of name: String = "") throws -> Int? {
    let path = name.isEmpty ? url.path : url.appending(path: name).path
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return (attributes[.posixPermissions] as? NSNumber)?.intValue
  }
}
