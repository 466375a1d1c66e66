package import Base
package import Contracts
package import Metering
package import Rating
package import Settlement

/// What a meter counted for some subjects while they count.
package struct EvidenceRequest: Hashable, Sendable {
  package let meter: MeterKey
  package let stretches: [SubjectStretch]
  /// The stretches of that time which count, rising; nil if all of it does.
  package var times: [Period]?
  /// The group whose events count; nil for all of them.
  package var group: String?
  /// The events that count; nil if all of that time and group do.
  package var only: Set<Evidence.Reference>?
  /// The time whose events are reviewed as well; nil for none.
  package var reviewed: Period?
  /// What the contract says of the meter, before what the meter says itself.
  package var bounds: MeterBounds

  package init(
    meter: MeterKey, stretches: [SubjectStretch], times: [Period]? = nil, group: String? = nil,
    only: Set<Evidence.Reference>? = nil, reviewed: Period? = nil, bounds: MeterBounds = .none
  ) {
    self.meter = meter
    self.stretches = stretches
    self.times = times
    self.group = group
    self.only = only
    self.reviewed = reviewed
    self.bounds = bounds
  }
}

/// The evidence of a request, and what a review of its events found.
package struct EvidenceResult: Sendable {
  package let evidence: Evidence
  package let reasons: [HoldReason]
  /// Those of its subjects of which nothing counts that happened in the time reviewed, or that
  /// still held in it.
  package let unheard: [String]

  package init(evidence: Evidence, reasons: [HoldReason], unheard: [String]) {
    self.evidence = evidence
    self.reasons = reasons
    self.unheard = unheard
  }
}
