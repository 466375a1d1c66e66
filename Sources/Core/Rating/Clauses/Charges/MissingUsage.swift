package import Base
package import Contracts
import Metering

/// Rates a clause by what was agreed for a period of which its meters know nothing.
///
///     estimate = sum(value) / sum(seconds) * seconds of the period           trailing mean
///     estimate = min(value / seconds) * seconds of the period                minimum
///
/// Both are over those of the twelve months of the contract before in which any of the clause's
/// meters saw something; a meter whose value does not grow with time, such as a mean, is not
/// divided by seconds. What is known is known of the whole period, however its terms change inside
/// it; of a meter with groups each is estimated. Where no such month is known, the clause is held.
/// An estimated line says so, and is trued up by itself once usage comes in, for the month is then
/// rated anew. Source: domain, section 3, missing data.
package struct MissingUsage {
  private let policy: MissingUsagePolicy?
  private let rule: any ClauseRule
  private let scope: ClauseScope

  package init(_ policy: MissingUsagePolicy?, _ rule: any ClauseRule, _ scope: ClauseScope) {
    self.policy = policy
    self.rule = rule
    self.scope = scope
  }

  /// What the clause asks for, and what an estimate of it would be made of.
  package var requests: [UsageRequest] { rule.requests(scope) + estimating }

  /// Those of the requests whose answers say whether the others are needed.
  package var first: [UsageRequest] {
    let fallbacks = Set(rule.fallbacks(scope))
    return rule.requests(scope).filter { !fallbacks.contains($0) }
  }

  /// The other requests, where they are.
  package func fallbacks(knowing usage: UsageTable) -> [UsageRequest] {
    let mayBeEstimated = isEstimated && !isAllKnown(usage)
    // An estimate may leave open what silence did not.
    let isOpen = mayBeEstimated || rule.needsFallbacks(scope, knowing: usage)
    return (isOpen ? rule.fallbacks(scope) : []) + (mayBeEstimated ? estimating : [])
  }

  private var estimating: [UsageRequest] { isEstimated ? judged.map(trailing) : [] }

  /// Whether the clause can be rated without an estimate, for sure.
  private func isAllKnown(_ usage: UsageTable) -> Bool {
    let judged = Set(judged)
    return first.allSatisfy { request in
      judged.contains(request) && (try? usage.usage(request).isKnown) ?? false
    }
  }

  package func rate(_ inputs: RatingInputs) throws(Fault) -> RatedClause {
    try SilentMeter.marking(rated(inputs), of: rule, scope, policy, inputs)
  }

  private func rated(_ inputs: RatingInputs) throws(Fault) -> RatedClause {
    guard policy != nil, policy != .zero, !scope.windows.period.isEmpty else {
      return try rule.rate(scope, inputs)
    }
    do throws(Fault) {
      try refuseSilence(inputs.usage)
      return try rule.rate(scope, inputs)
    } catch {
      guard error.code == .missingUsage else { throw error }
      return try estimated(inputs) ?? held(error)
    }
  }

  private var isEstimated: Bool { policy == .estimateMinimum || policy == .estimateTrailingMean }

  /// The requests for the period as a whole.
  private var judged: [UsageRequest] {
    guard !rule.leavesOutDays else { return [] }
    let inForce = scope.windows.inForce
    return rule.requests(scope).filter { request in
      request.windows.period == inForce
        && (request.breakdown == nil || request.breakdown == .group && rule.stage == .usage)
    }
  }

  private func refuseSilence(_ usage: UsageTable) throws(Fault) {
    let judged = judged
    guard !judged.isEmpty else { return }
    for request in judged where try usage.usage(request).hasSeenSomething { return }
    let names = Set(judged.map { "`\($0.meter)`" }).sorted().joined(separator: ", ")
    throw Fault(.missingUsage, "nothing was seen in that time by \(names)")
  }

  private func held(_ fault: Fault) -> RatedClause {
    RatedClause([], nil, unbilled: UnbilledClause(scope, fault))
  }

  /// Nil where nothing is known that an estimate could rest on.
  private func estimated(_ inputs: RatingInputs) throws(Fault) -> RatedClause? {
    guard isEstimated, let estimates = try UsageEstimates(judged, trailing, policy!, inputs.usage)
    else { return nil }
    var inputs = inputs
    inputs.usage = inputs.usage.replacing(estimates.usage)
    do throws(Fault) {
      let rated = try rule.rate(scope, inputs)
      return RatedClause(
        rated.lines.map { $0.estimated(estimates.steps) }, rated.finding)
    } catch {
      guard error.code == .missingUsage else { throw error }
      return nil
    }
  }

  /// The twelve months before, one by one.
  private func trailing(_ request: UsageRequest) -> UsageRequest {
    let month = scope.windows.billingMonth
    let windows = scope.windows.windows(of: month.advanced(by: -12)...month.previous)
    return UsageRequest(
      request.meter, windows, assets: request.assets, by: request.breakdown)
  }
}

extension RatedLine {
  /// The same line, on estimates that `steps` tell of.
  fileprivate func estimated(_ steps: [Derivation.Step]) -> RatedLine {
    var line = RatedLine(
      key: key, clause: clause, stage: stage, asset: asset, assets: assets,
      description: "\(description) (estimated)", quantity: quantity, unit: unit, amount: amount,
      derivation: Derivation(
        steps: steps + derivation.steps, sentence: "Estimated: \(derivation.sentence)"),
      waterfall: waterfall, meters: meters, flags: flags + [.estimated])
    (line.span, line.shares) = (span, shares)
    return line
  }
}
