import Base
import Contracts
import Metering
import Rating

/// What was said of outcomes in 2026, and what a contract from that year's start bills for it.
struct OutcomeStory {
  var facts: [EventFact] = []

  static let contractStart = CivilDate(year: 2026, month: 1, day: 1)!

  mutating func say(
    _ transition: OutcomeTransition, _ outcome: String, _ time: String, subject: String = "acme",
    _ more: [JSON.Member] = []
  ) {
    let data: [JSON.Member] = [
      .init("outcome", .string(outcome)), .init("transition", .string(transition.rawValue)),
    ]
    facts.append(
      EventFact(
        .init(source: "/bot", id: "\(facts.count)", occurred: Instant(time)!), type: "resolution",
        subject: subject, value: try! Fixed("1"), data: .object(data + more)))
  }

  /// A claim at eight in the morning, and a confirmation an hour later.
  mutating func confirm(_ outcome: String, _ day: String, _ more: [JSON.Member] = []) {
    say(.claim, outcome, "\(day)T08:00:00Z", more)
    say(.confirm, outcome, "\(day)T09:00:00Z")
  }

  func lines(
    _ terms: ConfirmedOutcomeTerms, _ month: String, history: ContractHistory? = nil,
    credited: [BillingMonth: Credited] = [:]
  ) throws -> [RatedLine] {
    let scope = try OutcomeStory.scope(month, history)
    let inputs = RatingInputs(
      RatedMonth(scope.windows.billingMonth, scope.windows.period, in: scope.currency),
      usage: UsageTable([UsageRequest: UsageResult]()), events: table(terms, scope),
      credited: credited)
    return try terms.rate(scope, inputs).lines
  }

  /// The amounts of the lines, such as `billed 1.98, clawback -0.99`.
  func bill(
    _ terms: ConfirmedOutcomeTerms, _ month: String, history: ContractHistory? = nil
  ) throws -> String {
    try lines(terms, month, history: history).map { line in
      "\(line.key.split(separator: "/").last ?? "") \(line.amount)"
    }.joined(separator: ", ")
  }

  func account(_ terms: ConfirmedOutcomeTerms, _ month: String) throws -> OutcomeAccount {
    let scope = try OutcomeStory.scope(month, nil)
    return try ConfirmedOutcome(
      terms, scope, table(terms, scope), through: scope.windows.period.last
    ).account
  }

  /// Every meter shows every event, as it would where all of them count it.
  private func table(_ terms: ConfirmedOutcomeTerms, _ scope: ClauseScope) -> EventTable {
    let requests = terms.eventRequests(scope)
    return EventTable(
      Dictionary(
        uniqueKeysWithValues: requests.map { request in
          (request, facts.filter { request.period.contains($0.reference.occurred) })
        }))
  }

  private static func scope(_ month: String, _ history: ContractHistory?) throws -> ClauseScope {
    let term = Period(start: ZoneRules.utc.startOfDay(contractStart), end: .latest)
    return ClauseScope(
      "resolutions", in: try Currency("USD"),
      RatingWindows(try BillingMonth(month), term: term, zone: .utc), history: history)
  }
}

/// 0.99 confirmed and 0.79 assumed, seven days to object and thirty to reverse.
func outcomeTerms(
  tiers: [(upTo: Int?, confirmed: String, assumed: String)] = [(nil, "0.99", "0.79")],
  confirmWithinHours: Int = 168, once: DeduplicationTerms? = nil,
  countedOver: OutcomeCounting = .month,
  outcomesMax: Int? = nil, amountMax: String? = nil, share: String? = nil
) throws -> ConfirmedOutcomeTerms {
  ConfirmedOutcomeTerms(
    meter: try MeterKey("resolutions"),
    prices: try tiers.map {
      OutcomeTier(upTo: $0.upTo, confirmed: try Fixed($0.confirmed), assumed: try Fixed($0.assumed))
    }, confirmWithinHours: confirmWithinHours, reverseWithinHours: 720, once: once,
    countedOver: countedOver, outcomesMax: outcomesMax,
    amountMax: try amountMax.map { try Fixed($0) }, share: share)
}
