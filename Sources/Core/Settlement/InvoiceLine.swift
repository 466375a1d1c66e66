import Base
import Contracts
package import Rating

/// A rated line on an invoice, with the events it rests on.
package struct InvoiceLine: Hashable, Sendable {
  package let rated: RatedLine
  package let evidence: [Evidence]

  package init(_ rated: RatedLine, evidence: [Evidence]) {
    self.rated = rated
    self.evidence = evidence
  }

  var json: JSON {
    .object([
      "key": .string(rated.key),
      "clause": .string(rated.clause),
      "stage": .string(rated.stage.rawValue),
      "asset": rated.asset.map { .text($0) },
      "period": rated.span.map { ["start": .text($0.start), "end": .text($0.end)] },
      "description": .string(rated.description),
      "quantity": .text(rated.quantity),
      "unit": .string(rated.unit),
      "amount": .text(rated.amount),
      "flags": rated.flags.isEmpty ? nil : .array(rated.flags.map { .string($0.rawValue) }),
      "derivation": rated.derivation.json,
      "waterfall": rated.waterfall.json,
      "evidence": .array(evidence.map(\.json)),
    ])
  }
}
