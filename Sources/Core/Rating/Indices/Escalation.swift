package import Base
package import Contracts

/// The index factor E of each year of a contract.
///
///     F_y = round6(fixed + sum(w_i * I_iy / I_i0))
///     E_y = round6(E_{y-1} * (1 + clamp(F_y / F_{y-1} - 1, floor, cap)))      without catch-up
///     E_y = round6(E_{y-1} * (1 + clamp(F_y / E_{y-1} - 1, floor, cap)))      with catch-up
///
/// F and E start at 1. Where a component names a published series, I_iy is its mean over the
/// window, rounded to the places it is published with. Source: domain rule G3, the price revision
/// formula usual in service agreements, with a floor and a cap on each year's step.
package struct Escalation: Sendable {
  package struct Year: Hashable, Sendable {
    package let from: CivilDate
    /// What the formula alone would give.
    package let formula: Fixed
    /// What is charged, between floor and cap.
    package let factor: Fixed
    package let steps: [Derivation.Step]
    /// Whether an index that this year rests on, itself or through those before, is not yet
    /// published.
    package let isProvisional: Bool
  }

  package let years: [Year]

  /// The years that start up to and including `last`; all of them where it is nil.
  package init(
    _ terms: EscalationTerms, _ series: IndexSeriesByKey = [:], through last: CivilDate? = nil
  ) throws(Fault) {
    var years: [Year] = []
    var (formulaBefore, factorBefore) = (Ratio.one, Ratio.one)
    for year in terms.years where last.map({ year.from <= $0 }) ?? true {
      let averages = try IndexAverages(terms, year, series)
      let formula = try Escalation.formula(terms, averages.values)
      let factor = try Escalation.factor(terms, formula, formulaBefore, factorBefore)
      years.append(
        Year(
          from: year.from, formula: formula.value, factor: factor.value,
          steps: averages.steps + [formula.step, factor.step],
          isProvisional: averages.isProvisional || years.last?.isProvisional ?? false))
      (formulaBefore, factorBefore) = (try formula.ratio, try factor.ratio)
    }
    self.years = years
  }

  /// The year in force on that day; nil before the first one, where the factor is 1.
  package func year(on date: CivilDate) -> Year? {
    years.last { $0.from <= date }
  }

  private static func formula(
    _ terms: EscalationTerms, _ averages: [Fixed]
  ) throws(Fault) -> Derived {
    var sum = try terms.fixedShare.ratio
    var inputs = [Derivation.Input("fixed", terms.fixedShare)]
    for (component, average) in zip(terms.components, averages) {
      sum = try sum + component.weight.ratio * average.ratio / component.base.ratio
      inputs.append(.init(component.name, "\(component.weight) x \(average) / \(component.base)"))
    }
    return try Derived(
      "index formula", "F = round6(fixed + sum(weight * average / base))", inputs, sum, places: 6)
  }

  private static func factor(
    _ terms: EscalationTerms, _ formula: Derived, _ formulaBefore: Ratio, _ factorBefore: Ratio
  ) throws(Fault) -> Derived {
    let asked = try formula.ratio / (terms.catchUp ? factorBefore : formulaBefore) - .one
    var step = asked
    if let floor = terms.floor { step = max(step, try floor.ratio) }
    if let cap = terms.cap { step = min(step, try cap.ratio) }
    return try Derived(
      "index factor", "E = round6(E before * (1 + clamp(step, floor, cap)))",
      [
        .init("E before", factorBefore), .init("step", asked),
        .init("floor", terms.floor?.description ?? "none"),
        .init("cap", terms.cap?.description ?? "none"),
      ],
      try factorBefore * (.one + step), places: 6)
  }
}
