/// A decimal number with a stated number of places: a rate, a factor, a printed amount.
///
/// `1.04` and `1.0400` are equal numbers but different values: the places are part of what was
/// agreed, and are printed back as they were written.
package struct Fixed: Hashable, Sendable {
  package let units: Int128
  package let places: Int

  package static let placesMax = 12

  package init(units: Int128, places: Int) {
    precondition((0...Fixed.placesMax).contains(places), "a decimal has 0 to 12 places")
    self.units = units
    self.places = places
  }

  /// Reads `-12.50`; no exponent, no sign `+`, no bare point, at most 24 digits and 12 places.
  package init(_ text: some StringProtocol) throws(Fault) {
    var units: Int128 = 0
    var digits = 0
    var places: Int? = nil
    let negative = text.utf8.first == UInt8(ascii: "-")
    for byte in text.utf8.dropFirst(negative ? 1 : 0) {
      switch byte {
      case UInt8(ascii: ".") where places == nil && digits > 0:
        places = 0
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        units = units * 10 + Int128(byte - UInt8(ascii: "0"))
        digits += 1
        places = places.map { $0 + 1 }
      default:
        throw Fixed.unreadable(text)
      }
      guard digits <= 24 else { throw Fixed.unreadable(text) }
    }
    guard digits > 0, places != 0, (places ?? 0) <= Fixed.placesMax else {
      throw Fixed.unreadable(text)
    }
    self.init(units: negative ? -units : units, places: places ?? 0)
  }

  package var ratio: Ratio {
    get throws(Fault) { try Ratio(units, over: Rounding.powerOfTen(places)) }
  }

  /// This number at another number of places, or nil where digits would be lost or not fit.
  package func exactly(places target: Int) -> Fixed? {
    guard target != places else { return self }
    let factor = Rounding.powerOfTen(abs(target - places))
    if target > places {
      let (units, overflow) = units.multipliedReportingOverflow(by: factor)
      return overflow ? nil : Fixed(units: units, places: target)
    }
    let (quotient, remainder) = units.quotientAndRemainder(dividingBy: factor)
    return remainder == 0 ? Fixed(units: quotient, places: target) : nil
  }

  private static func unreadable(_ text: some StringProtocol) -> Fault {
    Fault(.invalidValue, "`\(text.prefix(40))` is not a decimal of at most 24 digits, 12 places")
  }
}

extension Fixed: CustomStringConvertible {
  package var description: String { decimalText(units, places: places) }

  /// `1234567.50` as `1,234,567.50`, for people.
  package var grouped: String {
    let plain = Array(description.utf8)
    let first = units < 0 ? 1 : 0
    let point = plain.firstIndex(of: UInt8(ascii: ".")) ?? plain.count
    guard point - first > 3 else { return description }
    var text: [UInt8] = []
    for (place, byte) in plain.enumerated() {
      if place > first, place < point, (point - place).isMultiple(of: 3) {
        text.append(UInt8(ascii: ","))
      }
      text.append(byte)
    }
    return String(decoding: text, as: UTF8.self)
  }
}
