import Base
import Contracts

extension RatedMonth {
  /// What those lines came to, before anything was taken off or credited: a credit never reduces
  /// what was reached.
  func spend(
    on clauses: [String], upTo stage: Stage, _ scope: ClauseScope
  ) throws(Fault) -> Money {
    try BaseLines(of: computed, in: currency, left: left) { line in
      (clauses.isEmpty ? line.stage <= stage : clauses.contains(line.clause))
        && (scope.asset == nil || line.asset == scope.asset)
    }.gross
  }

  /// The lines of the named clauses so far, and what is left of each; those of one asset where the
  /// clause that asks rates each asset by itself. Where none is named, all lines up to a stage
  /// count.
  func lines(
    of clauses: [String], upTo stage: Stage, _ scope: ClauseScope
  ) throws(Fault) -> BaseLines {
    try baseLines { line in
      (clauses.isEmpty ? line.stage <= stage : clauses.contains(line.clause))
        && (scope.asset == nil || line.asset == scope.asset)
    }
  }
}
