package import Base
import Rating

extension [StoredAdjustment] {
  /// Those that were not withdrawn.
  package var inForce: [StoredAdjustment] { filter { $0.withdrawn == nil } }

  /// The lines of those that were not withdrawn.
  package func lines() throws(Fault) -> [InvoiceLine] {
    var lines: [InvoiceLine] = []
    for adjustment in inForce {
      lines.append(
        InvoiceLine(
          try .goodwill(
            key: "goodwill/\(adjustment.number)",
            clause: adjustment.clause ?? adjustment.kind.rawValue, reason: adjustment.reason,
            amount: adjustment.amount),
          evidence: [], origin: .adjustment(adjustment.number)))
    }
    return lines
  }
}
