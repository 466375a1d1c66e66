package import Base

extension Contract {
  /// The tax that falls on the lines of a clause; nil where none does. Lines that no clause makes,
  /// such as goodwill, have the tax that names no clauses; those of a clause that is gone have the
  /// one that fell on it.
  package func tax(on clause: String?) -> TaxKey? {
    if let former = clause.flatMap({ formerTaxes[$0] }) { return former.tax }
    return (namedTax(on: clause) ?? taxes.first { $0.clauses == nil })?.tax
  }

  /// Whether a tax names the clause itself: then it falls on its lines, whatever they rest on.
  package func namesTax(on clause: String) -> Bool {
    formerTaxes[clause]?.isNamed ?? (namedTax(on: clause) != nil)
  }

  private func namedTax(on clause: String?) -> TaxTerms? {
    taxes.first { terms in clause.map { terms.clauses?.contains($0) ?? false } ?? false }
  }
}
