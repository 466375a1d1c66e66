package import Base

/// One priced rule of a contract. Each kind's terms stand in a file of their own.
package struct Clause: Hashable, Sendable {
  /// The kinds of clauses, by their names in a contract.
  package enum Kind: String, CaseIterable, Sendable {
    case severityHours, usageCharge, flatFee
  }

  package enum Terms: Hashable, Sendable {
    case severityHours(SeverityHoursTerms)
    case usageCharge(UsageChargeTerms)
    case flatFee(FlatFeeTerms)
  }

  /// Names the clause within its contract, and its lines on the invoice.
  package let key: String
  package let terms: Terms

  package init(key: String, terms: Terms) {
    self.key = key
    self.terms = terms
  }

  package var meters: [MeterKey] {
    switch terms {
    case .severityHours(let terms): terms.meters
    case .usageCharge(let terms): [terms.meter]
    case .flatFee: []
    }
  }

  package var indexSeries: [IndexSeriesKey] {
    switch terms {
    case .severityHours(let terms): terms.index.series
    case .usageCharge, .flatFee: []
    }
  }
}

extension Clause {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let key = fields.required("key", Node.label)
    let kind: Kind? = fields.required("kind", Node.word)
    // Without a kind nothing else in the clause has a meaning.
    guard let kind else { throw fields.failure }
    let terms: Terms? =
      switch kind {
      case .severityHours: SeverityHoursTerms(&fields).map(Terms.severityHours)
      case .usageCharge: UsageChargeTerms(&fields).map(Terms.usageCharge)
      case .flatFee: FlatFeeTerms(&fields).map(Terms.flatFee)
      }
    guard fields.areSound, let key, let terms else { throw fields.failure }
    self.init(key: key, terms: terms)
  }

  var json: JSON {
    let (kind, members): (Kind, [JSON.Member]) =
      switch terms {
      case .severityHours(let terms): (.severityHours, terms.members)
      case .usageCharge(let terms): (.usageCharge, terms.members)
      case .flatFee(let terms): (.flatFee, terms.members)
      }
    return .object(
      [.init("key", .string(key)), .init("kind", .string(kind.rawValue))] + members)
  }
}
