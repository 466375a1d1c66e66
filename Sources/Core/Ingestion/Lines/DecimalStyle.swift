import Base

/// How offices write numbers: with a decimal comma, with thousands apart.
package struct DecimalStyle: Hashable, Sendable {
  package enum Point: String, CaseIterable, Sendable {
    case point = "."
    case comma = ","

    var scalar: Unicode.Scalar { self == .point ? "." : "," }
  }

  package let point: Point
  /// What stands between thousands, where anything does.
  package let group: Unicode.Scalar

  /// Without a sign for thousands, it is the other of point and comma.
  package init(point: Point, group: Unicode.Scalar? = nil) {
    self.point = point
    self.group = group ?? (point == .point ? "," : ".")
  }

  /// Signs that stand between thousands somewhere: also spaces that do not break, and apostrophes.
  static func readGroup(_ node: Node) throws(Fault) -> Unicode.Scalar {
    let scalars = Array(try Node.text(node).unicodeScalars)
    guard scalars.count == 1, ".,' _\u{A0}\u{202F}\u{2019}".unicodeScalars.contains(scalars[0])
    else { throw node.fault("one of . , ' _ and a space") }
    return scalars[0]
  }

  /// The number as JSON writes it; nil where it is none. Thousands are apart everywhere or nowhere.
  package func plain(_ text: String) -> String? {
    var rest = Substring(text)
    let isNegative = rest.first == "-"
    if isNegative { rest = rest.dropFirst() }
    let parts = rest.unicodeScalars.split(separator: point.scalar, omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let whole = ungrouped(parts[0]) else { return nil }
    let digits = whole.drop { $0 == "0" }
    let plain = (isNegative ? "-" : "") + (digits.isEmpty ? "0" : String(digits))
    guard parts.count == 2 else { return plain }
    let places = String(parts[1])
    guard !places.isEmpty, places.utf8.allSatisfy(DecimalStyle.isDigit) else { return nil }
    return "\(plain).\(places)"
  }

  private func ungrouped(_ text: Substring.UnicodeScalarView.SubSequence) -> String? {
    let groups = text.split(separator: group, omittingEmptySubsequences: false).map { String($0) }
    let isWhole = groups.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(DecimalStyle.isDigit) }
    let isApart = groups.count == 1 || groups[0].utf8.count <= 3
    guard isWhole, isApart, groups.dropFirst().allSatisfy({ $0.utf8.count == 3 }) else {
      return nil
    }
    return groups.joined()
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
