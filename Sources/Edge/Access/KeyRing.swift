package import Base
import Crypto
package import Foundation

/// The keys of a data folder: the newest one signs, all of them are accepted.
package struct KeyRing: Sendable {
  /// Newest last.
  package let keys: [SigningKey]

  package var signing: SigningKey { keys[keys.count - 1] }

  /// What `/.well-known/jwks.json` serves.
  package var jwks: JSON { ["keys": .array(keys.map(\.publicJWK))] }

  /// Reads every key of the folder; makes the first one where there is none. A key that others than
  /// its owner may read is refused: it must be taken for stolen.
  package init(folder: URL, now: Instant) throws {
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil
    ).filter { $0.pathExtension == "jwk" }
    var keys = try files.map(KeyRing.read)
    if keys.isEmpty { keys = [try KeyRing.newKey(in: folder, now: now)] }
    self.keys = keys.sorted { ($0.created, $0.id) < ($1.created, $1.id) }
  }

  /// Makes another key in the folder, which signs from the next reading on.
  @discardableResult
  package static func newKey(in folder: URL, now: Instant) throws -> SigningKey {
    let key = SigningKey(Curve25519.Signing.PrivateKey(), created: now)
    try write(key, into: folder)
    return key
  }

  private static func read(_ file: URL) throws -> SigningKey {
    let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
    let permissions = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0o777
    guard permissions & 0o077 == 0 else {
      throw Fault(
        .internalError,
        "\(file.path) may be read by others; remove it and issue new tokens, or chmod 600 it")
    }
    let bytes = try Data(contentsOf: file)
    do {
      return try SigningKey(document: JSON(parsing: Array(bytes)))
    } catch {
      throw Fault(
        .malformedDocument,
        "\(file.path) is not a key; restore it from a backup, or remove it and issue new tokens")
    }
  }

  private static func write(_ key: SigningKey, into folder: URL) throws {
    let file = folder.appending(path: "\(key.id).jwk")
    let new = file.path + ".new"
    // Nobody else may read it at any moment: it is made with its permissions, not given them later.
    let descriptor = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw cannotWrite(file) }
    defer { close(descriptor) }
    let bytes = key.document.bytes
    // Renamed when it is whole: half a key would stop every later start.
    guard Foundation.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0,
      rename(new, file.path) == 0
    else {
      defer { unlink(new) }
      throw cannotWrite(file)
    }
  }

  private static func cannotWrite(_ file: URL) -> NSError {
    NSError(
      domain: NSPOSIXErrorDomain, code: Int(errno), userInfo: [NSFilePathErrorKey: file.path])
  }
}
