import Base
import Contracts

extension RatedMonth {
  /// What the lines of the named clauses came to so far; those of one asset where the clause that
  /// asks rates each asset by itself. Where none is named, all lines up to a stage count.
  func spend(
    on clauses: [String], upTo stage: Stage, _ scope: ClauseScope
  ) throws(Fault) -> Money {
    try sum { line in
      (clauses.isEmpty ? line.stage <= stage : clauses.contains(line.clause))
        && (scope.asset == nil || line.asset == scope.asset)
    }
  }
}
