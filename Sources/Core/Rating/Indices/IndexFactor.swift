import Base
import Contracts

/// The index factor in force on a day, and how it came about.
struct IndexFactor {
  let factor: Fixed
  let steps: [Derivation.Step]
  /// Whether the contract has an index at all; if not, the waterfall shows no bar for it.
  let isAgreed: Bool
  let flags: [RatedLine.Flag]

  init(_ terms: IndexTerms, _ series: IndexSeriesByKey, on date: CivilDate) throws(Fault) {
    let one = Fixed(units: 1, places: 0)
    var isProvisional = false
    switch terms {
    case .none:
      (factor, steps, isAgreed) = (one, [], false)
    case .agreed(let agreed):
      (factor, steps, isAgreed) = (agreed, [], true)
    case .escalation(let terms):
      let year = try Escalation(terms, series, through: date).year(on: date)
      (factor, steps, isAgreed) = (year?.factor ?? one, year?.steps ?? [], true)
      isProvisional = year?.isProvisional ?? false
    }
    flags = isProvisional ? [.indexProvisional] : []
  }

  /// The rate of the base year brought to that day.
  func rate(_ base: Fixed) throws(Fault) -> Derived {
    try Derived(
      "rate", "R = round4(R0 * E)", [.init("R0", base), .init("E", factor)],
      try base.ratio * factor.ratio, places: 4)
  }
}
