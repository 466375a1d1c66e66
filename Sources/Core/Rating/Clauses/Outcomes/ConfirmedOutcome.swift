package import Base
package import Contracts
import Metering

/// A price for each outcome that was confirmed or assumed.
///
///     billed   = round(sum over outcomes that became billable in the month of price * share)
///     clawback = round(-sum over outcomes reversed in the month of what each was billed)
///
/// Both to the minor unit; the clawback is listed where there is one, and falls on the lines that
/// billed them: it takes back no more of one than credit notes have left of it. The last month that
/// has the clause hears of reversals behind it as well: no other one does. What an outcome is
/// billed is fixed at the moment at which it becomes billable (`OutcomeAccount`). Source: domain
/// rule G6.
package struct ConfirmedOutcome {
  package let account: OutcomeAccount
  private let credited: [BillingMonth: Credited]
  /// What was said of each outcome that made it what it is, in canonical order.
  private var said: [OutcomeKey: [Said]] = [:]

  private struct Said {
    let meter: MeterKey
    let reference: Evidence.Reference
  }
  private let scope: ClauseScope
  private let terms: ConfirmedOutcomeTerms

  /// Where every outcome stands at `moment`, by the terms in force when it was claimed; `credited`
  /// is what credit notes took back of periods up to this one.
  package init(
    _ terms: ConfirmedOutcomeTerms, _ scope: ClauseScope, _ events: EventTable,
    through moment: Instant, credited: [BillingMonth: Credited] = [:]
  ) throws(Fault) {
    self.terms = terms
    self.credited = credited
    self.scope = scope
    var read: [OutcomeEvent] = []
    var said: [OutcomeKey: [(event: OutcomeEvent, meter: MeterKey)]] = [:]
    for request in terms.requests(scope, through: moment) {
      for fact in try events.facts(request) {
        let event = try OutcomeEvent(fact)
        // A claim counts by the meter that its own version names.
        let isOfThisMeter = terms.inForce(at: event.occurred, scope)?.meter == request.meter
        let isClaim = isOfThisMeter && scope.counts(event.subject, at: event.occurred)
        guard event.transition != .claim || isClaim else { continue }
        read.append(event)
        said[event.outcome, default: []].append((event, request.meter))
      }
    }
    let ledger = OutcomeLedger(read, through: moment) { claim in
      terms.inForce(at: claim.occurred, scope)?.windows
    }
    account = try OutcomeAccount(ledger, scope.windows, isRated: scope.isRated) { outcome in
      terms.inForce(at: outcome.claim.occurred, scope) ?? terms
    }
    for outcome in ledger.outcomes {
      let ineffective = Set(outcome.withoutEffect)
      self.said[outcome.key] = (said[outcome.key] ?? []).filter { !ineffective.contains($0.event) }
        .map { event, meter in
          Said(
            meter: meter,
            reference: .init(source: event.source, id: event.id, occurred: event.occurred))
        }
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

  /// The events without which one of those outcomes would be billed otherwise, by their meters:
  /// what made each of them billable, or what it is, and where tiers or caps count, those before.
  private func events(
    of entries: [OutcomeAccount.Entry], through last: (OutcomeAccount.Entry) -> Instant
  ) -> [MeterKey: [Evidence.Reference]] {
    var events: [MeterKey: [Evidence.Reference]] = [terms.meter: []]
    for entry in entries {
      for said in said[entry.outcome.key] ?? [] where said.reference.occurred <= last(entry) {
        events[said.meter, default: []].append(said.reference)
      }
    }
    // What was told twice is there once.
    return events.mapValues { Set($0).sorted { $0.precedes($1) } }
  }

  /// Those that became billable before others, and that their tiers and caps count.
  private func counted(before entries: [OutcomeAccount.Entry]) -> [OutcomeAccount.Entry] {
    let isCounting =
      terms.prices.count > 1 || terms.outcomesMax != nil || terms.amountMax != nil
      || terms.once != nil
    guard isCounting else { return [] }
    let known = Set(entries.map(\.outcome.key))
    let windows = scope.windows
    func window(_ entry: OutcomeAccount.Entry) -> Int? {
      entry.billable.map { terms.countedOver.number(of: $0.since, windows) }
    }
    let last = entries.compactMap { $0.billable?.since }.max()
    let numbers = Set(entries.compactMap(window))
    return account.entries.filter { entry in
      guard let since = entry.billable?.since, let last, !known.contains(entry.outcome.key) else {
        return false
      }
      return since <= last && window(entry).map(numbers.contains) ?? false
    }
  }

  /// Outcomes that silence would have made billable in the period, had nobody spoken.
  private var spokenAgainst: [OutcomeAccount.Entry] {
    account.entries.filter { entry in
      guard entry.billable == nil, entry.outcome.standing.state != .pending else { return false }
      let hours = (terms.inForce(at: entry.outcome.claim.occurred, scope) ?? terms)
        .confirmWithinHours
      return scope.windows.period.contains(
        entry.outcome.claim.occurred.advanced(bySeconds: Int64(hours) * 3600))
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
    var rated = RatedLine(
      scope, stage: .outcome, part: "billed", description: "Outcomes confirmed or assumed",
      quantity: Ratio(Int128(count)), unit: "outcomes", amount: amount,
      derivation: Derivation(
        steps: parts.map(\.step) + unbilledSteps(entries) + [line], sentence: sentence),
      waterfall: try Waterfall(
        running: running.isEmpty ? [("outcomes", .zero)] : running, line: amount),
      meters: [terms.meter])
    let others = spokenAgainst
    let against = Set(others.map(\.outcome.key))
    rated.events = events(of: counted(before: entries) + entries + others) { entry in
      against.contains(entry.outcome.key)
        ? scope.hearing.last : entry.billable?.since ?? scope.hearing.last
    }
    return rated
  }

  private func clawbackLine(_ entries: [OutcomeAccount.Entry]) throws(Fault) -> RatedLine {
    let parts = try OutcomePart.parts(of: entries, billedIn: scope.windows)
    var running: [(label: String, exact: Ratio)] = []
    var sum = Ratio.zero
    for part in parts {
      sum = try sum - part.amount
      running.append((part.label, sum))
    }
    let back = try clawedBack()
    var owed = Ratio.zero
    for part in back { owed = try owed - part.amount }
    let kept = try owed - sum
    if kept != .zero {
      sum = owed
      running.append(("credited before", sum))
    }
    let amount = try Money(rounding: sum, scope.currency)
    let line = Derivation.Step(
      name: "line", formula: "amount = round(-sum)", inputs: [.init("sum", -sum)], exact: sum,
      rounded: amount.fixed)
    let count = entries.count
    let credits =
      kept == .zero
      ? ""
      : ", less \(try Money(rounding: kept, scope.currency).shown) that credit notes gave back,"
    let sentence = """
      \(OutcomePart.words(parts)) \(count == 1 ? "outcome was" : "outcomes were") reversed: \
      what was billed for \(count == 1 ? "it" : "them")\(credits) comes back, \
      \(amount.fixed.grouped) \(scope.currency).
      """
    let step = Derivation.Step(
      name: "credited", formula: "credited before = what credit notes left too little of",
      inputs: [], exact: kept, rounded: nil)
    var rated = RatedLine(
      scope, stage: .outcome, part: "clawback", description: "Clawback of reversed outcomes",
      quantity: Ratio(Int128(-count)), unit: "outcomes", amount: amount,
      derivation: Derivation(
        steps: parts.map(\.step) + (kept == .zero ? [] : [step]) + [line], sentence: sentence),
      waterfall: try Waterfall(running: running, line: amount), meters: [terms.meter])
    rated.events = events(of: counted(before: entries) + entries) { entry in
      entry.outcome.reversed ?? entry.billable?.since ?? scope.hearing.last
    }
    let weights = try back.map { (part) throws(Fault) in
      try Money(rounding: part.amount, scope.currency).amountMinor
    }
    let shares = try amount.shared(by: weights)
    rated.shares = zip(back, shares).map {
      LineShare(billedKey, scope.clause, $1, of: $0.period)
    }
    return rated
  }

  private var billedKey: String { "\(scope.key)/billed" }

  /// What comes back of the lines of the periods that billed what is reversed now, in their order.
  private func clawedBack() throws(Fault) -> [(period: BillingMonth, amount: Ratio)] {
    let billed = Dictionary(grouping: account.entries.filter { $0.price != nil }) { entry in
      scope.windows.billing.period(holding: scope.windows.zone.date(at: entry.billable!.since))
    }
    var back: [(period: BillingMonth, amount: Ratio)] = []
    for (period, entries) in billed.sorted(by: { $0.key < $1.key }) {
      guard entries.contains(where: { $0.outcome.reversed.map(scope.hearing.contains) ?? false })
      else { continue }
      let before = try clawedBack(of: entries, in: period, before: scope.hearing.start)
      let now = try clawedBack(of: entries, in: period, before: scope.hearing.end)
      back.append((period, try now - before))
    }
    return back
  }

  /// What came back in all of the line of a period, for what was reversed before a moment.
  private func clawedBack(
    of entries: [OutcomeAccount.Entry], in period: BillingMonth, before moment: Instant
  ) throws(Fault) -> Ratio {
    var (billed, reversed) = (Ratio.zero, Ratio.zero)
    for entry in entries {
      billed = try billed + entry.amount
      if entry.outcome.reversed.map({ $0 < moment }) ?? false {
        reversed = try reversed + entry.amount
      }
    }
    let piece = Credited.Piece(billedKey, on: billedKey)
    guard let credited = credited[period]?.amounts[piece], credited.amountMinor > 0 else {
      return reversed
    }
    let left = try Money(rounding: billed, scope.currency) - credited
    return min(reversed, max(.zero, try left.fixed.ratio))
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
        self, scope, inputs.events, through: scope.hearing.last, credited: inputs.credited
      ).lines())
  }

  /// Everything from the start of the contract on: what is reversed today may have been claimed at
  /// any time, and a dispute may have stopped its clocks for as long. What is said of it counts
  /// also when the contract has ended, or the asset has left.
  package func requests(_ scope: ClauseScope, through moment: Instant) -> [EventRequest] {
    let end = Instant(microsecondsSinceEpoch: moment.microsecondsSinceEpoch + 1) ?? .latest
    let period = Period(start: scope.windows.term.start, end: end)
    var meters: [MeterKey] = []
    for terms in scope.allTerms(with: self) where !meters.contains(terms.meter) {
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
    scope.terms(at: moment, or: self)
  }
}

extension OutcomeEvent {
  fileprivate init(_ fact: EventFact) throws(Fault) {
    try self.init(
      source: fact.reference.source, id: fact.reference.id, occurred: fact.reference.occurred,
      type: fact.type, subject: fact.subject, data: fact.data)
  }
}
