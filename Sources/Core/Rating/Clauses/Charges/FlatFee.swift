package import Base
package import Contracts

/// The same amount each period.
///
///     line = round(amount * active seconds / seconds of the period)     to the minor unit
///
/// Where the amount changes inside the period, each holds for its own time, and the lines add up to
/// the rounded whole. What is not prorated is paid once, at the terms on which it begins in the
/// period. For an asset the time is that which it served (`ChargedTime`). Source: domain, section
/// 3, proration; section 4, conventional models.
package struct FlatFee {
  private let terms: FlatFeeTerms
  private let scope: ClauseScope

  package init(_ terms: FlatFeeTerms, _ scope: ClauseScope) {
    self.terms = terms
    self.scope = scope
  }

  /// That of a period without a change.
  package func line() throws(Fault) -> RatedLine { try lines()[0] }

  /// One for each amount.
  func lines() throws(Fault) -> [RatedLine] {
    let segments = scope.segmentsPassed(terms)
    var amounts = RunningAmount(in: scope.currency)
    var lines: [RatedLine] = []
    for (place, segment) in segments.enumerated() where segment.terms.isProrated || place == 0 {
      guard let share = try share(segment) else { continue }
      let isAlone = segments.count == 1 || !segment.terms.isProrated
      let exact = try segment.terms.amount.ratio * share.exact
      lines.append(try line(segment, share, exact, amounts.add(exact), isAlone: isAlone))
    }
    return lines
  }

  private func line(
    _ segment: Segment<FlatFeeTerms>, _ share: Derivation.Step, _ exact: Ratio, _ amount: Money,
    isAlone: Bool
  ) throws(Fault) -> RatedLine {
    let (fee, currency) = (segment.terms.amount, scope.currency)
    let line = Derivation.Step(
      name: "line",
      formula: "amount = round(fee * share)" + (isAlone ? "" : ", as the lines add up"),
      inputs: [.init("fee", fee), .init("share", share.exact)], exact: exact,
      rounded: amount.fixed)
    let part = share.exact == .one ? "the whole period" : "\(share.exact) of the period"
    return RatedLine(
      segment.scope, description: "Flat fee", quantity: share.exact, unit: "period",
      amount: amount,
      derivation: Derivation(
        steps: [share, line],
        sentence: "\(fee) \(currency) for \(part) make \(amount.fixed.grouped) \(currency)."),
      waterfall: try Waterfall(running: [("fee", exact)], line: amount), meters: [], flags: [])
  }

  /// Nil where nothing is charged here for the asset.
  private func share(_ segment: Segment<FlatFeeTerms>) throws(Fault) -> Derivation.Step? {
    let (terms, windows) = (segment.terms, segment.scope.windows)
    let time = ChargedTime(scope, terms.assetTime, terms.isProrated ? .second : .none)
    let agreed = scope.allSegments(self.terms).map(\.scope.windows.inForce)
    guard time.isCharged(in: agreed) else { return nil }
    let share: Ratio
    if terms.isProrated {
      guard let part = try time.share(of: windows.period, in: windows.wholePeriod) else {
        return nil
      }
      share = part.exact
    } else {
      guard try time.share(of: scope.windows.inForce, in: windows.wholePeriod) != nil else {
        return nil
      }
      // Of a period that has not passed as a whole, what has passed of it.
      share = try ChargedTime.passed(of: scope.windows.inForce, scope.windows)
    }
    return Derivation.Step(
      name: "share", formula: terms.isProrated ? "share = active / period" : "share = 1",
      inputs: [
        .init("active seconds", try AccumulationYear.seconds(time.active(windows.period))),
        .init("period seconds", try AccumulationYear.seconds([windows.wholePeriod])),
      ], exact: share, rounded: nil)
  }
}

extension FlatFeeTerms: ClauseRule {
  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    RatedClause(try FlatFee(self, scope).lines())
  }
}
