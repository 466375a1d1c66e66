import Base

@testable import Access

/// RFC 8725, sections 3.8 and 3.12, and RFC 9068, section 4: what the claims of an access token
/// may not say. All of these are signed with the right key.
extension Forgery {
  private static let second = Smith.second
  private static let lifetimeSecondsMax = TokenPurpose.access.lifetimeSecondsMax

  static let expiries: [Forgery] = [
    .claims("exp missing", ["exp": nil]),
    .claims("exp null", ["exp": .null]),
    .claims("exp a second ago", ["exp": .integer(second - 1)]),
    .claims("exp now", ["exp": .integer(second)]),
    .claims("exp zero", ["exp": 0]),
    .claims("exp a string", ["exp": .string("\(second + 600)")]),
    .claims("exp a date", ["exp": "2031-01-01T00:00:00Z"]),
    .claims("exp true", ["exp": true]),
    .claims("exp an array", ["exp": [.integer(second + 600)]]),
    .claims("exp 1e300", ["exp": .number("1e300")]),
    .claims("exp 1e99", ["exp": .number("1e99")]),
    .claims("exp with an exponent", ["exp": .number("19000006e2")]),
    .claims("exp a float", ["exp": .number("1900000600.5")]),
    .claims("exp a whole float", ["exp": .number("1900000600.0")]),
    .claims("exp negative", ["exp": -1]),
    .claims("exp very negative", ["exp": .integer(Int64.min)]),
    .claims("exp the largest number", ["exp": .integer(Int64.max)]),
    .claims("exp that wraps around", ["exp": .number("18446744075609552216")]),
    .claims("exp of 60 digits", ["exp": .number("9".repeated(60))]),
    .claims("exp in milliseconds", ["exp": .integer((second + 600) * 1000)]),
    .claims("exp before iat", ["iat": .integer(second + 20), "exp": .integer(second + 10)]),
    .claims("exp at iat", ["iat": .integer(second + 20), "exp": .integer(second + 20)]),
    .claims(
      "lifetime over the cap",
      ["iat": .integer(second), "exp": .integer(second + lifetimeSecondsMax + 1)]),
    .claims("lifetime of a century", ["exp": .integer(second + 3_153_600_000)]),
    .claims("exp under another name", ["exp": nil, "Exp": .integer(second + 600)]),
  ]

  static let beginnings: [Forgery] = [
    .claims("nbf in the future", ["nbf": .integer(second + 31)]),
    .claims("nbf far in the future", ["nbf": .integer(second + 599)]),
    .claims("nbf a string", ["nbf": .string("\(second - 60)")]),
    .claims("nbf null", ["nbf": .null]),
    .claims("nbf a float", ["nbf": .number("1899999940.0")]),
    .claims("nbf 1e300", ["nbf": .number("1e300")]),
    .claims("nbf negative", ["nbf": -1]),
    .claims("iat missing", ["iat": nil]),
    .claims("iat null", ["iat": .null]),
    .claims("iat a string", ["iat": .string("\(second - 60)")]),
    .claims("iat in the future", ["iat": .integer(second + 31)]),
    .claims("iat far in the future", ["iat": .integer(second + 599)]),
    .claims("iat a float", ["iat": .number("1899999940.5")]),
    .claims("iat negative", ["iat": -1, "exp": .integer(second + 600)]),
    .claims("iat 1e300", ["iat": .number("1e300")]),
    .claims("iat that makes the lifetime wrap", ["iat": .integer(Int64.min)]),
  ]

  static let parties: [Forgery] = [
    .claims("iss missing", ["iss": nil]),
    .claims("iss null", ["iss": .null]),
    .claims("iss empty", ["iss": ""]),
    .claims("iss of another", ["iss": "https://example.org"]),
    .claims("iss and a slash", ["iss": "urn:usance/"]),
    .claims("iss and a space", ["iss": "urn:usance "]),
    .claims("iss and a NUL", ["iss": "urn:usance\u{0}"]),
    .claims("iss in upper case", ["iss": "URN:USANCE"]),
    .claims("iss and more", ["iss": "urn:usance.example.org"]),
    .claims("iss with a Cyrillic a", ["iss": "urn:us\u{430}nce"]),
    .claims("iss with a zero-width space", ["iss": "urn:\u{200B}usance"]),
    .claims("iss with a wide colon", ["iss": "urn\u{FF1A}usance"]),
    .claims("iss an array", ["iss": ["urn:usance"]]),
    .claims("iss the audience", ["iss": "urn:usance:api"]),
    .claims("aud missing", ["aud": nil]),
    .claims("aud null", ["aud": .null]),
    .claims("aud empty", ["aud": ""]),
    .claims("aud of another", ["aud": "https://example.org/api"]),
    .claims("aud the issuer", ["aud": "urn:usance"]),
    .claims("aud and a slash", ["aud": "urn:usance:api/"]),
    .claims("aud and more", ["aud": "urn:usance:api:v2"]),
    .claims("aud in upper case", ["aud": "urn:usance:API"]),
    .claims("aud with a Cyrillic a", ["aud": "urn:usance:\u{430}pi"]),
    .claims("aud an array of the right one", ["aud": ["urn:usance:api"]]),
    .claims("aud an array of two", ["aud": ["urn:usance:api", "https://example.org/api"]]),
    .claims("aud an empty array", ["aud": []]),
  ]

