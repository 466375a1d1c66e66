import Base
import Contracts
import Rating

/// A clause that is rated as one, with what it says within the period; nil for the bounds of the
/// period.
struct SegmentedClause {
  let clause: Clause
  var from: CivilDate?
  var until: CivilDate?
  /// In the order of time; empty where it says the same throughout.
  var segments: [ClauseSegment] = []
}

extension SegmentedClause {
  /// The clauses of a period's versions, in the order in which they are rated.
  ///
  /// What is used is priced by the version in force when it was used: a usage clause that changes
  /// within the period, or whose rates step there, is one clause with several segments, for its
  /// tiers, its free units and its bounds are those of the period. A recurring fee asks the history
  /// itself. Whatever rests on usage lines is a promise about the whole period: it holds as it did
  /// when the period began.
  static func pieces(
    of stretches: [ContractHistory.Stretch], in windows: RatingWindows,
    _ history: ContractHistory?
  ) -> [SegmentedClause] {
    guard let first = stretches.first else { return [] }
    var pieces: [SegmentedClause] = []
    for (place, stretch) in stretches.enumerated() {
      let from = place == 0 ? nil : stretch.from
      let clauses = stretch.contract.clauses.filter { $0.stage == .usage }
      for index in pieces.indices where !clauses.contains(where: pieces[index].holds) {
        pieces[index].pause(on: stretch.from)
      }
      for clause in clauses {
        if let known = pieces.lastIndex(where: { $0.holds(clause) }) {
          pieces[known].go(on: clause, from)
        } else {
          let known = pieces.lastIndex { $0.clause.key == clause.key }
          pieces.insert(
            SegmentedClause(clause, from), at: known.map { $0 + 1 } ?? pieces.count)
        }
      }
    }
    let later = first.contract.clauses.inOrderOfRating.filter { $0.stage != .usage }
    return pieces.map { $0.finished(windows) } + earlierFees(pieces, history)
      + later.map { SegmentedClause(clause: $0) }
  }

  private init(_ clause: Clause, _ from: CivilDate?) {
    self.init(
      clause: clause, from: from, segments: [ClauseSegment(clause.terms, from: from)])
  }

  /// Whether a version's clause goes on with this one: what fills its tiers is the same.
  private func holds(_ other: Clause) -> Bool {
    guard other.key == clause.key, other.terms.kind == clause.terms.kind else { return false }
    if clause.terms is RecurringFeeTerms { return true }
    return Set(other.meters) == Set(clause.meters) && other.assets == clause.assets
      && other.isPerAsset == clause.isPerAsset && other.terms.rule.counts(as: clause.terms)
  }

  private mutating func go(on clause: Clause, _ from: CivilDate?) {
    if segments.last?.terms?.isEqual(to: clause.terms) ?? false { return }
    segments.append(ClauseSegment(clause.terms, from: from))
    until = nil
  }

  private mutating func pause(on day: CivilDate) {
    guard segments.last?.terms != nil else { return }
    segments.append(ClauseSegment(nil, from: day))
    until = day
  }

  /// Cut where the rates step; what ends a clause is no segment of it.
  private func finished(_ windows: RatingWindows) -> SegmentedClause {
    if clause.terms is RecurringFeeTerms { return SegmentedClause(clause: clause) }
    var piece = self
    piece.segments = []
    for (place, segment) in segments.enumerated() {
      let next = place + 1 < segments.count ? segments[place + 1].from : nil
      guard let terms = segment.terms else {
        if next != nil { piece.segments.append(segment) }
        continue
      }
      let days = terms.rule.steps(
        after: segment.from ?? windows.billing.firstDay(of: windows.billingMonth),
        until: next ?? windows.nextDay)
      piece.segments += ([segment.from] + days).map { ClauseSegment(terms, from: $0) }
    }
    if piece.segments.count == 1 { piece.segments = [] }
    return piece
  }

  /// Recurring fees that no version of the period has any more, and that may have an interval left.
  private static func earlierFees(
    _ pieces: [SegmentedClause], _ history: ContractHistory?
  ) -> [SegmentedClause] {
    var fees: [SegmentedClause] = []
    for clause in history?.versions.flatMap(\.contract.clauses) ?? [] {
      guard clause.terms is RecurringFeeTerms,
        !(pieces + fees).contains(where: { $0.holds(clause) })
      else { continue }
      fees.append(SegmentedClause(clause: clause))
    }
    return fees
  }
}
