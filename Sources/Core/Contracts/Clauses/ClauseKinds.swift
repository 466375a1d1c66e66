import Base

/// All kinds of clauses, the only list of them. A new one is its terms, its rule (Rating), its
/// chapter (Documentation/Clauses), and a line here.
package enum ClauseKinds {
  package static let all: [any ClauseTerms.Type] = [
    SeverityHoursTerms.self, UsageChargeTerms.self, FlatFeeTerms.self, PercentageTerms.self,
    MatrixTerms.self, TimeOfDayTerms.self, RecurringFeeTerms.self,
    MinimumCommitmentTerms.self, MaximumSpendTerms.self, DiscountTerms.self,
    PrepaidCreditTerms.self, AvailabilityGuaranteeTerms.self, BonusMalusTerms.self,
    ScorecardTerms.self, HoldbackTerms.self, AtRiskCapTerms.self, GainShareTerms.self,
    CoCreationCreditTerms.self, MinimumUtilisationTerms.self, ConfirmedOutcomeTerms.self,
  ]

  /// As they are written in a contract.
  package static let names = all.map { $0.kind }

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.kind, $0) })

  static func read(_ node: Node) throws(Fault) -> any ClauseTerms.Type {
    guard let kind = byName[try Node.text(node)] else {
      throw node.fault("one of \(names.joined(separator: ", "))")
    }
    return kind
  }
}
