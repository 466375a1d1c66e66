package import Base
package import Foundation

/// A token that was made on the command line, without the token itself.
package struct IssuedToken: Hashable, Sendable {
  package let id: String
  package let role: String
  package let subject: String
  package let expires: Instant

  package init(id: String, role: String, subject: String, expires: Instant) {
    self.id = id
    self.role = role
    self.subject = subject
    self.expires = expires
  }

  fileprivate var json: JSON {
    [
      "jti": .string(id), "role": .string(role), "subject": .string(subject),
      "expires": .text(expires),
    ]
  }

  /// Nil where a line was cut off.
  fileprivate init?(line: Substring) {
    guard let json = try? JSON(parsing: Array(line.utf8)), let id = json["jti"]?.stringValue,
      let role = json["role"]?.stringValue, let subject = json["subject"]?.stringValue,
      let expires = json["expires"]?.stringValue.flatMap(Instant.init(_:))
    else { return nil }
    self.init(id: id, role: role, subject: subject, expires: expires)
  }
}

/// The list of them beside the keys, a line each: nothing else knows which tokens there are.
package struct IssuedTokens: Sendable {
  private let file: URL

  /// `keys` is the folder of the keys.
  package init(keys: URL) { file = keys.appending(path: "issued.ndjson") }

  /// In the order in which they were made.
  package func all() -> [IssuedToken] {
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap(IssuedToken.init(line:))
  }

  /// Adds one, durably; a token that cannot be listed must not be given to anybody. Throws what the
  /// system says.
  package func add(_ token: IssuedToken) throws {
    let descriptor = open(
      file.path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw cannotWrite }
    defer { close(descriptor) }
    let line = token.json.bytes + [UInt8(ascii: "\n")]
    guard write(descriptor, line, line.count) == line.count, fsync(descriptor) == 0 else {
      throw cannotWrite
    }
  }

  private var cannotWrite: NSError {
    NSError(
      domain: NSPOSIXErrorDomain, code: Int(errno), userInfo: [NSFilePathErrorKey: file.path])
  }
}
