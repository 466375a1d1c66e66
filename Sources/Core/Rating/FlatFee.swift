package import Base
package import Contracts

/// The same amount each period.
///
///     line = round(amount * active seconds / seconds of the period)     to the minor unit
///
/// Source: domain, section 3, proration; section 4, conventional models.
package struct FlatFee {
  private let terms: FlatFeeTerms
  private let scope: ClauseScope

  package init(_ terms: FlatFeeTerms, _ scope: ClauseScope) {
    self.terms = terms
    self.scope = scope
  }

  package func line() throws(Fault) -> RatedLine {
    let (share, currency) = (try share, scope.currency)
    let exact = try terms.amount.ratio * share.exact
    let amount = try Money(rounding: exact, currency)
    let line = Derivation.Step(
      name: "line", formula: "amount = round(fee * share)",
      inputs: [.init("fee", terms.amount), .init("share", share.exact)], exact: exact,
      rounded: amount.fixed)
    let part = share.exact == .one ? "the whole period" : "\(share.exact) of the period"
    return RatedLine(
      scope, description: "Flat fee", quantity: share.exact, unit: "period",
      amount: amount,
      derivation: Derivation(
        steps: [share, line],
        sentence:
          "\(terms.amount) \(currency) for \(part) make \(amount.fixed.grouped) \(currency)."),
      waterfall: try Waterfall(running: [("fee", exact)], line: amount), meters: [], flags: [])
  }

  private var share: Derivation.Step {
    get throws(Fault) {
      let (active, whole) = (
        scope.windows.period.microseconds, scope.windows.wholePeriod.microseconds
      )
      // What is not prorated is paid once, at the terms of the start.
      let once = scope.windows.isFromStart ? Ratio.one : .zero
      let share = terms.isProrated ? try Ratio(Int128(active), over: Int128(whole)) : once
      return Derivation.Step(
        name: "share", formula: terms.isProrated ? "share = active / period" : "share = 1",
        inputs: [
          .init("active seconds", try Ratio(Int128(active), over: 1_000_000)),
          .init("period seconds", try Ratio(Int128(whole), over: 1_000_000)),
        ], exact: share, rounded: nil)
    }
  }
}

extension FlatFeeTerms: ClauseRule {
  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    RatedClause([try FlatFee(self, scope).line()])
  }
}
