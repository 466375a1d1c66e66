import Base
import Testing

@testable import Ingestion

/// When two payloads say the same.
struct PayloadLikenessTests {
  private static func likeness(_ text: String, type: UInt64 = 1) -> UInt64 {
    Array(text.utf8).withUnsafeBytes { PayloadLikeness.of($0, type: type) }
  }

  @Test(arguments: [
    (#"{"n":1.50,"to":{"a":[1,2],"b":null}}"#, #" { "to":{"b":null,"a":[ 1, 2.0 ]},"n":15e-1 }"#),
    (#""a\u00e9""#, #""\u0061é""#), ("100", "1e2"), ("0", "-0.0"), ("[ ]", "[]"), ("{ }", "{}"),
    ("12345678901234567890", "1234567890123456789e1"),
  ])
  func sameValues(one: String, other: String) {
    #expect(Self.likeness(one) == Self.likeness(other), "\(one) and \(other)")
  }

  @Test func otherValues() {
    let texts = [
      "", "null", "true", "false", "1", "-1", "10", "0.1", #""1""#, #""""#, "[]", "{}", "[1]",
      "[[1]]", "[1,2]", "[2,1]", "[1,[2]]", #"{"a":1}"#, #"{"a":2}"#, #"{"b":1}"#, #"{"a":[1]}"#,
      #"{"a":1,"b":2}"#, #"{"a":2,"b":1}"#, #"{"a":{"b":1}}"#, #"{"a":null}"#, #"[{"a":1}]"#,
      #"{"a":"b"}"#, #"{"b":"a"}"#, #"["a","b"]"#, #"["b","a"]"#, "1e30", "no json", "[1",
    ]
    let hashes = texts.map { Self.likeness($0) } + [Self.likeness("1", type: 2)]
    #expect(Set(hashes).count == hashes.count)
  }

  /// As `PayloadIdentity` tells a repeat from a conflict, so are look-alikes told.
  @Test func likeARepeat() throws {
    func payload(_ text: String) -> PayloadIdentity {
      PayloadIdentity(
        type: 1, subject: nil, occurredMicroseconds: 0, attributes: nil, data: Array(text.utf8))
    }
    let texts = [
      "1", "1.0", #"{"a":1,"b":[2]}"#, #"{"b":[2.0],"a":1}"#, #"{"a":1,"b":2}"#, "10e-1",
    ]
    for one in texts {
      for other in texts {
        #expect(
          (Self.likeness(one) == Self.likeness(other))
            == payload(one).isSame(as: payload(other), ignoringTime: true), "\(one) and \(other)")
      }
    }
  }
}
