import Base
import Ingestion
import Testing

/// A device that got no answer sends again: that must not look like another event.
struct PayloadIdentityTests {
  static func payload(
    type: Int64 = 1, subject: Int64? = 2, time: Int64 = 3, attributes: String? = nil,
    data: String? = nil
  ) -> PayloadIdentity {
    PayloadIdentity(
      type: type, subject: subject, occurredMicroseconds: time,
      attributes: attributes.map { Array($0.utf8) }, data: data.map { Array($0.utf8) })
  }

  /// The data of an event and of a second one under the same identity: do both say the same?
  static let data: [(String?, String?, Bool)] = [
    (nil, nil, true), ("{}", "{}", true), (nil, "{}", false), (nil, "null", false),
    (#"{"a":1,"b":[2]}"#, #" { "b" : [ 2 ] , "a" : 1 } "#, true),
    (#"{"a":{"c":1,"b":2}}"#, #"{"a":{"b":2,"c":1}}"#, true),
    // One number in many spellings.
    ("1.50", "15e-1", true), ("1.5", "1.500", true), ("0", "-0", true), ("0.0", "0e5", true),
    ("100", "1e2", true), ("1.5", "1.51", false), ("1", "-1", false), ("1", "\"1\"", false),
    ("0.1", "0.1000000000000000055511151231257827", false),
    ("1e99", "1e98", false),
    ("123456789012345678901234567890", "123456789012345678901234567891", false),
    (String(repeating: "9", count: 60), String(repeating: "9", count: 60), true),
    (#""\u0041""#, #""A""#, true), (#"{"\u0061":1}"#, #"{"a":1}"#, true), (#""a""#, #""A""#, false),
    // Two ways to write é are two texts.
    ("\"é\"", "\"e\u{301}\"", false), ("\"é\"", #""\u00e9""#, true),
    // The order of a list says something, that of members does not.
    ("[1,2]", "[2,1]", false), ("[1]", "[1,1]", false), (#"{"a":1}"#, #"{"a":1,"b":1}"#, false),
    (#"{"a":null}"#, "{}", false), ("true", "false", false), ("[]", "{}", false),
  ]

  @Test(arguments: data)
  func comparesDataByValue(first: String?, second: String?, isSame: Bool) {
    let (left, right) = (Self.payload(data: first), Self.payload(data: second))
    #expect(left.isSame(as: right, ignoringTime: false) == isSame)
    #expect(right.isSame(as: left, ignoringTime: false) == isSame)
  }

  @Test(arguments: [
    (nil, nil, true), (#""a":1,"b":2"#, #""b":2.0,"a":1"#, true), (#""a":1"#, nil, false),
    (#""a":1"#, #""a":2"#, false), (#""a":1"#, #""b":1"#, false),
  ])
  func comparesTheOtherAttributesByValue(first: String?, second: String?, isSame: Bool) {
    let (left, right) = (Self.payload(attributes: first), Self.payload(attributes: second))
    #expect(left.isSame(as: right, ignoringTime: false) == isSame)
  }

  @Test func anotherTypeSubjectOrTimeIsAnotherPayload() {
    let first = Self.payload()
    #expect(first.isSame(as: Self.payload(), ignoringTime: false))
    #expect(!first.isSame(as: Self.payload(type: 9), ignoringTime: false))
    #expect(!first.isSame(as: Self.payload(subject: 9), ignoringTime: false))
    #expect(!first.isSame(as: Self.payload(subject: nil), ignoringTime: false))
    #expect(!first.isSame(as: Self.payload(time: 9), ignoringTime: false))
  }

  @Test func theTimeIsNoDifferenceWhereTheServerGaveIt() {
    #expect(Self.payload(time: 3).isSame(as: Self.payload(time: 9), ignoringTime: true))
    #expect(!Self.payload(type: 8, time: 3).isSame(as: Self.payload(time: 9), ignoringTime: true))
  }
}
