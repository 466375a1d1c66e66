import Base
import Metering
import TestSupport
import Testing

/// Adding up a number that each event carries in its data.
struct SumMeterTests {
  static func units(
    _ data: String, at pointer: String = "/n", places: Int = 0, allowsNegative: Bool = false
  ) throws -> Int64 {
    let terms = try NumberTerms(value: pointer, places: places, allowsNegative: allowsNegative)
    let result = Array(data.utf8).withUnsafeBytes { bytes in
      Result { () throws(Fault) in try terms.units(in: bytes) }
    }
    return try result.get()
  }

  /// The data of an event, where its number stands, and what the meter reads.
  static let readable: [(String, String, Int64)] = [
    (#"{"n":13620}"#, "/n", 13_620), (#"{ "n" : 13620 }"#, "/n", 13_620),
    (#"{"a":1,"n":2,"b":3}"#, "/n", 2), (#"{"n":"13620"}"#, "/n", 13_620), (#"{"n":0}"#, "/n", 0),
    (#"{"n":-0}"#, "/n", 0), (#"{"n":1.0}"#, "/n", 1), (#"{"n":12e2}"#, "/n", 1200),
    (#"{"n":"15.0e1"}"#, "/n", 150), (#"{"\u006e":7}"#, "/n", 7), (#"{"n":"\u0037"}"#, "/n", 7),
    // Numbers that stand deeper, behind others of the same name.
    (#"{"a":{"b":{"n":5}}}"#, "/a/b/n", 5), (#"{"a":{"n":1},"n":2}"#, "/n", 2),
    (#"{"n":{"n":1},"a":{"n":3}}"#, "/a/n", 3), (#"{"x":[{"n":1}],"n":4}"#, "/n", 4),
    // Names with the signs of a pointer in them: ~1 is a slash, ~0 a tilde.
    (#"{"km/h":9}"#, "/km~1h", 9), (#"{"a~b":9}"#, "/a~0b", 9), (#"{"~1":9}"#, "/~01", 9),
    (#"{"/":9}"#, "/~1", 9), (#"{"":9}"#, "/", 9), (#"{"":{"":9}}"#, "//", 9),
    (#"{"a":{"\u0301b":9}}"#, "/a/\u{301}b", 9),
    (#"{"é":9}"#, "/é", 9), (#"{"\u00e9":9}"#, "/é", 9), (#"{"a b":9}"#, "/a b", 9),
    (#"{"n":9223372036854775807}"#, "/n", .max),
  ]

  @Test(arguments: readable)
  func readsTheNumberAtTheEndOfItsPath(data: String, pointer: String, units: Int64) throws {
    #expect(try Self.units(data, at: pointer) == units)
  }

  static let unreadable: [(String, String)] = [
    ("", "/n"), ("{}", "/n"), ("null", "/n"), ("7", "/n"), ("\"7\"", "/n"), ("[7]", "/n"),
    ("[7]", "/0"), (#"{"N":7}"#, "/n"), (#"{"n":null}"#, "/n"), (#"{"n":true}"#, "/n"),
    (#"{"n":[7]}"#, "/n"), (#"{"n":{"n":7}}"#, "/n"), (#"{"n":7}"#, "/n/n"),
    (#"{"n":{"a":1},"b":2}"#, "/n/x"), (#"{"a":7}"#, "/n"),
    (#"{"n":"seven"}"#, "/n"), (#"{"n":""}"#, "/n"), (#"{"n":" 7"}"#, "/n"), (#"{"n":"7 "}"#, "/n"),
    (#"{"n":"+7"}"#, "/n"), (#"{"n":"07"}"#, "/n"), (#"{"n":"7."}"#, "/n"),
    (#"{"n":"1,000"}"#, "/n"),
    (#"{"n":"1e+-2"}"#, "/n"), (#"{"n":"0x10"}"#, "/n"), (#"{"n":"NaN"}"#, "/n"),
    (#"{"n":"Infinity"}"#, "/n"),
    // Too large, and with more places than the meter has: it would have to be rounded.
    (#"{"n":9223372036854775808}"#, "/n"), (#"{"n":1e99}"#, "/n"), (#"{"n":0.5}"#, "/n"),
    (#"{"n":1e-99}"#, "/n"), (#"{"n":"99999999999999999999999999999999999999999"}"#, "/n"),
    // Accents make another name of it.
    ("{\"e\u{301}\":7}", "/é"),
  ]

  @Test(arguments: unreadable)
  func refusesWhatIsNoNumberWithThePlace(data: String, pointer: String) {
    let fault = fault { try Self.units(data, at: pointer) }
    #expect(fault?.code == .unreadableValue)
    #expect(fault?.pointer == "/data" + pointer)
  }

  /// A number, the places of the meter, and its units; nil where it has more places.
  @Test(
    arguments: [
      ("1.5", 1, 15), ("1.5", 3, 1500), ("1.50", 1, 15), ("15e-1", 1, 15), ("1.5", 0, nil),
      ("0.000000001", 9, 1), ("0.0000000001", 9, nil), ("9223372036.854775807", 9, .max),
      ("9223372036.854775808", 9, nil),
    ] as [(String, Int, Int64?)])
  func keepsItsPlacesExactly(number: String, places: Int, units: Int64?) {
    for data in [#"{"n":\#(number)}"#, #"{"n":"\#(number)"}"#] {
      #expect((try? Self.units(data, places: places)) == units)
    }
  }

  @Test(arguments: ["-1", "-0.01", "-9223372036854775.00"])
  func aNegativeRunningTimeIsRefusedAndANegativeAmountIsNot(number: String) throws {
    let data = #"{"n":\#(number)}"#
    let fault = fault { try Self.units(data, places: 2) }
    #expect(fault?.code == .negativeQuantity)
    #expect(fault?.pointer == "/data/n")
    #expect(try Self.units(data, places: 2, allowsNegative: true) < 0)
  }

  @Test func readsDataThatNestsAsDeepAsADocumentMay() throws {
    let path = String(repeating: "/a", count: 60)
    let data =
      String(repeating: #"{"a":"#, count: 60) + "7" + String(repeating: "}", count: 60)
    #expect(try Self.units(data, at: path) == 7)
    #expect(fault { try Self.units(data, at: String(path.dropLast(2))) } != nil)
  }

  /// The log holds only JSON; whatever else comes, nothing is read behind its end.
  @Test func survivesDataThatIsNoJSON() {
    let data = Array(#"{"a":{"x":1},"n":12.5e1}"#.utf8)
    for length in 0..<data.count {
      let text = String(decoding: data[..<length], as: UTF8.self)
      let units = try? Self.units(text)
      #expect(units.map { 1...125 ~= $0 } ?? true, "\(text)")
    }
  }

  @Test(arguments: [
    "", "n", "a/b", "#/n", "$.n", "/a~", "/a~2b", "/~", "/a/~x/b",
    "/" + String(repeating: "n", count: 200),
  ])
  func refusesWhatIsNoPointerIntoData(pointer: String) {
    #expect(fault { try NumberTerms(value: pointer) }?.code == .invalidValue)
  }

  @Test(arguments: [-1, 10])
  func hasZeroToNinePlaces(places: Int) {
    #expect(fault { try NumberTerms(value: "/n", places: places) }?.code == .invalidValue)
  }
}
