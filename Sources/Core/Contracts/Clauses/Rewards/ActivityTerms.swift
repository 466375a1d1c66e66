package import Base

/// One activity of a co-creation catalog, and what the customer is paid for it.
package struct ActivityTerms: Hashable, Sendable {
  package enum Reward: Hashable, Sendable {
    case perUnit(PerUnitReward)
    case ofBase(BaseReward)
  }

  /// Names the activity's line within the clause.
  package let key: String
  /// What the line says.
  package let name: String
  package let reward: Reward

  package init(key: String, name: String, reward: Reward) {
    self.key = key
    self.name = name
    self.reward = reward
  }
}

/// So much for each hour, report or referral that was validated.
package struct PerUnitReward: Hashable, Sendable {
  /// Counts what was validated. Its groups, if it has any, are the tasks.
  package let meter: MeterKey
  /// Counts what is not validated yet.
  package let pending: MeterKey?
  package let rate: Fixed
  /// Units of each task at most, over the year.
  package let allowance: Fixed?
  /// Units of a period at most.
  package let cap: Fixed?
  package let year: YearBasis

  package init(
    meter: MeterKey, pending: MeterKey? = nil, rate: Fixed, allowance: Fixed? = nil,
    cap: Fixed? = nil, year: YearBasis = .contract
  ) {
    self.meter = meter
    self.pending = pending
    self.rate = rate
    self.allowance = allowance
    self.cap = cap
    self.year = year
  }
}

/// A share of the base, where something reaches a value.
package struct BaseReward: Hashable, Sendable {
  package enum Measure: Hashable, Sendable {
    case meter(MeterKey)
    /// What a clause found; by its key.
    case finding(String)
  }

  package let percent: Fixed
  package let measure: Measure
  package let atLeast: Fixed

  package init(percent: Fixed, measure: Measure, atLeast: Fixed) {
    self.percent = percent
    self.measure = measure
    self.atLeast = atLeast
  }
}

extension ActivityTerms {
  var meters: [MeterKey] {
    switch reward {
    case .perUnit(let terms): [terms.meter] + [terms.pending].compactMap { $0 }
    case .ofBase(let terms):
      if case .meter(let meter) = terms.measure { [meter] } else { [] }
    }
  }

  /// The clause whose finding decides.
  var finding: String? {
    guard case .ofBase(let terms) = reward, case .finding(let clause) = terms.measure else {
      return nil
    }
    return clause
  }
}

extension ActivityTerms {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let key = fields.required("key", Node.lineName)
    let name = fields.required("name", Node.label)
    let perUnit = fields.optional("perUnit", all: PerUnitReward.init(_:))
    let ofBase = fields.optional("ofBase", all: BaseReward.init(_:))
    guard fields.isValid, let key, let name else { throw fields.failure }
    switch (perUnit, ofBase) {
    case (let terms?, nil): self.init(key: key, name: name, reward: .perUnit(terms))
    case (nil, let terms?): self.init(key: key, name: name, reward: .ofBase(terms))
    default: throw Faults([node.fault("either `perUnit` or `ofBase`")])
    }
  }

  var json: JSON {
    var members: [JSON.Member] = [.init("key", .string(key)), .init("name", .string(name))]
    switch reward {
    case .perUnit(let terms): members.append(.init("perUnit", terms.json))
    case .ofBase(let terms): members.append(.init("ofBase", terms.json))
    }
    return .object(members)
  }
}

extension PerUnitReward {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let meter = fields.required("meter", MeterKey.read)
    let pending = fields.optional("pending", MeterKey.read)
    let rate = fields.required("rate", Node.nonNegative)
    let allowance = fields.optional("allowance", Node.nonNegative)
    let cap = fields.optional("cap", Node.nonNegative)
    let year: YearBasis? = fields.optional("year", Node.word)
    guard fields.isValid, let meter, let rate else { throw fields.failure }
    self.init(
      meter: meter, pending: pending, rate: rate, allowance: allowance, cap: cap,
      year: year ?? .contract)
  }

  var json: JSON {
    .object([
      "meter": .text(meter), "pending": pending.map { .text($0) }, "rate": .decimal(rate),
      "allowance": allowance.map(JSON.decimal), "cap": cap.map(JSON.decimal),
      "year": year == .contract ? nil : .string(year.rawValue),
    ])
  }
}

extension BaseReward {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let percent = fields.required("percent", Node.nonNegative)
    let meter = fields.optional("meter", MeterKey.read)
    let finding = fields.optional("finding", Node.label)
    let atLeast = fields.required("atLeast", Node.decimal)
    guard fields.isValid, let percent, let atLeast else { throw fields.failure }
    switch (meter, finding) {
    case (let meter?, nil): self.init(percent: percent, measure: .meter(meter), atLeast: atLeast)
    case (nil, let clause?):
      self.init(percent: percent, measure: .finding(clause), atLeast: atLeast)
    default: throw Faults([node.fault("either `meter` or `finding`")])
    }
  }

  var json: JSON {
    var members: [JSON.Member] = [.init("percent", .decimal(percent))]
    switch measure {
    case .meter(let meter): members.append(.init("meter", .text(meter)))
    case .finding(let clause): members.append(.init("finding", .string(clause)))
    }
    return .object(members + [.init("atLeast", .decimal(atLeast))])
  }
}
