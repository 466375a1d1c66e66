/// `7` as `007`: a number that is not negative, filled with zeros up to `width`.
package func padded(_ number: some BinaryInteger, to width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// `-1250` units at 2 places as `-12.50`.
func decimalText(_ units: Int128, places: Int) -> String {
  var bytes: [UInt8] = []
  append(decimal: units, places: places, to: &bytes)
  return String(decoding: bytes, as: UTF8.self)
}

/// The same behind some bytes: the events of a month are many.
func append(decimal units: Int128, places: Int, to bytes: inout [UInt8]) {
  if units < 0 { bytes.append(UInt8(ascii: "-")) }
  let start = bytes.count
  var rest = units.magnitude
  var digits = 0
  // The last digit first; nearly every number fits a word, which is far quicker divided.
  while rest > UInt128(UInt64.max) {
    appendDigit(UInt64(rest % 10))
    rest /= 10
  }
  var word = UInt64(rest)
  while word > 0 || digits <= places {
    appendDigit(word % 10)
    word /= 10
  }
  bytes[start...].reverse()

  func appendDigit(_ digit: UInt64) {
    if digits == places, places > 0 { bytes.append(UInt8(ascii: ".")) }
    bytes.append(UInt8(ascii: "0") + UInt8(digit))
    digits += 1
  }
}
