/// What kind of thing a line is, in the order in which a run makes them. Revenue is kept by it.
///
/// Source: domain, section 3, order in a run.
package enum LineStage: String, CaseIterable, Sendable {
  case usage, outcome, availability, gainShare, bonusMalus, holdback, coCreation, goodwill
  case minimum, correction, cap
}
