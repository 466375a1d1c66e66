/// `7` as `007`: a number that is not negative, filled with zeros up to `width`.
package func padded(_ number: some BinaryInteger, to width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// `-1250` units at 2 places as `-12.50`.
func decimalText(_ units: Int128, places: Int) -> String {
  // Nearly every number fits a word.
  if let units = Int64(exactly: units) {
    return LineWriter.text(of: LineWriter.decimalBytesMax + places) {
      $0.put(decimal: units, places: places)
    }
  }
  let digits = padded(units.magnitude, to: places + 1)
  let whole = (units < 0 ? "-" : "") + digits.dropLast(places)
  return places == 0 ? whole : "\(whole).\(digits.suffix(places))"
}
