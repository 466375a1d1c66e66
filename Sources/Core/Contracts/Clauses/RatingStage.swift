/// The order in which a period is rated, and in which its lines stand on the invoice: each stage
/// may rest on those before it. Source: domain, section 3, order in a run.
package enum RatingStage: String, CaseIterable, Comparable, Sendable {
  case usage, outcome, availability, gainShare, bonusMalus, holdback, coCreation, goodwill
  case minimum, correction, cap, prepaid, tax, carried

  package static func < (left: RatingStage, right: RatingStage) -> Bool { left.place < right.place }

  private var place: Int { RatingStage.allCases.firstIndex(of: self)! }
}
