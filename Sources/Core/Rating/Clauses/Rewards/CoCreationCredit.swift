package import Base
package import Contracts
import Metering

/// What the provider pays the customer for the work that it does.
///
///     credit = -round(min(q, allowance of each task, cap) * rate)       for each activity
///     credit = -round(percent / 100 * base)                             where a measure is reached
///     cap    = round(percent / 100 * base)                              of all of them
///
/// What the cap cuts off is lost, or banked: first in, first out, in a later period that has room
/// below its cap, until it expires; where that is agreed, the rest is paid out as the contract
/// ends. The bank is read off the lines of the months before, each of them rated anew. Source:
/// domain rule G7.
package struct CoCreationCredit {
  private let terms: CoCreationCreditTerms
  private let scope: ClauseScope
  private let inputs: RatingInputs
  private let base: Money

  package init(
    _ terms: CoCreationCreditTerms, _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) {
    self.terms = terms
    self.scope = scope
    self.inputs = inputs
    base = try inputs.soFar.base(of: terms.base, for: scope.asset)
  }

  package func rated() throws(Fault) -> RatedClause {
    var lines: [RatedLine] = []
    var earned = Money.zero(scope.currency)
    for activity in terms.activities {
      let line = try self.line(activity)
      earned = try earned - line.amount
      lines.append(line)
    }
    guard let percent = terms.capPercent else { return RatedClause(lines) }
    let cap = try self.cap(percent)
    var bank = try CreditBank(terms, scope, inputs.before)
    if earned.amountMinor > cap.amount.amountMinor {
      let cut = try earned - cap.amount
      lines.append(try cutLine(cut, earned, cap.step))
      if terms.bankMonths != nil { bank.put(cut, scope.windows.months.upperBound) }
    } else if terms.bankMonths != nil {
      let paid = bank.take(upTo: try cap.amount - earned)
      if paid.amountMinor != 0 { lines.append(try paidLine(paid, earned, cap.step)) }
    }
    guard terms.bankMonths != nil else { return RatedClause(lines) }
    if scope.windows.isLast, terms.bankAtEnd == .paid {
      let rest = bank.take(upTo: try bank.balance())
      if rest.amountMinor != 0 { lines.append(try lastLine(rest)) }
    }
    return RatedClause(
      lines, MeasuredResult(try bank.balance().fixed.ratio, unit: scope.currency.code))
  }

  private func line(_ activity: ActivityTerms) throws(Fault) -> RatedLine {
    switch activity.reward {
    case .perUnit(let reward):
      let units = try RewardedUnits(reward, scope, inputs.usage)
      let exact = try -(units.rewarded * reward.rate.ratio)
      return try line(
        activity, quantity: units.rewarded, unit: units.unit, exact, units.steps,
        "\(activity.name): \(units.rewarded) \(units.unit) at \(reward.rate) \(scope.currency)",
        [reward.meter], units.pending > .zero ? [.evidencePending] : [],
        span: reward.allowance == nil ? nil : span(reward.year))
    case .ofBase(let reward):
      let (value, isReached) = try measure(reward)
      let share = try reward.percent.ratio / Ratio(100) * base.fixed.ratio
      let step = Derivation.Step(
        name: "measure", formula: "value >= \(reward.atLeast)",
        inputs: [.init("reached", isReached ? "yes" : "no")], exact: value ?? .zero, rounded: nil)
      return try line(
        activity, quantity: isReached ? try base.fixed.ratio : .zero, unit: scope.currency.code,
        isReached ? -share : .zero, value == nil ? [] : [step],
        "\(activity.name): \(reward.percent) % of \(isReached ? base.fixed.grouped : "nothing")",
        meters(reward), value == nil ? [.withheld] : [])
    }
  }

  /// The years that the period lies in, so far.
  private func span(_ year: YearBasis) -> Period {
    let years = AccumulationYear.years(year, scope.windows)
    return Period(start: years[0].soFar.start, end: years[years.count - 1].soFar.end)
  }

  private func line(
    _ activity: ActivityTerms, quantity: Ratio, unit: String, _ exact: Ratio,
    _ steps: [Derivation.Step], _ words: String, _ meters: [MeterKey], _ flags: [RatedLine.Flag],
    span: Period? = nil
  ) throws(Fault) -> RatedLine {
    let amount = try Money(rounding: exact, scope.currency)
    let step = Derivation.Step(
      name: "line", formula: "amount = -round(credit)", inputs: [.init("credit", -exact)],
      exact: exact, rounded: amount.fixed)
    var line = RatedLine(
      scope, stage: .coCreation, part: activity.key, description: activity.name,
      quantity: quantity, unit: unit, amount: amount,
      derivation: Derivation(
        steps: steps + [step],
        sentence: "\(words) make \(amount.fixed.grouped) \(scope.currency)."),
      waterfall: try Waterfall(running: [(activity.name, exact)], line: amount), meters: meters,
      flags: flags)
    line.span = span
    return line
  }

  /// Nil where too little is known to say it.
  private func measure(_ reward: BaseReward) throws(Fault) -> (value: Ratio?, isReached: Bool) {
    let value: Ratio?
    switch reward.measure {
    case .meter(let meter):
      let usage = try inputs.usage.usage(scope.request(meter, scope.windows.period))
      value = usage.isKnown ? try usage.value.ratio : nil
    case .finding(let clause):
      value = inputs.soFar.finding(of: clause, for: scope.asset)?.value
    }
    return (
      value, try value.map { (value) throws(Fault) in try value >= reward.atLeast.ratio } ?? false
    )
  }

  private func meters(_ reward: BaseReward) -> [MeterKey] {
    if case .meter(let meter) = reward.measure { [meter] } else { [] }
  }

  /// Of a base below zero, nothing.
  private func cap(_ percent: Fixed) throws(Fault) -> (amount: Money, step: Derivation.Step) {
    let exact = max(.zero, try percent.ratio / Ratio(100) * base.fixed.ratio)
    let amount = try Money(rounding: exact, scope.currency)
    let step = Derivation.Step(
      name: "cap", formula: "cap = round(percent / 100 * base)",
      inputs: [.init("percent", percent), .init("base", base)], exact: exact,
      rounded: amount.fixed)
    return (amount, step)
  }

  private func cutLine(
    _ cut: Money, _ earned: Money, _ cap: Derivation.Step
  ) throws(Fault) -> RatedLine {
    let isBanked = terms.bankMonths != nil
    let whither = isBanked ? "are banked" : "are cut off"
    return try balancing(
      part: isBanked ? CoCreationCreditTerms.banked : CoCreationCreditTerms.cut,
      isBanked ? "Beyond the cap, banked" : "Beyond the cap", cut, earned, cap,
      "\(cut.fixed.grouped) \(scope.currency) beyond the cap \(whither).")
  }

  private func paidLine(
    _ paid: Money, _ earned: Money, _ cap: Derivation.Step
  ) throws(Fault) -> RatedLine {
    try balancing(
      part: CoCreationCreditTerms.paid, "Paid out of the bank", try .zero(scope.currency) - paid,
      earned, cap,
      "\(paid.fixed.grouped) \(scope.currency) of earlier credits have room below the cap.")
  }

  private func lastLine(_ rest: Money) throws(Fault) -> RatedLine {
    let amount = try .zero(scope.currency) - rest
    let exact = try amount.fixed.ratio
    let step = Derivation.Step(
      name: "line", formula: "amount = -bank", inputs: [.init("bank", rest)], exact: exact,
      rounded: amount.fixed)
    let description = "Paid out at the end of the contract"
    return RatedLine(
      scope, stage: .coCreation, part: CoCreationCreditTerms.settled, description: description,
      quantity: .one,
      unit: "period", amount: amount,
      derivation: Derivation(
        steps: [step],
        sentence: "\(rest.fixed.grouped) \(scope.currency) are left in the bank as it ends."),
      waterfall: try Waterfall(running: [(description, exact)], line: amount), meters: [])
  }

  private func balancing(
    part: String, _ description: String, _ amount: Money, _ earned: Money,
    _ cap: Derivation.Step, _ sentence: String
  ) throws(Fault) -> RatedLine {
    let exact = try amount.fixed.ratio
    let step = Derivation.Step(
      name: "line",
      formula: part == CoCreationCreditTerms.paid
        ? "amount = -min(bank, cap - earned)" : "amount = earned - cap",
      inputs: [.init("earned", earned)], exact: exact, rounded: amount.fixed)
    return RatedLine(
      scope, stage: .coCreation, part: part, description: description, quantity: .one,
      unit: "period", amount: amount,
      derivation: Derivation(steps: [cap, step], sentence: sentence),
      waterfall: try Waterfall(running: [(description, exact)], line: amount), meters: [])
  }
}

extension CoCreationCreditTerms: ClauseRule {
  /// What is in the bank hangs on every month since the contract began.
  package func reach(_ scope: ClauseScope) -> BillingMonth {
    guard bankMonths != nil else { return scope.windows.billingMonth }
    return min(scope.windows.contractPeriod, scope.windows.billingMonth)
  }

  package func requests(_ scope: ClauseScope) -> [UsageRequest] {
    activities.flatMap { activity in
      switch activity.reward {
      case .perUnit(let reward): RewardedUnits.allRequests(reward, scope)
      case .ofBase(let reward):
        if case .meter(let meter) = reward.measure {
          [scope.request(meter, scope.windows.period)]
        } else {
          [UsageRequest]()
        }
      }
    }
  }

  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    try CoCreationCredit(self, scope, inputs).rated()
  }
}
