package import Base
package import Contracts
package import Metering

/// A meter's value group by group, each at its own price.
///
///     line of a group = round(price of the group (value of the group))     to the minor unit
///
/// Where prices change inside the period, each group fills it in the order of time (`UsageCharge`).
/// A number or a flag in the data is named as it is written, a value that is missing `null`.
/// Source: domain, section 4, conventional models, matrix by dimension.
package struct MatrixCharge {
  /// More lines than this help nobody.
  static let groupsMax = 1000

  private let scope: ClauseScope
  private let terms: MatrixTerms
  private let segments: [Segment<MatrixTerms>]

  package init(_ terms: MatrixTerms, _ scope: ClauseScope) {
    self.scope = scope
    self.terms = terms
    segments = scope.segmentsPassed(terms)
  }

  package func lines(_ usage: UsageResult) throws(Fault) -> [RatedLine] {
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
    var lines: [RatedLine] = []
    for part in usage.parts { lines += try self.lines(part.name, part.series) }
    return lines
  }

  private func lines(_ name: String, _ series: UsageSeries) throws(Fault) -> [RatedLine] {
    let group = try JSON(parsing: Array(name.utf8)).elements?.map { $0.stringValue ?? $0.text }
    let usage = try RunningUsage(series, segments, scope)
    var (priced, places) = ([Segment<UsageChargeTerms>](), [Int]())
    for (place, segment) in segments.enumerated() {
      let terms = segment.terms
      let price = terms.rows.first { $0.group == group }?.price ?? terms.otherwise
      let quantity = try usage.stretches[place].quantity
      if let price {
        priced.append(segment.with(UsageChargeTerms(meter: terms.meter, price: price)))
        places.append(place)
      } else if segments.count == 1 || quantity != .zero {
        throw Fault(
          .unknownReference, "clause `\(scope.clause)` has no price for the group \(name)")
      }
    }
    return try UsageCharge(
      priced, usage.keeping(places), unit: series.whole.unit.name, part: name
    ).lines().map { line in
      var line = line
      line.group = name
      return line
    }
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
  package var meterNeeds: [MeterNeed] {
    [MeterNeed(meter, .groups(rows.first?.group.count), at: "/meter")]
  }

  package func requests(_ scope: ClauseScope) -> [UsageRequest] {
    [scope.request(meter, scope.usageWindows, by: .group)]
  }

  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    let usage = try inputs.usage.answer(requests(scope)[0])
    return RatedClause(try MatrixCharge(self, scope).lines(usage))
  }
}
