package import Base

/// What a token may touch, beside what its scopes allow. Nil is no bound.
package struct TokenBounds: Hashable, Sendable {
  package static let namesMax = 64

  /// The sources whose events it is for.
  package let sources: [NamePattern]?
  /// The assets, as the subjects of events.
  package let assets: [NamePattern]?

  package static let none = TokenBounds(sources: nil, assets: nil)

  package init(sources: [NamePattern]?, assets: [NamePattern]?) {
    self.sources = sources
    self.assets = assets
  }

  package var isNone: Bool { sources == nil && assets == nil }

  /// What lies outside of the bounds; nil where nothing does. A name that is bound must be there.
  func refusal(
    source: UnsafeRawBufferPointer?, subject: UnsafeRawBufferPointer?
  ) -> Fault? {
    TokenBounds.refusal(source, sources, "source")
      ?? TokenBounds.refusal(subject, assets, "subject")
  }

  private static func refusal(
    _ name: UnsafeRawBufferPointer?, _ patterns: [NamePattern]?, _ member: String
  ) -> Fault? {
    guard let patterns else { return nil }
    if let name, patterns.contains(where: { $0.matches(name) }) { return nil }
    let own = patterns.prefix(3).map { "`\($0.text)`" }.joined(separator: ", ")
    let more = patterns.count > 3 ? " and \(patterns.count - 3) more" : ""
    return Fault(
      .forbidden, "the token is for the \(member) \(own)\(more); give one of these",
      at: "/\(member)")
  }
}

/// A name of a source or an asset, or all that begin alike: a `*` at the end stands for any rest.
package struct NamePattern: Hashable, Sendable {
  package static let bytesMax = 256

  /// As it was given.
  package let text: String
  private let bytes: [UInt8]
  private let isBeginning: Bool

  /// A fault unless it is a text of 1 to 256 bytes without control characters.
  package init(_ text: String) throws(Fault) {
    let bytes = Array(text.utf8)
    guard (1...Self.bytesMax).contains(bytes.count),
      !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F })
    else {
      throw Fault(
        .invalidValue,
        "expected a name of 1 to \(Self.bytesMax) bytes without control characters")
    }
    self.text = text
    isBeginning = bytes.last == UInt8(ascii: "*")
    self.bytes = isBeginning ? Array(bytes.dropLast()) : bytes
  }

  /// Whether it stands for every name there is.
  package var isAny: Bool { isBeginning && bytes.isEmpty }

  /// Byte by byte, as the log tells names apart.
  func matches(_ name: UnsafeRawBufferPointer) -> Bool {
    guard isBeginning ? name.count >= bytes.count : name.count == bytes.count else { return false }
    return bytes.withUnsafeBytes { $0.isSame(as: name.slice(0..<bytes.count)) }
  }
}
