import Base
import Crypto
import Foundation

@testable import Access

/// RFC 8725, sections 3.1, 3.9, 3.10 and 3.11: what a header may not say. All of these are signed
/// with the right key, so that nothing but the header can be what is refused.
extension Forgery {
  static let algorithms: [Forgery] = [
    .header("alg none", ["alg": "none"]),
    .header("alg None", ["alg": "None"]),
    .header("alg NONE", ["alg": "NONE"]),
    .header("alg nOnE", ["alg": "nOnE"]),
    .header("alg none and a space", ["alg": "none "]),
    .header("alg none and a NUL", ["alg": "none\u{0}"]),
    .header("alg empty", ["alg": ""]),
    .header("alg absent", ["alg": nil]),
    .header("alg null", ["alg": .null]),
    .header("alg true", ["alg": true]),
    .header("alg a number", ["alg": 0]),
    .header("alg an array", ["alg": ["EdDSA"]]),
    .header("alg an object", ["alg": ["EdDSA": "EdDSA"]]),
    .header("alg in lower case", ["alg": "eddsa"]),
    .header("alg in upper case", ["alg": "EDDSA"]),
    .header("alg and a space", ["alg": "EdDSA "]),
    .header("alg of another curve", ["alg": "Ed448"]),
    .header("alg by its later name", ["alg": "Ed25519"]),
    .header("alg ES256", ["alg": "ES256"]),
    .header("alg RS256", ["alg": "RS256"]),
    .header("alg PS512", ["alg": "PS512"]),
    .header("alg HS256", ["alg": "HS256"]),
    .header("alg ML-DSA-65", ["alg": "ML-DSA-65"]),
    .header("ALG for alg", ["alg": nil, "ALG": "EdDSA"]),
  ]

  /// Nothing is signed with `none`, or something that stands for nothing.
  static let unsigned: [Forgery] = ["none", "None", "NONE", "nonE", ""].flatMap { name in
    [
      Forgery("alg `\(name)`, no signature") {
        let parts = TokenParts($0.token(header: ["alg": .string(name)]))
        return parts.signed([])
      },
      Forgery("alg `\(name)`, two parts") {
        TokenParts($0.token(header: ["alg": .string(name)])).input
      },
    ]
  }

  static let keyIDs: [Forgery] = [
    .header("kid absent", ["kid": nil]),
    .header("kid null", ["kid": .null]),
    .header("kid empty", ["kid": ""]),
    .header("kid a number", ["kid": 0]),
    .header("kid an array", ["kid": [.string(TestKeys.currentID)]]),
    .header("kid unknown", ["kid": "no-such-key"]),
    .header("kid of a stranger", ["kid": .string(TestKeys.thumbprint(of: TestKeys.stranger))]),
    .header("kid of the ring's other key", ["kid": .string(TestKeys.formerID)]),
    .header("kid in lower case", ["kid": .string(TestKeys.currentID.lowercased())]),
    .header("kid and a space", ["kid": .string(TestKeys.currentID + " ")]),
    .header("kid and a NUL", ["kid": .string(TestKeys.currentID + "\u{0}")]),
    .header("kid of a NUL", ["kid": "\u{0}"]),
    .header("kid and the file's ending", ["kid": .string(TestKeys.currentID + ".jwk")]),
    .header("kid cut short", ["kid": .string(String(TestKeys.currentID.dropLast()))]),
    .header("kid with a sign that looks like K", ["kid": .string(TestKeys.currentIDLookAlike)]),
    .header("kid a path to an empty file", ["kid": "../../../../../../dev/null"]),
    .header("kid a path of the machine", ["kid": "/etc/passwd"]),
    .header("kid an encoded path", ["kid": "..%2f..%2fkeys%2fcurrent"]),
    .header("kid an address", ["kid": "https://example.org/key.jwk"]),
    .header("kid an SQL condition", ["kid": "' OR '1'='1"]),
    .header("kid an SQL union", ["kid": "x' UNION SELECT 'secret' --"]),
    .header("kid a command", ["kid": "$(touch /tmp/x); `id` | cat"]),
    .header("kid a template", ["kid": "${jndi:ldap://example.org/a}"]),
    .header("kid of 5,000 bytes", ["kid": .string(String(repeating: "k", count: 5000))]),
    .header("kid of 7 kB", ["kid": .string(String(repeating: "k", count: 7168))]),
    .header("kid ours 100 times", ["kid": .string(TestKeys.currentID.repeated(100))]),
  ]

  static let types: [Forgery] = [
    .header("typ absent", ["typ": nil]),
    .header("typ null", ["typ": .null]),
    .header("typ empty", ["typ": ""]),
    .header("typ an array", ["typ": ["at+jwt"]]),
    .header("typ JWT", ["typ": "JWT"]),
    .header("typ jwt", ["typ": "jwt"]),
    .header("typ of a link", ["typ": "link+jwt"]),
    .header("typ of a session", ["typ": "session+jwt"]),
    .header("typ with application/", ["typ": "application/at+jwt"]),
    .header("typ in upper case", ["typ": "AT+JWT"]),
    .header("typ and a space", ["typ": "at+jwt "]),
    .header("typ and a parameter", ["typ": "at+jwt; v=1"]),
    .header("typ of an id token", ["typ": "id_token"]),
    .header("typ of a logout token", ["typ": "logout+jwt"]),
    .header("typ of a proof", ["typ": "dpop+jwt"]),
  ]

