package import Base
package import Contracts
package import Metering

/// A meter's value group by group, each at its own price.
///
///     line of a group = round(price of the group (value of the group))     to the minor unit
///
/// A number or a flag in the data is named as it is written, a value that is missing `null`.
/// Source: domain, section 4, conventional models, matrix by dimension.
package struct MatrixCharge {
  /// More lines than this help nobody.
  static let groupsMax = 1000

  private let scope: ClauseScope
  private let terms: MatrixTerms

  package init(_ terms: MatrixTerms, _ scope: ClauseScope) {
    self.scope = scope
    self.terms = terms
  }

  package func lines(_ usage: UsageAnswer) throws(Fault) -> [RatedLine] {
    let meter = usage.all.whole.meter
    guard !meter.groupBy.isEmpty else {
      throw Fault(.invalidValue, "meter `\(terms.meter)` has no groups to price one by one")
    }
    guard usage.parts.count <= MatrixCharge.groupsMax else {
      throw Fault(
        .limitExceeded,
        "meter `\(terms.meter)` has \(usage.parts.count) groups; there is room for "
          + "\(MatrixCharge.groupsMax)")
    }
    guard !usage.parts.isEmpty else { return [try nothing(usage.all.whole)] }
    return try usage.parts.map { (part) throws(Fault) in
      try line(part.name, part.series.whole)
    }
  }

  private func line(_ name: String, _ usage: MeteredUsage) throws(Fault) -> RatedLine {
    let group = try JSON(parsing: Array(name.utf8)).elements?.map { $0.stringValue ?? $0.text }
    guard
      let price = terms.rows.first(where: { $0.group == group })?.price ?? terms.otherwise
    else {
      throw Fault(
        .danglingReference, "clause `\(scope.clause)` has no price for the group \(name)")
    }
    return try UsageCharge(
      UsageChargeTerms(meter: terms.meter, price: price), scope, quantity: usage.value.ratio,
      unit: usage.unit.name, part: name
    ).line()
  }

  /// What was not used is reported too.
  private func nothing(_ usage: MeteredUsage) throws(Fault) -> RatedLine {
    let amount = Money.zero(scope.currency)
    let line = Derivation.Step(
      name: "line", formula: "amount = 0: no group was used", inputs: [], exact: .zero,
      rounded: amount.fixed)
    return RatedLine(
      scope, description: "Usage of \(terms.meter)", quantity: .zero, unit: usage.unit.name,
      amount: amount,
      derivation: Derivation(
        steps: [line], sentence: "Nothing was used; \(amount.fixed) \(scope.currency)."),
      waterfall: try Waterfall(running: [("price", .zero)], line: amount), meters: [terms.meter])
  }
}

extension MatrixTerms: ClauseRule {
  package func requests(_ scope: ClauseScope) -> [UsageRequest] {
    [scope.request(meter, scope.windows.period, by: .group)]
  }

  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    let usage = try inputs.usage.answer(
      scope.request(meter, scope.windows.period, by: .group))
    return RatedClause(try MatrixCharge(self, scope).lines(usage))
  }
}
