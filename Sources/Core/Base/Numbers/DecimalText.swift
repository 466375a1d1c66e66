/// The exact value of a JSON number: significand times ten to the exponent, without trailing zeros,
/// so that `1.50`, `15e-1` and `1.5` are one value.
package struct DecimalText: Hashable, Sendable {
  package let significand: Int128
  package let exponent: Int

  private init(integer: Int) {
    significand = Int128(integer)
    exponent = 0
  }

  /// Reads bytes where they stand. Nearly every number is a few digits and nothing else.
  package static func read(_ text: UnsafeRawBufferPointer) -> DecimalText? {
    guard (1...9).contains(text.count), text[0] != UInt8(ascii: "0"),
      text[text.count - 1] != UInt8(ascii: "0")
    else { return DecimalText(text) }
    var number = 0
    for byte in text {
      let digit = byte &- UInt8(ascii: "0")
      guard digit <= 9 else { return DecimalText(text) }
      number = number * 10 + Int(digit)
    }
    return DecimalText(integer: number)
  }

  /// Nil where the text is not a number of JSON, or has more than 36 significant digits.
  package init?(_ text: some Sequence<UInt8>) {
    var significand: Int128 = 0
    var exponent = 0
    var (negative, behindPoint) = (false, false)
    var written: (value: Int, negative: Bool)?
    var previous: UInt8?
    for byte in text {
      switch byte {
      case UInt8(ascii: "-") where previous == nil: negative = true
      case UInt8(ascii: ".") where isDigit(previous) && !behindPoint && written == nil:
        behindPoint = true
      case UInt8(ascii: "e") where isDigit(previous) && written == nil,
        UInt8(ascii: "E") where isDigit(previous) && written == nil:
        written = (0, false)
      case UInt8(ascii: "+") where isExponentMark(previous): break
      case UInt8(ascii: "-") where isExponentMark(previous): written?.negative = true
      case _ where isDigit(byte):
        let digit = Int(byte - UInt8(ascii: "0"))
        if let exponent = written {
          guard exponent.value < 1000 else { return nil }
          written?.value = exponent.value * 10 + digit
        } else {
          let followsLeadingZero = significand == 0 && isDigit(previous) && !behindPoint
          guard significand < DecimalText.significandLimit, !followsLeadingZero else { return nil }
          significand = significand * 10 + Int128(digit)
          exponent -= behindPoint ? 1 : 0
        }
      default: return nil
      }
      previous = byte
    }
    guard isDigit(previous) else { return nil }
    if let written { exponent += written.negative ? -written.value : written.value }
    while significand != 0, significand.isMultiple(of: 10) {
      significand /= 10
      exponent += 1
    }
    self.significand = negative ? -significand : significand
    self.exponent = significand == 0 ? 0 : exponent
  }

  /// The value in units of 10^-places, or nil where digits would be lost or it does not fit.
  package func units(places: Int) -> Int128? {
    let shift = exponent + places
    guard significand != 0 else { return 0 }
    guard (0...37).contains(shift) else { return nil }
    let (units, overflow) = significand.multipliedReportingOverflow(by: Rounding.powerOfTen(shift))
    return overflow ? nil : units
  }

  /// Below it there is room for one more digit.
  private static let significandLimit = Rounding.powerOfTen(35)
}

private func isDigit(_ byte: UInt8?) -> Bool {
  byte.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
}

private func isExponentMark(_ byte: UInt8?) -> Bool {
  byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E")
}
