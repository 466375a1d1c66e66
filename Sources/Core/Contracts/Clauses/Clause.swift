package import Base

/// One priced rule of a contract. Each kind's terms stand in a file of their own.
package struct Clause: Hashable, Sendable {
  /// The kinds of clauses, by their names in a contract.
  package enum Kind: String, CaseIterable, Sendable {
    case severityHours, usageCharge, flatFee
    case percentage, matrix, timeOfDay, recurringFee
    case minimumCommitment, maximumSpend, discount, prepaidCredit
    case availabilityGuarantee, bonusMalus, scorecard, holdback, atRiskCap
    case gainShare, coCreationCredit, minimumUtilisation
    case confirmedOutcome
  }

  package indirect enum Terms: Hashable, Sendable {
    case severityHours(SeverityHoursTerms)
    case usageCharge(UsageChargeTerms)
    case flatFee(FlatFeeTerms)
    case percentage(PercentageTerms)
    case matrix(MatrixTerms)
    case timeOfDay(TimeOfDayTerms)
    case recurringFee(RecurringFeeTerms)
    case minimumCommitment(MinimumCommitmentTerms)
    case maximumSpend(MaximumSpendTerms)
    case discount(DiscountTerms)
    case prepaidCredit(PrepaidCreditTerms)
    case availabilityGuarantee(AvailabilityGuaranteeTerms)
    case bonusMalus(BonusMalusTerms)
    case scorecard(ScorecardTerms)
    case holdback(HoldbackTerms)
    case atRiskCap(AtRiskCapTerms)
    case gainShare(GainShareTerms)
    case coCreationCredit(CoCreationCreditTerms)
    case minimumUtilisation(MinimumUtilisationTerms)
    case confirmedOutcome(ConfirmedOutcomeTerms)
  }

  /// Names the clause within its contract, and its lines on the invoice.
  package let key: String
  package let terms: Terms
  /// The assets whose usage it prices; none are all that the contract has, and the customer itself.
  package let assets: [AssetKey]
  /// Whether each asset is rated by itself, with lines of its own.
  package let isPerAsset: Bool
  /// What becomes of a period without any usage; without one, each meter's own answer stands.
  package let missing: MissingUsagePolicy?

  package init(
    key: String, terms: Terms, assets: [AssetKey] = [], isPerAsset: Bool = false,
    missing: MissingUsagePolicy? = nil
  ) {
    self.key = key
    self.terms = terms
    self.assets = assets
    self.isPerAsset = isPerAsset
    self.missing = missing
  }

  /// The spans that it judges together, by where they stand in it.
  var spans: [(pointer: String, length: BillingCycle.Length)] {
    switch terms {
    case .scorecard(let terms): [("/span", terms.span)]
    case .minimumCommitment(let terms): terms.span.map { [("/span", $0)] } ?? []
    case .maximumSpend(let terms): terms.span.map { [("/span", $0)] } ?? []
    case .atRiskCap(let terms): terms.span.map { [("/span", $0)] } ?? []
    case .severityHours(let terms):
      terms.ratioWindow.map { [("/ratioWindow/every", $0.every)] } ?? []
    default: []
    }
  }

  package var stage: Stage { terms.body.stage }
  package var meters: [MeterKey] { terms.body.meters }
  package var indexSeries: [IndexSeriesKey] { terms.body.indexSeries }
  package var calendars: [CalendarKey] { terms.body.calendars }
  package var zones: [String] { terms.body.zones }
}

extension Clause.Terms {
  package var body: any ClauseTerms {
    switch self {
    case .severityHours(let terms): terms
    case .usageCharge(let terms): terms
    case .flatFee(let terms): terms
    case .percentage(let terms): terms
    case .matrix(let terms): terms
    case .timeOfDay(let terms): terms
    case .recurringFee(let terms): terms
    case .minimumCommitment(let terms): terms
    case .maximumSpend(let terms): terms
    case .discount(let terms): terms
    case .prepaidCredit(let terms): terms
    case .availabilityGuarantee(let terms): terms
    case .bonusMalus(let terms): terms
    case .scorecard(let terms): terms
    case .holdback(let terms): terms
    case .atRiskCap(let terms): terms
    case .gainShare(let terms): terms
    case .coCreationCredit(let terms): terms
    case .minimumUtilisation(let terms): terms
    case .confirmedOutcome(let terms): terms
    }
  }

  fileprivate var assetTime: AssetTime? {
    switch self {
    case .flatFee(let terms): terms.assetTime
    case .recurringFee(let terms): terms.assetTime
    case .minimumCommitment(let terms): terms.assetTime
    case .maximumSpend(let terms): terms.assetTime
    default: nil
    }
  }

  package var kind: Clause.Kind {
    switch self {
    case .severityHours: .severityHours
    case .usageCharge: .usageCharge
    case .flatFee: .flatFee
    case .percentage: .percentage
    case .matrix: .matrix
    case .timeOfDay: .timeOfDay
    case .recurringFee: .recurringFee
    case .minimumCommitment: .minimumCommitment
    case .maximumSpend: .maximumSpend
    case .discount: .discount
    case .prepaidCredit: .prepaidCredit
    case .availabilityGuarantee: .availabilityGuarantee
    case .bonusMalus: .bonusMalus
    case .scorecard: .scorecard
    case .holdback: .holdback
    case .atRiskCap: .atRiskCap
    case .gainShare: .gainShare
    case .coCreationCredit: .coCreationCredit
    case .minimumUtilisation: .minimumUtilisation
    case .confirmedOutcome: .confirmedOutcome
    }
  }

