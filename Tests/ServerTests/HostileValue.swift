import Base

/// Values at and beyond the ends of every kind that a client may send.
enum HostileValue {
  private static let numbers = [
    "0", "-1", "+1", "1", "9223372036854775806", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "-9223372036854775809", "18446744073709551616",
    "1000000000000000000000000000000", "-170141183460469231731687303715884105729", "1e309", "NaN",
    "0x10", "007", "1_000", "%D9%A1%D9%A2",
  ]
  private static let texts = [
    "", "%00", "%ff%fe", "%c0%af", "%ed%a0%80", "%F0%9F%92%A5", "%", "%zz", "..",
    "..%2f..%2fetc%2fpasswd",
    "'%20OR%201=1--", "%0d%0aX-Evil:1", "%22", "~", "*", "true", "null",
    String(repeating: "a", count: 3000),
    String(repeating: "%41", count: 1000), "a,,b", ",", "minute", "period", "csv",
  ]
  private static let times = [
    "0001-01", "9999-12", "0000-00", "0000-01", "10000-01", "-0001-01", "2026-13", "9999-12~2",
    "c~9999-12", "acme-hours~0001-01", "acme-hours~9999-12~9223372036854775807", "0001-01-01",
    "9999-12-31", "2026-02-30", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00%2B23:59",
    "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59-23:59", "10000-01-01T00:00:00Z",
    "2016-12-31T23:59:60Z", "2026-01-01T00:00:00%2B99:99", "2026-01-01T00:00:00", "Europe/Berlin",
    "Pacific/Apia", "Etc/GMT%2B14", "../../etc/passwd", "UTC",
  ]

  /// As they stand on the first line of a request.
  static let all = numbers + texts + times + cursors

  /// Positions that a list might have given.
  private static let cursors =
    [
      "9223372036854775807", "9223372036854775806", "-1", "-9223372036854775808", "1e3", "",
      "[\"a\",\"b\",\"c\",\"d\"]", "[]", "\u{0}", "acme-hours~9999-12",
    ].map { base64($0) } + ["AA", "_w", "=", "A"]

  static let headers = [
    "Accept", "If-Match", "If-None-Match", "Prefer", "Idempotency-Key", "Usance-Mapping", "Range",
    "Content-Range", "Content-Encoding", "Accept-Language", "Cookie", "X-Forwarded-For", "ce-id",
    "ce-source", "ce-specversion", "ce-type", "ce-time", "If-Modified-Since",
  ]
  static let inHeaders = [
    "", "*", "\"9223372036854775807\"", "\"-1\"", "\"99999999999999999999\"", "\"1\"", "text/csv",
    "text/html", "application/pdf", "*/*;q=0", "a/b;q=9999999999999999999", ";q=", "/", "bytes=0-1",
    "bytes 0-9223372036854775807/1", "gzip", "return=minimal", "{}", "[", "1.0", "%00", "%ff",
    "usance_session=x", String(repeating: "z", count: 2000), "0001-01-01T00:00:00Z",
  ]

  static let inBodies: [JSON] = [
    .null, true, [], [:], "", "\u{0}", "\u{FEFF}", "NaN", .number("1e999"), .number("-1"),
    .number("9223372036854775807"), .number("9223372036854775808"),
    .number("1000000000000000000000000000000"), .number("1e-999"), "999999999999999999999999",
    "-999999999999999999999999", "0.000000000001", "0000-00-00", "9999-12-31",
    "9999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00Z", "9999-12", "0001-01", "Pacific/Apia",
    .string(String(repeating: "x", count: 5000)), [[[[[[[[]]]]]]]], "=1+1", "\u{301}", "/",
  ]

  private static func base64(_ text: String) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    var (bits, count, encoded) = (0, 0, "")
    for byte in text.utf8 {
      (bits, count) = (bits << 8 | Int(byte), count + 8)
      while count >= 6 {
        count -= 6
        encoded.append(digits[bits >> count & 63])
      }
      bits &= (1 << count) - 1
    }
    if count > 0 { encoded.append(digits[bits << (6 - count) & 63]) }
    return encoded
  }
}
