/// A figure as a meter shows it: an exact number, or why there is none. What is missing is never
/// zero.
package enum Quantity: Hashable, Sendable {
  /// Printed with its places.
  case decimal(Fixed)
  /// An exact number that need not be a decimal.
  case fraction(Ratio)
  /// Nothing was seen that could be shown.
  case missing
  case failed(Fault)

  package var ratio: Ratio {
    get throws(Fault) {
      switch self {
      case .decimal(let fixed): return try fixed.ratio
      case .fraction(let ratio): return ratio
      case .missing: throw Fault(.missingUsage, "the meter has seen nothing in that time")
      case .failed(let fault): throw fault
      }
    }
  }

  /// For people: a fraction is rounded to four places. Nil where there is no number.
  package var shown: Fixed? {
    switch self {
    case .decimal(let fixed): fixed
    case .fraction(let ratio): try? ratio.rounded(to: 4)
    case .missing, .failed: nil
    }
  }

  /// A decimal where `description` is a fraction; nil where that is a decimal itself, or there is
  /// no number.
  package var nearestDecimal: String? {
    guard case .fraction(let ratio) = self else { return nil }
    return ratio.nearestDecimal
  }

  /// A string, or null where there is no number.
  package var json: JSON {
    switch self {
    case .decimal, .fraction: .string(description)
    case .missing, .failed: .null
    }
  }
}

extension Quantity: CustomStringConvertible {
  /// Empty where there is no number.
  package var description: String {
    switch self {
    case .decimal(let fixed): fixed.description
    case .fraction(let ratio): ratio.description
    case .missing, .failed: ""
    }
  }

  /// With commas, for people.
  package var grouped: String {
    guard case .decimal(let fixed) = self else { return description }
    return fixed.grouped
  }
}

extension JSON {
  package static func decimal(_ value: Quantity) -> JSON { value.json }
}
