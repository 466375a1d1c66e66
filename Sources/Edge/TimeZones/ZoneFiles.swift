import Base
import Foundation

/// The IANA time zone database as it is installed on this machine: a file a zone.
struct ZoneFiles: Sendable {
  private static let usual = "/usr/share/zoneinfo"

  let path: String

  /// The folder that `TZDIR` names, whatever is in it, or the usual one; nil on a machine that has
  /// no database.
  init?(_ environment: [String: String]) {
    if let chosen = environment["TZDIR"], !chosen.isEmpty {
      path = chosen
    } else {
      var isFolder = ObjCBool(false)
      guard FileManager.default.fileExists(atPath: Self.usual, isDirectory: &isFolder),
        isFolder.boolValue
      else { return nil }
      path = Self.usual
    }
  }

  /// Such as `2025b`; nil where the database does not say.
  var release: String? {
    let first = bytes("tzdata.zi", bytesMax: 100) ?? bytes("+VERSION", bytesMax: 100)
    guard let line = first?.split(separator: UInt8(ascii: "\n")).first else { return nil }
    return String(decoding: line, as: UTF8.self).split(separator: " ").last.map(String.init)
  }

  /// The file of a zone; nil where the database has none of that name.
  func file(of name: String) throws(Fault) -> TimeZoneFile? {
    guard ZoneFiles.isName(name), let bytes = bytes(name, bytesMax: TimeZoneFile.bytesMax + 1),
      TimeZoneFile.isOne(bytes)
    else { return nil }
    do throws(Fault) { return try TimeZoneFile(bytes) } catch {
      throw Fault(error.code, "`\(name)` in \(path): \(error.detail)")
    }
  }

  /// Names lead nowhere but down. What the machine keeps beside the database is none: its own
  /// zone, and the same files again with leap seconds and without.
  private static func isName(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return name.utf8.count <= 100 && parts.allSatisfy { !$0.isEmpty }
      && !["posix", "right", "localtime", "posixrules"].contains(parts[0])
      && name.unicodeScalars.allSatisfy {
        $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil)
          || "/_+-".unicodeScalars.contains($0)
      }
  }

  private func bytes(_ name: String, bytesMax: Int) -> [UInt8]? {
    guard let file = FileHandle(forReadingAtPath: "\(path)/\(name)") else { return nil }
    defer { try? file.close() }
    return (try? file.read(upToCount: bytesMax)).map { Array($0) }
  }
}
