import Base
import Testing

/// RFC 3339 as devices write it, and as they should not.
struct InstantParserTests {
  /// What was written, and the same moment in UTC.
  static let readable: [(String, String)] = [
    ("2013-01-01T11:00:00Z", "2013-01-01T11:00:00Z"),
    ("2013-01-01t11:00:00z", "2013-01-01T11:00:00Z"),
    ("2013-01-01 11:00:00Z", "2013-01-01T11:00:00Z"),
    ("2013-01-01T06:00:00-05:00", "2013-01-01T11:00:00Z"),
    ("2013-01-01T16:45:00+05:45", "2013-01-01T11:00:00Z"),
    ("2013-01-01T11:00:00-00:00", "2013-01-01T11:00:00Z"),
    ("2012-12-31T23:30:00-01:00", "2013-01-01T00:30:00Z"),
    ("2013-03-01T00:30:00+01:00", "2013-02-28T23:30:00Z"),
    ("2012-03-01T00:30:00+01:00", "2012-02-29T23:30:00Z"),
    ("2013-01-01T11:00:00.5Z", "2013-01-01T11:00:00.500000Z"),
    ("2013-01-01T11:00:00.000001Z", "2013-01-01T11:00:00.000001Z"),
    // Digits beyond the microsecond are cut, never rounded into the next period.
    ("2012-12-31T23:59:59.9999999Z", "2012-12-31T23:59:59.999999Z"),
    ("2012-12-31T23:59:59.999999999999999999Z", "2012-12-31T23:59:59.999999Z"),
    // A leap second belongs to the second before it.
    ("2012-06-30T23:59:60Z", "2012-06-30T23:59:59Z"),
    ("2012-06-30T23:59:60.75Z", "2012-06-30T23:59:59.750000Z"),
    ("2012-07-01T01:59:60+02:00", "2012-06-30T23:59:59Z"),
    // Before 1970, and the first and last moments there are.
    ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"),
    ("1900-01-01T00:00:00+00:30", "1899-12-31T23:30:00Z"),
    ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
    ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
    ("2013-01-01T00:00:00+23:59", "2012-12-31T00:01:00Z"),
  ]

  @Test(arguments: readable)
  func reads(text: String, inUTC: String) throws {
    #expect(try #require(Instant(text)).description == inUTC)
  }

  @Test(arguments: [
    "", "2013", "2013-01-01", "2013-01-01T11:00:00", "11:00:00Z",
    // No such day, hour, minute, second or offset.
    "2013-02-29T00:00:00Z", "2013-04-31T00:00:00Z", "2013-00-01T00:00:00Z",
    "2013-13-01T00:00:00Z", "2013-01-00T00:00:00Z", "2013-01-01T24:00:00Z",
    "2013-01-01T11:60:00Z", "2013-01-01T11:00:61Z", "2013-01-01T11:00:00+24:00",
    "2013-01-01T11:00:00+01:60",
    // Pieces that are missing, too long, or something else.
    "2013-1-1T11:00:00Z", "13-01-01T11:00:00Z", "2013-01-01T11:00Z", "2013-01-01T11Z",
    "20130101T110000Z", "2013-01-01T11:00:00+0100", "2013-01-01T11:00:00+01",
    "2013-01-01T11:00:00.Z", "2013-01-01T11:00:00,5Z", "2013-01-01T11:00:00.5",
    "2013-01-01T11:00:00.0000000000000000000Z", "2013-01-01T11:00:00ZZ", " 2013-01-01T11:00:00Z",
    "2013-01-01T11:00:00Z ", "2013-01-01T11:00:00Z\0", "2013/01/01T11:00:00Z",
    "2013-01-01T11:00:00 GMT", "2013-01-01T-1:00:00Z", "+2013-01-01T11:00:00Z",
    "-2013-01-01T11:00:00Z", "２０１３-01-01T11:00:00Z", "1357038000",
    // Outside the years 1 to 9999, by the date or by the offset.
    "0000-12-31T23:59:59Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
    "12013-01-01T11:00:00Z",
  ])
  func refuses(text: String) {
    #expect(Instant(text) == nil)
  }

  /// No beginning of a moment is a moment.
  @Test func refusesATruncationAtEveryByte() {
    let text = "2013-01-01T06:00:00.123456-05:00"
    for length in 0..<text.utf8.count {
      #expect(Instant(String(text.prefix(length))) == nil, "\(text.prefix(length))")
    }
  }

  /// Random bytes in the place of one byte: a moment or nothing, never a crash.
  @Test func survivesEveryByteInEveryPlace() {
    let text = Array("2013-01-01T06:00:00.123456-05:00".utf8)
    for place in text.indices {
      for byte in UInt8.min...UInt8.max {
        var changed = text
        changed[place] = byte
        let instant = changed.withUnsafeBytes { Instant(text: $0) }
        let isDigit = (48...57).contains(byte)
        if instant != nil, byte != text[place] { #expect(isDigit || "Tt zZ+-".utf8.contains(byte)) }
      }
    }
  }
}
