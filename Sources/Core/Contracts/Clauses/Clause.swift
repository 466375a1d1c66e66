package import Base

/// One priced rule of a contract. Each kind's terms stand in a file of their own.
package struct Clause: Hashable, Sendable {
  /// Names the clause within its contract, and its lines on the invoice.
  package let key: String
  package let terms: any ClauseTerms
  /// The assets whose usage it prices; none are all that the contract has, and the customer itself.
  package let assets: [AssetKey]
  /// Whether each asset is rated by itself, with lines of its own.
  package let isPerAsset: Bool
  /// What becomes of a period without any usage; without one, each meter's own answer stands.
  package let missing: MissingUsagePolicy?

  package init(
    key: String, terms: any ClauseTerms, assets: [AssetKey] = [], isPerAsset: Bool = false,
    missing: MissingUsagePolicy? = nil
  ) {
    self.key = key
    self.terms = terms
    self.assets = assets
    self.isPerAsset = isPerAsset
    self.missing = missing
  }

  package var stage: RatingStage { terms.stage }
  package var meters: [MeterKey] { terms.meters }
  package var indexSeries: [IndexSeriesKey] { terms.indexSeries }
  package var calendars: [CalendarKey] { terms.calendars }
  package var zones: [String] { terms.zones }
}

extension Clause {
  package static func == (one: Clause, other: Clause) -> Bool {
    one.key == other.key && one.terms.isEqual(to: other.terms) && one.assets == other.assets
      && one.isPerAsset == other.isPerAsset && one.missing == other.missing
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(key)
    terms.hash(into: &hasher)
    hasher.combine(assets)
    hasher.combine(isPerAsset)
    hasher.combine(missing)
  }
}

extension Clause {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let key = fields.required("key", Clause.readKey)
    let kind = fields.required("kind", ClauseKinds.read)
    let assets = fields.optional("assets", all: Node.list(each: AssetKey.read, countMax: 1000))
    let isPerAsset = fields.optional("perAsset", Node.flag)
    let missing: MissingUsagePolicy? = fields.optional("missing", Node.word)
    // Without a kind nothing else in the clause has a meaning.
    guard let kind else { throw fields.failure }
    let terms: (any ClauseTerms)? = kind.init(&fields)
    if terms?.assetTime != nil, isPerAsset != true {
      fields.refuse("assetTime", "only a clause that is `perAsset` is about the time of an asset")
    }
    guard fields.isValid, let key, let terms else { throw fields.failure }
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
      .init("key", .string(key)), .init("kind", .string(terms.kind)),
    ]
    if !assets.isEmpty { members.append(.init("assets", .array(assets.map { .text($0) }))) }
    if isPerAsset { members.append(.init("perAsset", true)) }
    if let missing { members.append(.init("missing", .string(missing.rawValue))) }
    return .object(members + terms.members)
  }
}

extension [Clause] {
  /// In the order in which they are rated: by stage, and within one as they are written.
  package var inOrderOfRating: [Clause] {
    RatingStage.allCases.flatMap { stage in filter { $0.stage == stage } }
  }

  /// Spans that do not hold whole periods.
  func spanFaults(in billing: BillingCycle) -> [Fault] {
    enumerated().flatMap { place, clause in
      let misfits = clause.terms.spans.filter {
        !$0.length.months.isMultiple(of: billing.length.months)
      }
      return misfits.map { span in
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
      for name in clause.terms.clauses where !rated.contains(name) {
        let place = firstIndex { $0.key == clause.key } ?? 0
        faults.append(
          Fault(
            .unknownReference,
            "clause `\(clause.key)` names `\(name)`; no clause of that name is rated before it",
            at: "/clauses/\(place)"))
      }
      rated.insert(clause.key)
    }
    return faults
  }
}
