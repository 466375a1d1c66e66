import Base
import Contracts

/// What savings come to, from the start of the year on, and whether they may be settled.
struct SharedGain {
  let savings: Savings
  /// What is shared of what was saved.
  let eligible: Ratio
  /// The provider's share of it in money, between floor and cap, not yet rounded.
  let exactFee: Ratio
  /// Whether every gate lets it pass.
  let isSettled: Bool
  /// The amount after each thing that changes it.
  let running: [(label: String, exact: Ratio)]
  let steps: [Derivation.Step]

  init(_ savings: Savings, _ terms: GainShareTerms) throws(Fault) {
    self.savings = savings
    let (baseline, saved) = (savings.baseline, try savings.saved)
    let gates = try SharedGain.gates(savings, terms)
    // Of a baseline that is nothing no share can be taken.
    isSettled = baseline > .zero && gates.allSatisfy(\.isOpen)
    eligible = try SharedGain.eligible(saved, baseline, terms.tolerance)
    let price = try terms.price.ratio * terms.share.ratio
    var running = [(label: "savings", exact: try saved * price)]
    let shared = try eligible * price
    if terms.tolerance != nil { running.append((SharedGain.word(terms.tolerance), shared)) }
    var fee = shared
    if baseline > .zero {
      if let cap = terms.cap { fee = min(fee, try cap.ratio * baseline * terms.price.ratio) }
      if let floor = terms.floor {
        fee = max(fee, try -(floor.ratio * baseline * terms.price.ratio))
      }
    }
    if fee != shared { running.append((fee < shared ? "cap" : "floor", fee)) }
    exactFee = fee
    self.running = running
    steps =
      [
        Derivation.Step(
          name: "baseline", formula: "B = sum over days(perDay + sum(b * x)) + adjustments",
          inputs: [
            .init("days", savings.dayCount), .init("known on both sides", savings.validCount),
            .init("adjustments", savings.adjustments),
          ], exact: baseline, rounded: nil),
        Derivation.Step(
          name: "savings", formula: "s = B - A",
          inputs: [.init("B", baseline), .init("A", savings.actual)], exact: saved, rounded: nil),
      ] + gates.map(\.step) + [
        Derivation.Step(
          name: "eligible", formula: SharedGain.formula(terms.tolerance),
          inputs: [.init("s", saved), .init("B", baseline)], exact: eligible, rounded: nil),
        Derivation.Step(
          name: "fee to date",
          formula: "fee = clamp(el * price * share, -floor * B * price, cap * B * price)",
          inputs: [
            .init("price", terms.price), .init("share", terms.share),
            .init("floor", terms.floor?.description ?? "none"),
            .init("cap", terms.cap?.description ?? "none"),
          ], exact: fee, rounded: nil),
      ]
  }

  private struct Gate {
    let isOpen: Bool
    let step: Derivation.Step

    init(_ name: String, _ formula: String, _ value: Ratio, _ bound: Fixed, isOpen: Bool) {
      self.isOpen = isOpen
      step = Derivation.Step(
        name: name, formula: formula,
        inputs: [.init("agreed", bound), .init("passed", isOpen ? "yes" : "no")], exact: value,
        rounded: nil)
    }
  }

  private static func gates(_ savings: Savings, _ terms: GainShareTerms) throws(Fault) -> [Gate] {
    var gates: [Gate] = []
    if let bound = terms.coverageMin {
      let value = try savings.coverage
      gates.append(
        Gate(
          "coverage", "known days / days >= agreed", value, bound,
          isOpen: value >= (try bound.ratio)))
    }
    if let value = try terms.baseline.cvRMSE?.ratio, let bound = terms.baseline.cvRMSEMax {
      gates.append(
        Gate(
          "fit of the baseline", "CV(RMSE) <= agreed", value, bound,
          isOpen: value <= (try bound.ratio)))
    }
    if let bound = terms.uncertainty, savings.baseline > .zero {
      let saved = try savings.saved
      let value = try max(saved, -saved) / savings.baseline
      gates.append(
        Gate(
          "certainty of the savings", "|s| / B > agreed", value, bound,
          isOpen: value > (try bound.ratio)))
    }
    return gates
  }

  private static func eligible(
    _ saved: Ratio, _ baseline: Ratio, _ tolerance: GainShareTerms.Tolerance?
  ) throws(Fault) -> Ratio {
    let size = max(saved, -saved)
    switch tolerance {
    case .deductible(let part):
      let rest = max(.zero, try size - part.ratio * baseline)
      return saved < .zero ? -rest : rest
    case .threshold(let part): return try size >= part.ratio * baseline ? saved : .zero
    case nil: return saved
    }
  }

  private static func formula(_ tolerance: GainShareTerms.Tolerance?) -> String {
    switch tolerance {
    case .deductible(let part): "el = sgn(s) * max(0, |s| - \(part) * B)"
    case .threshold(let part): "el = s if |s| >= \(part) * B else 0"
    case nil: "el = s"
    }
  }

  private static func word(_ tolerance: GainShareTerms.Tolerance?) -> String {
    switch tolerance {
    case .deductible: "deductible"
    case .threshold, nil: "threshold"
    }
  }
}
