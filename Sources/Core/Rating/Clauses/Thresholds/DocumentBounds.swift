package import Base
package import Contracts

/// The least and the most that all clauses of a contract come to together.
///
///     least   = minimum * share of the period that the contract covers
///     minimum = round(max(0, least - sum of all lines))
///     maximum = -round(max(0, sum of all lines and the minimum - most))
///
/// Each bound that is agreed is a line, also where it is zero. Credits count, for the bounds are of
/// the whole document; prepaid credit pays what comes of them. Goodwill stands beside them, or a
/// minimum would take it back. A correction of an earlier period was held within the bounds of that
/// one. Both are shared out over the lines by what is left of them. Source: domain, section 3,
/// order in a run; section 4, conventional models.
package struct DocumentBounds {
  private let terms: InvoicingTerms
  package let scope: ClauseScope

  package init(_ terms: InvoicingTerms, _ windows: RatingWindows, in currency: Currency) {
    self.terms = terms
    scope = ClauseScope(Contract.wholeDocument, in: currency, windows)
  }

  /// Adds them to all lines so far.
  package func rate(_ inputs: inout RatingInputs) throws(Fault) {
    if let minimum = terms.minimum {
      try add(to: &inputs) { (sum) throws(Fault) in try minimumLine(minimum, sum) }
    }
    if let maximum = terms.maximum {
      try add(to: &inputs) { (sum) throws(Fault) in try maximumLine(maximum, sum) }
    }
  }

  private func add(
    to inputs: inout RatingInputs, _ bound: (Money) throws(Fault) -> RatedLine
  ) throws(Fault) {
    let lines = try inputs.soFar.baseLines { _ in true }
    var line = try bound(lines.left)
    line.shares = try lines.shares(of: line.amount)
    try inputs.add(RatedClause([line]), scope)
  }

  private func minimumLine(_ minimum: Fixed, _ sum: Money) throws(Fault) -> RatedLine {
    let windows = scope.windows
    let share = try ProratedShare(
      of: windows.period, in: windows.wholePeriod, .second, windows.zone)
    let least = try minimum.ratio * share.exact
    let missing = max(.zero, try least - sum.fixed.ratio)
    let amount = try Money(rounding: missing, scope.currency)
    let steps = [
      share.step,
      Derivation.Step(
        name: "least", formula: "least = minimum * share",
        inputs: [.init("minimum", minimum), .init("share", share.exact)], exact: least,
        rounded: nil),
      Derivation.Step(
        name: "line", formula: "amount = round(max(0, least - sum))",
        inputs: [.init("least", least), .init("sum", sum)], exact: missing,
        rounded: amount.fixed),
    ]
    let words = "at least \(try least.rounded(to: scope.currency.minorDigits).grouped)"
    return try line(
      .minimum, "minimum", "Minimum of the document", amount, missing, steps, sum, words)
  }

  private func maximumLine(_ maximum: Fixed, _ sum: Money) throws(Fault) -> RatedLine {
    let above = max(.zero, try sum.fixed.ratio - maximum.ratio)
    let amount = try Money(rounding: -above, scope.currency)
    let step = Derivation.Step(
      name: "line", formula: "amount = -round(max(0, sum - most))",
      inputs: [.init("sum", sum), .init("most", maximum)], exact: -above, rounded: amount.fixed)
    return try line(
      .cap, "maximum", "Maximum of the document", amount, -above, [step], sum,
      "at most \(maximum)")
  }

  private func line(
    _ stage: RatingStage, _ part: String, _ description: String, _ amount: Money, _ exact: Ratio,
    _ steps: [Derivation.Step], _ sum: Money, _ words: String
  ) throws(Fault) -> RatedLine {
    RatedLine(
      scope, stage: stage, part: part, description: description, quantity: .one, unit: "document",
      amount: amount,
      derivation: Derivation(
        steps: steps,
        sentence: """
          All lines come to \(sum.fixed.grouped) \(scope.currency) and \(words) \
          \(scope.currency) are due: \(amount.fixed.grouped) \(scope.currency).
          """),
      waterfall: try Waterfall(running: [(description, exact)], line: amount), meters: [])
  }
}
