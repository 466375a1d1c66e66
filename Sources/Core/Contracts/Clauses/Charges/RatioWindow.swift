package import Base

/// Over which months hours per cycle are taken, where each month is not to speak for itself: the
/// last so many before a reset, and until the next reset that ratio stands. Source: domain rule G1.
package struct RatioWindow: Hashable, Sendable {
  package let trailingMonths: Int
  /// How far resets lie apart, from the month in which the contract began.
  package let every: BillingCycle.Length

  package static let trailingMonthsMax = 36

  package init(trailingMonths: Int, every: BillingCycle.Length) {
    self.trailingMonths = trailingMonths
    self.every = every
  }

  /// Those whose ratio stands in a month; nil up to the first reset, when nothing trails yet.
  /// `start` is the first month of the contract.
  package func months(
    standingIn month: BillingMonth, since start: BillingMonth
  ) -> ClosedRange<BillingMonth>? {
    let reset = every.stretch(holding: month, since: start).lowerBound
    guard reset > start else { return nil }
    return reset.advanced(by: -trailingMonths)...reset.previous
  }
}

extension RatioWindow {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let trailing = fields.required(
      "trailingMonths", Node.integer(in: 1...Self.trailingMonthsMax))
    let every: BillingCycle.Length? = fields.required("every", Node.word)
    guard fields.isValid, let trailing, let every else { throw fields.failure }
    self.init(trailingMonths: trailing, every: every)
  }

  var json: JSON {
    ["trailingMonths": .integer(trailingMonths), "every": .string(every.rawValue)]
  }
}
