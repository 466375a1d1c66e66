package import Base

/// More is paid above a target, and less below it. Formula: Rating, `BonusMalus`.
package struct BonusMalusTerms: ClauseTerms {
  package static var kind: String { "bonusMalus" }

  package enum Better: String, CaseIterable, Sendable {
    case higher, lower
  }

  /// What is held against the target.
  package let measure: Measured
  package let target: Fixed
  /// On either side of the target nothing happens so far from it.
  package let deadband: Fixed
  package let better: Better
  package let bonus: Side
  package let malus: Side
  /// Clauses whose usage lines the percentages are of; none are all.
  package let base: [String]
  /// Whether it takes off for what another clause has already penalised.
  package let penalisesAgain: Bool

  /// One side of the target.
  package struct Side: Hashable, Sendable {
    /// Per cent of the base for each unit past the deadband.
    package let slope: Fixed
    /// Per cent of the base at most.
    package let percentMax: Fixed?

    package init(slope: Fixed, percentMax: Fixed? = nil) {
      self.slope = slope
      self.percentMax = percentMax
    }

    static let none = Side(slope: Fixed(units: 0, places: 0))
  }

  package init(
    _ measure: Measured, target: Fixed, deadband: Fixed = Fixed(units: 0, places: 0),
    better: Better = .higher, bonus: Side, malus: Side, base: [String] = [],
    penalisesAgain: Bool = false
  ) {
    self.measure = measure
    self.target = target
    self.deadband = deadband
    self.better = better
    self.bonus = bonus
    self.malus = malus
    self.base = base
    self.penalisesAgain = penalisesAgain
  }

  package var stage: RatingStage { .bonusMalus }
  package var meters: [MeterKey] { measure.meters }
  package var clauses: [String] { measure.clauses + base }
}

/// What a clause measures: what another clause found, or a meter's value.
package enum Measured: Hashable, Sendable {
  case finding(of: String)
  case meter(MeterKey)

  package var meters: [MeterKey] {
    guard case .meter(let meter) = self else { return [] }
    return [meter]
  }

  package var clauses: [String] {
    guard case .finding(let clause) = self else { return [] }
    return [clause]
  }

  /// Reads `of` or `meter`; nil where there is neither or both.
  init?(_ fields: inout FieldReader) {
    let clause = fields.optional("of", Node.label)
    let meter = fields.optional("meter", MeterKey.read)
    switch (clause, meter) {
    case (let clause?, nil): self = .finding(of: clause)
    case (nil, let meter?): self = .meter(meter)
    default:
      fields.refuse("of", "what is measured is what a clause found (`of`), or a `meter`")
      return nil
    }
  }

  var member: JSON.Member {
    switch self {
    case .finding(let clause): .init("of", .string(clause))
    case .meter(let meter): .init("meter", .text(meter))
    }
  }
}

extension BonusMalusTerms {
  package func summary(in currency: Currency) -> String { "bonus and malus around \(target)" }

  package init?(_ fields: inout FieldReader) {
    let measure = Measured(&fields)
    let target = fields.required("target", Node.decimal)
    let deadband = fields.optional("deadband", Node.nonNegative)
    let better: Better? = fields.optional("better", Node.word)
    let bonus = fields.optional("bonus", all: Side.init(_:))
    let malus = fields.optional("malus", all: Side.init(_:))
    let base = fields.optional("base", all: Node.clauseNames)
    let penalisesAgain = fields.optional("penalisesAgain", Node.flag)
    guard let measure, let target else { return nil }
    self.init(
      measure, target: target, deadband: deadband ?? Fixed(units: 0, places: 0),
      better: better ?? .higher, bonus: bonus ?? .none, malus: malus ?? .none, base: base ?? [],
      penalisesAgain: penalisesAgain ?? false)
  }

  package var members: [JSON.Member] {
    let rest: [(String, JSON?)] = [
      ("target", .decimal(target)), ("deadband", .decimal(deadband)),
      ("better", .string(better.rawValue)), ("bonus", bonus.json), ("malus", malus.json),
      ("base", base.clauseNames), ("penalisesAgain", penalisesAgain ? true : nil),
    ]
    return [measure.member]
      + rest.compactMap { name, value in value.map { JSON.Member(name, $0) } }
  }
}

extension BonusMalusTerms.Side {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let slope = fields.required("slope", Node.nonNegative)
    let percentMax = fields.optional("percentMax", Node.nonNegative)
    guard fields.isValid, let slope else { throw fields.failure }
    self.init(slope: slope, percentMax: percentMax)
  }

  var json: JSON {
    .object(["slope": .decimal(slope), "percentMax": percentMax.map(JSON.decimal)])
  }
}