  init?(_ kind: Clause.Kind, _ fields: inout FieldReader) {
    let terms: Clause.Terms? =
      switch kind {
      case .severityHours: SeverityHoursTerms(&fields).map(Clause.Terms.severityHours)
      case .usageCharge: UsageChargeTerms(&fields).map(Clause.Terms.usageCharge)
      case .flatFee: FlatFeeTerms(&fields).map(Clause.Terms.flatFee)
      case .percentage: PercentageTerms(&fields).map(Clause.Terms.percentage)
      case .matrix: MatrixTerms(&fields).map(Clause.Terms.matrix)
      case .timeOfDay: TimeOfDayTerms(&fields).map(Clause.Terms.timeOfDay)
      case .recurringFee: RecurringFeeTerms(&fields).map(Clause.Terms.recurringFee)
      case .minimumCommitment: MinimumCommitmentTerms(&fields).map(Clause.Terms.minimumCommitment)
      case .maximumSpend: MaximumSpendTerms(&fields).map(Clause.Terms.maximumSpend)
      case .discount: DiscountTerms(&fields).map(Clause.Terms.discount)
      case .prepaidCredit: PrepaidCreditTerms(&fields).map(Clause.Terms.prepaidCredit)
      case .availabilityGuarantee:
        AvailabilityGuaranteeTerms(&fields).map(Clause.Terms.availabilityGuarantee)
      case .bonusMalus: BonusMalusTerms(&fields).map(Clause.Terms.bonusMalus)
      case .scorecard: ScorecardTerms(&fields).map(Clause.Terms.scorecard)
      case .holdback: HoldbackTerms(&fields).map(Clause.Terms.holdback)
      case .atRiskCap: AtRiskCapTerms(&fields).map(Clause.Terms.atRiskCap)
      case .gainShare: GainShareTerms(&fields).map(Clause.Terms.gainShare)
      case .coCreationCredit:
        CoCreationCreditTerms(&fields).map(Clause.Terms.coCreationCredit)
      case .minimumUtilisation:
        MinimumUtilisationTerms(&fields).map(Clause.Terms.minimumUtilisation)
      case .confirmedOutcome: ConfirmedOutcomeTerms(&fields).map(Clause.Terms.confirmedOutcome)
      }
    guard let terms else { return nil }
    self = terms
  }
}

extension Clause {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let key = fields.required("key", Clause.readKey)
    let kind: Kind? = fields.required("kind", Node.word)
    let assets = fields.optional("assets", all: Node.list(each: AssetKey.read, countMax: 1000))
    let isPerAsset = fields.optional("perAsset", Node.flag)
    let missing: MissingUsagePolicy? = fields.optional("missing", Node.word)
    // Without a kind nothing else in the clause has a meaning.
    guard let kind else { throw fields.failure }
    let terms = Terms(kind, &fields)
    if terms?.assetTime != nil, isPerAsset != true {
      fields.refuse("assetTime", "only a clause that is `perAsset` is about the time of an asset")
    }
    guard fields.areSound, let key, let terms else { throw fields.failure }
    self.init(
      key: key, terms: terms, assets: assets ?? [], isPerAsset: isPerAsset ?? false,
      missing: missing)
  }

  /// The first names in keys of lines that no clause makes: the bounds of a document and what it
  /// carries, adjustments, corrections.
  package static let keysTaken = [Contract.wholeDocument, "goodwill", "correction"]

  private static func readKey(_ node: Node) throws(Fault) -> String {
    let key = try Node.clauseName(node)
    guard !keysTaken.contains(key) else {
      throw Fault(
        .invalidValue, "`\(key)` names lines that no clause makes; choose another key",
        at: node.pointer)
    }
    return key
  }

  var json: JSON {
    var members: [JSON.Member] = [
      .init("key", .string(key)), .init("kind", .string(terms.kind.rawValue)),
    ]
    if !assets.isEmpty { members.append(.init("assets", .array(assets.map { .text($0) }))) }
    if isPerAsset { members.append(.init("perAsset", true)) }
    if let missing { members.append(.init("missing", .string(missing.rawValue))) }
    return .object(members + terms.body.members)
  }
}

extension [Clause] {
  /// In the order in which they are rated: by stage, and within one as they are written.
  package var inOrderOfRating: [Clause] {
    Stage.allCases.flatMap { stage in filter { $0.stage == stage } }
  }

  /// Spans that do not hold whole periods.
  func spanFaults(in billing: BillingCycle) -> [Fault] {
    enumerated().flatMap { place, clause in
      clause.spans.filter { !$0.length.months.isMultiple(of: billing.length.months) }.map { span in
        Fault(
          .invalidValue,
          "a span has whole billing periods: expected `\(billing.length.rawValue)` or longer",
          at: "/clauses/\(place)\(span.pointer)")
      }
    }
  }

  /// Clauses that name another which is not there, or is not rated before them.
  var referenceFaults: [Fault] {
    var rated: Set<String> = []
    var faults: [Fault] = []
    for clause in inOrderOfRating {
      for name in clause.terms.body.clauses where !rated.contains(name) {
        let place = firstIndex { $0.key == clause.key } ?? 0
        faults.append(
          Fault(
            .danglingReference,
            "clause `\(clause.key)` names `\(name)`; no clause of that name is rated before it",
            at: "/clauses/\(place)"))
      }
      rated.insert(clause.key)
    }
    return faults
  }
}
