import Base
import Crypto
import Foundation

@testable import Access

/// Makes tokens by hand, so that any part of one can be wrong. Without changes, what it makes is
/// good.
struct Smith: Sendable {
  typealias Changes = KeyValuePairs<String, JSON?>

  var key = TestKeys.current
  var purpose = TokenPurpose.access

  /// The moment at which all of these tests look at a token.
  static let now = Instant(clampingSeconds: second)
  static let second: Int64 = 1_900_000_000

  var header: JSON {
    ["alg": "EdDSA", "typ": .string(purpose.rawValue), "kid": .string(TestKeys.currentID)]
  }

  var claims: JSON {
    [
      "iss": "urn:usance", "aud": "urn:usance:api", "sub": "aerolink", "client_id": "aerolink",
      "scope": "events:write events:read", "jti": "token-1",
      "iat": .integer(Self.second - 60), "exp": .integer(Self.second + 600),
    ]
  }

  func token() -> String { token(headerText: nil, claimsText: nil) }

  /// A nil takes a member away; an unknown name adds one at the end.
  func token(header changes: Changes = [:], claims claimChanges: Changes = [:]) -> String {
    token(
      headerText: header.changed(changes).text, claimsText: claims.changed(claimChanges).text)
  }

  func token(headerText: String? = nil, claimsText: String? = nil) -> String {
    seal(
      Base64URL.encode((headerText ?? header.text).utf8),
      Base64URL.encode((claimsText ?? claims.text).utf8))
  }

  /// Signs two parts as they are, however they are encoded.
  func seal(_ headerPart: String, _ claimsPart: String) -> String {
    let input = "\(headerPart).\(claimsPart)"
    return "\(input).\(Base64URL.encode(sign(input)))"
  }

  func sign(_ input: String) -> [UInt8] {
    // Signing fails for no input; only the hardware keys of other platforms may say no.
    Array(try! key.signature(for: Data(input.utf8)))
  }
}

extension JSON {
  func changed(_ changes: Smith.Changes) -> JSON {
    guard case .object(var members) = self else { return self }
    for (name, value) in changes {
      let index = members.firstIndex { $0.name == name }
      switch (index, value) {
      case (let index?, let value?): members[index] = Member(name, value)
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(name, value))
      case (nil, nil): break
      }
    }
    return .object(members)
  }
}

/// The three parts of a token, to spoil one of them.
struct TokenParts {
  var header: String
  var claims: String
  var signature: String

  init(_ token: String) {
    let parts = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    precondition(parts.count == 3, "a good token has three parts")
    (header, claims, signature) = (parts[0], parts[1], parts[2])
  }

  var token: String { "\(header).\(claims).\(signature)" }
  var input: String { "\(header).\(claims)" }
  var signatureBytes: [UInt8] { Base64URL.decode(signature)! }

  func signed(_ signature: some Sequence<UInt8>) -> String {
    "\(input).\(Base64URL.encode(signature))"
  }
}
