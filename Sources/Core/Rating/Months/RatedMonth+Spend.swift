import Base
import Contracts

extension RatedMonth {
  /// What those lines came to, before anything was taken off or credited: a credit never reduces
  /// what was reached.
  func spent(
    on clauses: [String], upTo stage: RatingStage, _ scope: ClauseScope
  ) throws(Fault) -> BaseLines {
    try BaseLines(of: computed, in: currency, left: left) { line in
      (clauses.isEmpty ? line.stage <= stage : clauses.contains(line.clause))
        && (scope.asset == nil || line.asset == scope.asset)
    }
  }

  /// What was left of those lines when a clause came to them, of a period that is over.
  func spent(
    on clauses: [String], upTo stage: RatingStage, before clause: ClauseScope
  ) throws(Fault) -> Money {
    let end = lines.firstIndex { $0.clause == clause.clause && $0.asset == clause.asset }
    let earlier = Array(lines[..<(end ?? lines.endIndex)])
    var left: [String: Money] = [:]
    for (piece, amount) in earlier.flatMap(\.pieces) {
      left[piece.root] = try (left[piece.root] ?? .zero(currency)) + amount
    }
    return try BaseLines(
      of: earlier, in: currency, left: { left[$0] ?? .zero(currency) }
    ) { line in
      (clauses.isEmpty ? line.stage <= stage : clauses.contains(line.clause))
        && (clause.asset == nil || line.asset == clause.asset)
    }.left
  }

  /// The lines of the named clauses so far, and what is left of each; those of one asset where the
  /// clause that asks rates each asset by itself. Where none is named, all lines up to a stage
  /// count.
  func lines(
    of clauses: [String], upTo stage: RatingStage, _ scope: ClauseScope
  ) throws(Fault) -> BaseLines {
    try baseLines { line in
      (clauses.isEmpty ? line.stage <= stage : clauses.contains(line.clause))
        && (scope.asset == nil || line.asset == scope.asset)
    }
  }
}