  static let identities: [Forgery] = [
    .claims("jti missing", ["jti": nil]),
    .claims("jti null", ["jti": .null]),
    .claims("jti empty", ["jti": ""]),
    .claims("jti a number", ["jti": 7]),
    .claims("jti an array", ["jti": ["token-1"]]),
    .claims("jti revoked", ["jti": "revoked-1"]),
    .claims("sub missing", ["sub": nil]),
    .claims("sub null", ["sub": .null]),
    .claims("sub empty", ["sub": ""]),
    .claims("sub a number", ["sub": 7]),
    .claims("client_id missing", ["client_id": nil]),
    .claims("client_id null", ["client_id": .null]),
    .claims("client_id a number", ["client_id": 7]),
    .claims("scope missing", ["scope": nil]),
    .claims("scope null", ["scope": .null]),
    .claims("scope a number", ["scope": 7]),
    .claims("scope an array", ["scope": ["events:write"]]),
    .claims("sources a text", ["sources": "//acme"]),
    .claims("sources null", ["sources": .null]),
    .claims("no source at all", ["sources": []]),
    .claims("a source that is a number", ["sources": ["//acme", 1]]),
    .claims("an empty source", ["sources": [""]]),
    .claims("a source with a line break", ["sources": ["//acme\n"]]),
    .claims("too many sources", ["sources": .array(Array(repeating: "a", count: 65))]),
    .claims("assets an object", ["assets": ["a": "b"]]),
    .claims("an asset too long", ["assets": [.string(String(repeating: "a", count: 257))]]),
  ]

  static let claimTexts: [Forgery] = [
    .claimsText("exp twice") { $0.adding(#""exp":\#(second + 600)"#) },
    .claimsText("exp twice, the first past") { $0.beginning(#""exp":1"#) },
    .claimsText("exp twice, once escaped") { $0.adding(#""\u0065xp":\#(second + 601)"#) },
    .claimsText("sub twice") { $0.adding(#""sub":"cityline""#) },
    .claimsText("sub twice, once escaped") { $0.adding(#""\u0073\u0075b":"x""#) },
    .claimsText("scope twice") { $0.adding(#""scope":"tokens:revoke""#) },
    .claimsText("scope twice, the first larger") { $0.beginning(#""scope":"billing:run""#) },
    .claimsText("iss twice") { $0.adding(#""iss":"urn:usance""#) },
    .claimsText("aud twice") { $0.adding(#""aud":"urn:usance:api""#) },
    .claimsText("jti twice") { $0.adding(#""jti":"token-2""#) },
    .claimsText("client_id twice, once escaped") { $0.adding(#""client\u005Fid":"x""#) },
    .claimsText("an unknown name twice") { $0.adding(#""a":1,"a":1"#) },
    .claimsText("a name twice, further down") { $0.adding(#""a":{"b":[{"c":1,"c":1}]}"#) },
    .claimsText("empty") { _ in "" },
    .claimsText("an empty object") { _ in "{}" },
    .claimsText("null") { _ in "null" },
    .claimsText("an array") { "[\($0)]" },
    .claimsText("another object after them") { $0 + $0 },
    .claimsText("a NUL after them") { $0 + "\u{0}" },
    .claimsText("a byte order mark") { "\u{FEFF}" + $0 },
    .claimsText("NaN for a number") { $0.adding(#""a":NaN"#) },
    .claimsText("a lone surrogate") { $0.adding(#""a":"\uD800""#) },
    .claimsText("nested a hundred deep") {
      $0.adding(#""a":\#("[".repeated(100))1\#("]".repeated(100))"#)
    },
    Forgery("claims: not UTF-8") { smith in
      let bytes = Array(smith.claims.text.utf8.dropLast()) + Array(#","a":""#.utf8)
      let claims = Base64URL.encode(bytes + [0xFF] + Array(#""}"#.utf8))
      return smith.seal(Base64URL.encode(smith.header.text.utf8), claims)
    },
  ]
}
