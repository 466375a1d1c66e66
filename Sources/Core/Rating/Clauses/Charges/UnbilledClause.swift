package import Base
import Contracts

/// A clause that has no line because too little is known, which the invoice says.
package struct UnbilledClause: Hashable, Sendable {
  package let clause: String
  package let asset: AssetKey?
  package let reason: String

  init(_ scope: ClauseScope, _ fault: Fault) {
    clause = scope.clause
    asset = scope.asset
    reason = fault.detail
  }

  package var json: JSON {
    .object([
      "clause": .string(clause), "asset": asset.map { .text($0) }, "reason": .string(reason),
    ])
  }
}
