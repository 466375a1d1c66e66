package import Base

/// How a rate follows published prices: not at all, by a factor both sides agreed, or by a formula
/// over published series.
package enum IndexTerms: Hashable, Sendable {
  case none
  case agreed(factor: Fixed)
  case escalation(EscalationTerms)
}

/// Yearly escalation between a floor and a cap. Formula: Rating, `Escalation`.
package struct EscalationTerms: Hashable, Sendable {
  package struct Component: Hashable, Sendable {
    package let name: String
    package let weight: Fixed
    /// Average of the series over the base window.
    package let base: Fixed

    package init(name: String, weight: Fixed, base: Fixed) {
      self.name = name
      self.weight = weight
      self.base = base
    }
  }

  /// The averages both sides read off the published series for the year that starts on `from`,
  /// one a component.
  package struct Year: Hashable, Sendable {
    package let from: CivilDate
    package let averages: [Fixed]

    package init(from: CivilDate, averages: [Fixed]) {
      self.from = from
      self.averages = averages
    }
  }

  /// The share of the rate that never moves.
  package let fixedShare: Fixed
  package let components: [Component]
  /// Bounds of one year's step, `0.04` for four per cent; nil for none.
  package let floor: Fixed?
  package let cap: Fixed?
  /// Whether what the cap held back in one year may be made up in a later one.
  package let catchUp: Bool
  /// Ascending; before the first one the factor is 1.
  package let years: [Year]

  /// The weights add up to one; every year has one average a component; no base is zero.
  package init(
    fixedShare: Fixed, components: [Component], floor: Fixed?, cap: Fixed?, catchUp: Bool,
    years: [Year]
  ) throws(Fault) {
    var total = try fixedShare.ratio
    for component in components {
      total = try total + component.weight.ratio
      guard component.base.units > 0 else {
        throw Fault(.invalidValue, "the base of an index is positive", at: "/components")
      }
    }
    guard total == .one else {
      throw Fault(.invalidValue, "the fixed share and the weights add up to 1", at: "/components")
    }
    guard years.allSatisfy({ $0.averages.count == components.count }) else {
      throw Fault(.invalidValue, "every year has one average a component", at: "/years")
    }
    guard zip(years, years.dropFirst()).allSatisfy({ $0.from < $1.from }) else {
      throw Fault(.invalidValue, "the years ascend", at: "/years")
    }
    if let floor, let cap, try floor.ratio > cap.ratio {
      throw Fault(.invalidValue, "the cap is not below the floor", at: "/cap")
    }
    self.fixedShare = fixedShare
    self.components = components
    self.floor = floor
    self.cap = cap
    self.catchUp = catchUp
    self.years = years
  }
}

extension IndexTerms {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let factor = fields.optional("factor", Node.nonNegative)
    let escalation = fields.optional("escalation", all: EscalationTerms.init(_:))
    guard fields.areSound else { throw fields.failure }
    switch (factor, escalation) {
    case (let factor?, nil): self = .agreed(factor: factor)
    case (nil, let escalation?): self = .escalation(escalation)
    default: throw Faults([node.fault("either `factor` or `escalation`")])
    }
  }

  var json: JSON? {
    switch self {
    case .none: nil
    case .agreed(let factor): ["factor": .decimal(factor)]
    case .escalation(let terms): ["escalation": terms.json]
    }
  }
}

extension EscalationTerms {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let fixedShare = fields.required("fixedShare", Node.nonNegative)
    let components = fields.required(
      "components", all: Node.list(of: Component.init(_:), countMax: 10))
    let floor = fields.optional("floor", Node.decimal)
    let cap = fields.optional("cap", Node.decimal)
    let catchUp = fields.optional("catchUp", Node.flag)
    let years = fields.required("years", all: Node.list(of: Year.init(_:), countMax: 100))
    guard fields.areSound, let fixedShare, let components, let years else { throw fields.failure }
    do throws(Fault) {
      try self.init(
        fixedShare: fixedShare, components: components, floor: floor, cap: cap,
        catchUp: catchUp ?? false, years: years)
    } catch {
      throw Faults([error.nested(under: node.pointer)])
    }
  }

  var json: JSON {
    .object([
      "fixedShare": .decimal(fixedShare),
      "components": .array(
        components.map {
          ["name": .string($0.name), "weight": .decimal($0.weight), "base": .decimal($0.base)]
        }),
      "floor": floor.map(JSON.decimal),
      "cap": cap.map(JSON.decimal),
      "catchUp": .bool(catchUp),
      "years": .array(
        years.map { ["from": .text($0.from), "averages": .array($0.averages.map(JSON.decimal))] }),
    ])
  }
}

extension EscalationTerms.Component {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let name = fields.required("name", Node.label)
    let weight = fields.required("weight", Node.nonNegative)
    let base = fields.required("base", Node.decimal)
    guard fields.areSound, let name, let weight, let base else { throw fields.failure }
    self.init(name: name, weight: weight, base: base)
  }
}

extension EscalationTerms.Year {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let from = fields.required("from", Node.date)
    let averages = fields.required("averages", all: Node.list(each: Node.nonNegative, countMax: 10))
    guard fields.areSound, let from, let averages else { throw fields.failure }
    self.init(from: from, averages: averages)
  }
}
