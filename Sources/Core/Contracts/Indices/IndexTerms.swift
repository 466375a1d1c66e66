package import Base

/// How a rate follows published prices: not at all, by a factor both sides agreed, or by a formula
/// over published series.
package enum IndexTerms: Hashable, Sendable {
  case none
  case agreed(factor: Fixed)
  case escalation(EscalationTerms)

  var series: [IndexSeriesKey] {
    guard case .escalation(let terms) = self else { return [] }
    return terms.components.compactMap(\.series)
  }
}

extension IndexTerms {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let factor = fields.optional("factor", Node.nonNegative)
    let escalation = fields.optional("escalation", all: EscalationTerms.init(_:))
    guard fields.isValid else { throw fields.failure }
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
