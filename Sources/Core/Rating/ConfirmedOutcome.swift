package import Base
package import Contracts
import Metering

/// A price for each outcome that was confirmed or assumed.
///
///     billed   = round(sum over outcomes that became billable in the month of price * share)
///     clawback = round(-sum over outcomes reversed in the month of what each was billed)
///
/// Both to the minor unit; the clawback is listed where there is one. The last month that has the
/// clause hears of reversals behind it as well: no other one does. What an outcome is billed is
/// fixed at the moment at which it becomes billable (`OutcomeAccount`). Source: domain rule G6.
package struct ConfirmedOutcome {
  package let account: OutcomeAccount
  private let scope: ClauseScope
  private let terms: ConfirmedOutcomeTerms

  /// Where every outcome stands at `moment`, by the terms in force when it was claimed.
  package init(
    _ terms: ConfirmedOutcomeTerms, _ scope: ClauseScope, _ events: EventTable,
    through moment: Instant
  ) throws(Fault) {
    self.terms = terms
    self.scope = scope
    var read: [OutcomeEvent] = []
    for request in terms.requests(scope, through: moment) {
      for fact in try events.facts(request) {
        let event = try OutcomeEvent(fact)
        // A claim counts by the meter that its own version names.
        let isOfThisMeter = terms.inForce(at: event.occurred, scope)?.meter == request.meter
        let isClaim = isOfThisMeter && scope.counts(event.subject, at: event.occurred)
        if event.transition != .claim || isClaim { read.append(event) }
      }
    }
    let ledger = OutcomeLedger(read, through: moment) { claim in
      terms.inForce(at: claim.occurred, scope)?.windows
    }
    account = try OutcomeAccount(ledger, scope.windows, isRated: scope.isRated) { outcome in
      terms.inForce(at: outcome.claim.occurred, scope) ?? terms
    }
  }

  package func lines() throws(Fault) -> [RatedLine] {
    let month = scope.windows.period
    let billed = account.entries.filter { $0.billable.map { month.contains($0.since) } ?? false }
    let reversed = account.entries.filter { entry in
      entry.price != nil && (entry.outcome.reversed.map(scope.hearing.contains) ?? false)
    }
    let clawback = try reversed.isEmpty ? [] : [clawbackLine(reversed)]
    return try ([billedLine(billed)] + clawback).map { line in
      var line = line
      if scope.hearing != month { line.span = scope.hearing }
      return line
    }
  }

  private func billedLine(_ entries: [OutcomeAccount.Entry]) throws(Fault) -> RatedLine {
    let parts = try OutcomePart.parts(of: entries.filter { $0.price != nil })
    var running: [(label: String, exact: Ratio)] = []
    var sum = Ratio.zero
    for part in parts {
      sum = try sum + part.amount
      running.append((part.label, sum))
    }
    let amount = try Money(rounding: sum, scope.currency)
    let count = parts.reduce(0) { $0 + $1.count }
    let line = Derivation.Step(
      name: "line", formula: "amount = round(sum)", inputs: [.init("sum", sum)], exact: sum,
      rounded: amount.fixed)
    let sentence = """
      \(OutcomePart.words(parts)) \(count == 1 ? "outcome makes" : "outcomes make") \
      \(amount.fixed.grouped) \(scope.currency)\(rest(entries)).
      """
    return RatedLine(
      scope, stage: .outcome, part: "billed", description: "Outcomes confirmed or assumed",
      quantity: Ratio(Int128(count)), unit: "outcomes", amount: amount,
      derivation: Derivation(
        steps: parts.map(\.step) + unbilledSteps(entries) + [line], sentence: sentence),
      waterfall: try Waterfall(
        running: running.isEmpty ? [("outcomes", .zero)] : running, line: amount),
      meters: [terms.meter])
  }

  private func clawbackLine(_ entries: [OutcomeAccount.Entry]) throws(Fault) -> RatedLine {
    let parts = try OutcomePart.parts(of: entries, billedIn: scope.windows)
    var running: [(label: String, exact: Ratio)] = []
    var sum = Ratio.zero
    for part in parts {
      sum = try sum - part.amount
      running.append((part.label, sum))
    }
    let amount = try Money(rounding: sum, scope.currency)
    let line = Derivation.Step(
      name: "line", formula: "amount = round(-sum)", inputs: [.init("sum", -sum)], exact: sum,
      rounded: amount.fixed)
    let count = entries.count
    let sentence = """
      \(OutcomePart.words(parts)) \(count == 1 ? "outcome was" : "outcomes were") reversed: \
      what was billed for \(count == 1 ? "it" : "them") comes back, \
      \(amount.fixed.grouped) \(scope.currency).
      """
    return RatedLine(
      scope, stage: .outcome, part: "clawback", description: "Clawback of reversed outcomes",
      quantity: Ratio(Int128(-count)), unit: "outcomes", amount: amount,
      derivation: Derivation(steps: parts.map(\.step) + [line], sentence: sentence),
      waterfall: try Waterfall(running: running, line: amount), meters: [terms.meter])
  }

  /// `; 60 are pending, 60 were rejected`: what the month leaves beside what it bills.
  private func rest(_ entries: [OutcomeAccount.Entry]) -> String {
    let states = account.entries.map(\.outcome.standing)
    let rejected = states.count {
      $0.state == .rejected && scope.windows.period.contains($0.since)
    }
    let counts = [
      (states.count { $0.state == .pending }, "pending"),
      (states.count { $0.state == .disputed }, "disputed"), (rejected, "rejected"),
      (entries.count { $0.unbilled != nil }, "unbilled"),
      (account.entries.count { $0.unbilled == .ended }, "pending at the end"),
    ]
    let words = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return words.isEmpty ? "" : "; beside them \(words.joined(separator: ", "))"
  }

  private func unbilledSteps(_ entries: [OutcomeAccount.Entry]) -> [Derivation.Step] {
    [OutcomeAccount.Unbilled.outcomesMax, .amountMax, .once].compactMap { reason in
      let count = entries.count { $0.unbilled == reason }
      guard count > 0 else { return nil }
      return Derivation.Step(
        name: "unbilled", formula: "recorded, unbilled: \(reason.rawValue)",
        inputs: [.init("outcomes", count)], exact: .zero, rounded: nil)
    }
  }
}

