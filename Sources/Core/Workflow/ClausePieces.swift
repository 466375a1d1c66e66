import Base
import Contracts
import Rating

/// A clause and the days of a month it holds for; nil for the bounds of the month.
struct ClausePiece {
  let clause: Clause
  var from: CivilDate?
  var until: CivilDate?
}

extension ClausePiece {
  /// The clauses of a month's versions, in the order in which they are rated.
  ///
  /// What is used is priced by the version in force when it was used: a usage clause that changes
  /// within the month is rated in pieces, and so is one whose rates step there. One that both
  /// versions have is rated whole, with its tiers. Whatever rests on usage lines is a promise about
  /// the whole month: it holds as it did when the month began.
  static func pieces(
    of stretches: [ContractHistory.Stretch], in windows: RatingWindows
  ) -> [ClausePiece] {
    guard let first = stretches.first else { return [] }
    var pieces: [ClausePiece] = []
    for (place, stretch) in stretches.enumerated() {
      let until = place + 1 < stretches.count ? stretches[place + 1].from : nil
      for clause in stretch.contract.clauses where clause.stage == .usage {
        let known = pieces.lastIndex { $0.clause.key == clause.key }
        if let known, pieces[known].clause == clause, pieces[known].until == stretch.from {
          pieces[known].until = until
        } else {
          let piece = ClausePiece(
            clause: clause, from: place == 0 ? nil : stretch.from, until: until)
          pieces.insert(piece, at: known.map { $0 + 1 } ?? pieces.count)
        }
      }
    }
    let later = first.contract.clauses.inOrderOfRating.filter { $0.stage != .usage }
    return pieces.flatMap { $0.atSteps(windows) } + later.map { ClausePiece(clause: $0) }
  }

  /// Cut where the rates step.
  private func atSteps(_ windows: RatingWindows) -> [ClausePiece] {
    let days = clause.terms.rule.steps(
      after: from ?? windows.firstDay, until: until ?? windows.nextDay)
    let bounds = [from] + days.map(Optional.some) + [until]
    return zip(bounds, bounds.dropFirst()).map {
      ClausePiece(clause: clause, from: $0, until: $1)
    }
  }
}