  static let extraMembers: [Forgery] = [
    .header("jku", ["jku": "https://example.org/jwks.json"]),
    .header("x5u", ["x5u": "https://example.org/chain.pem"]),
    .header("x5c", ["x5c": ["MIIBszCCAVmgAwIBAgIUdQ=="]]),
    .header("x5c, empty", ["x5c": []]),
    .header("x5t", ["x5t": "dGh1bWJwcmludA"]),
    .header("x5t#S256", ["x5t#S256": "dGh1bWJwcmludA"]),
    .header("crit, empty", ["crit": []]),
    .header("crit of exp", ["crit": ["exp"], "exp": .integer(Smith.second + 600)]),
    .header("crit of b64", ["crit": ["b64"], "b64": true]),
    .header("crit of what nobody knows", ["crit": ["urn:example:must"]]),
    .header("crit null", ["crit": .null]),
    .header("b64 true", ["b64": true]),
    .header("b64 false", ["b64": false]),
    .header("zip DEF", ["zip": "DEF"]),
    .header("zip null", ["zip": .null]),
    .header("cty JWT", ["cty": "JWT"]),
    .header("enc", ["enc": "A256GCM"]),
    .header("p2c", ["p2c": 1_000_000_000]),
    .header("what nobody knows", ["example": 1]),
    .header("crit in the place of typ", ["typ": nil, "crit": []]),
    .header("jku in the place of typ", ["typ": nil, "jku": "https://example.org/jwks.json"]),
    Forgery("header: jwk of the ring") {
      $0.token(header: ["jwk": TestKeys.jwk(of: TestKeys.current)])
    },
    Forgery("header: jwk of a stranger, signed by him") {
      Smith(key: TestKeys.stranger, purpose: $0.purpose)
        .token(header: ["jwk": TestKeys.jwk(of: TestKeys.stranger)])
    },
    Forgery("header: jwk of a stranger in the place of kid") {
      Smith(key: TestKeys.stranger, purpose: $0.purpose)
        .token(header: ["jwk": TestKeys.jwk(of: TestKeys.stranger), "kid": nil])
    },
    Forgery("header: jwk and kid of a stranger") {
      Smith(key: TestKeys.stranger, purpose: $0.purpose).token(header: [
        "jwk": TestKeys.jwk(of: TestKeys.stranger),
        "kid": .string(TestKeys.thumbprint(of: TestKeys.stranger)),
      ])
    },
  ]

  static let headerTexts: [Forgery] = [
    .headerText("alg twice") { $0.adding(#""alg":"EdDSA""#) },
    .headerText("alg twice, none first") { $0.beginning(#""alg":"none""#) },
    .headerText("alg twice, none last") { $0.adding(#""alg":"none""#) },
    .headerText("alg twice, once escaped") { $0.adding(#""\u0061lg":"EdDSA""#) },
    .headerText("kid twice") { $0.adding(#""kid":"\#(TestKeys.currentID)""#) },
    .headerText("kid twice, once escaped") { $0.adding(#""k\u0069d":"x""#) },
    .headerText("typ twice") { $0.adding(#""typ":"at+jwt""#) },
    .headerText("typ twice, once escaped") { $0.adding(#""t\u0079p":"at+jwt""#) },
    .headerText("kid twice, no typ") { _ in
      #"{"alg":"EdDSA","kid":"\#(TestKeys.currentID)","kid":"\#(TestKeys.currentID)"}"#
    },
    .headerText("empty") { _ in "" },
    .headerText("an empty object") { _ in "{}" },
    .headerText("null") { _ in "null" },
    .headerText("an array") { "[\($0)]" },
    .headerText("a string") { _ in #""EdDSA""# },
    .headerText("something after it") { $0 + "{}" },
    .headerText("a NUL after it") { $0 + "\u{0}" },
    .headerText("a byte order mark") { "\u{FEFF}" + $0 },
    .headerText("a comma too many") { $0.adding("") },
    .headerText("a comment") { $0 + "/* */" },
    .headerText("single quotes") { $0.replacing("\"", with: "'") },
    .headerText("cut short") { String($0.dropLast()) },
    .headerText("nested a hundred deep") {
      $0.adding(#""a":\#("[".repeated(100))1\#("]".repeated(100))"#)
    },
  ]
}

extension TestKeys {
  /// U+212A is K to a comparison by canonical equivalence, and is not K.
  static let currentIDLookAlike = currentID.replacing("K", with: "\u{212A}")

  static func jwk(of key: Curve25519.Signing.PrivateKey) -> JSON {
    [
      "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": .string(thumbprint(of: key)),
      "x": .string(x(of: key)),
    ]
  }
}