extension ConfirmedOutcomeTerms: ClauseRule {
  package func eventRequests(_ scope: ClauseScope) -> [EventRequest] {
    requests(scope, through: scope.hearing.last)
  }

  package func rate(
    _ scope: ClauseScope, _ inputs: RatingInputs
  ) throws(Fault) -> RatedClause {
    RatedClause(
      try ConfirmedOutcome(
        self, scope, inputs.events, through: scope.hearing.last
      ).lines())
  }

  /// Everything from the start of the contract on: what is reversed today may have been claimed at
  /// any time, and a dispute may have stopped its clocks for as long. What is said of it counts
  /// also when the contract has ended, or the asset has left.
  package func requests(_ scope: ClauseScope, through moment: Instant) -> [EventRequest] {
    let end = Instant(microsecondsSinceEpoch: moment.microsecondsSinceEpoch + 1) ?? .latest
    let period = Period(start: scope.windows.term.start, end: end)
    var meters: [MeterKey] = []
    for case .confirmedOutcome(let terms) in scope.allTerms(with: .confirmedOutcome(self))
    where !meters.contains(terms.meter) {
      meters.append(terms.meter)
    }
    return meters.map { scope.events($0, period, toTheEnd: true) }
  }

  fileprivate var windows: OutcomeWindows {
    OutcomeWindows(
      confirmSeconds: Int64(confirmWithinHours) * 3600,
      reverseSeconds: Int64(reverseWithinHours) * 3600)
  }

  fileprivate func inForce(
    at moment: Instant, _ scope: ClauseScope
  ) -> ConfirmedOutcomeTerms? {
    guard case .confirmedOutcome(let terms) = scope.terms(at: moment, or: .confirmedOutcome(self))
    else { return nil }
    return terms
  }
}

extension OutcomeEvent {
  fileprivate init(_ fact: EventFact) throws(Fault) {
    try self.init(
      source: fact.reference.source, id: fact.reference.id, occurred: fact.reference.occurred,
      type: fact.type, subject: fact.subject, data: fact.data)
  }
}
