import Base
import Contracts

/// The fees of events one by one, added up term by term, so that the line can say what each term
/// made of it. Formula: `Percentage`.
struct EventFees {
  private let terms: PercentageTerms
  private let rate: Ratio
  private var freeAmountLeft: Ratio?
  private var freeEventsLeft: Int?

  private var free = Ratio.zero
  private var billed = Ratio.zero
  private var count = 0
  private var fixed = Ratio.zero
  private var raised = Ratio.zero
  private var cut = Ratio.zero

  init(_ terms: PercentageTerms) throws(Fault) {
    guard case .plain(let percent) = terms.rate else {
      throw Fault(.invalidValue, "tiers are for the whole amount, not for each event")
    }
    self.terms = terms
    rate = try percent.ratio / Ratio(100)
    freeAmountLeft = try terms.freeAmount?.ratio
    freeEventsLeft = terms.perEvent.free
  }

  mutating func add(_ amount: Ratio) throws(Fault) {
    guard amount >= .zero else { return try charge(-amount, Ratio(-1)) }
    let free = allowance(of: amount)
    freeAmountLeft = try freeAmountLeft.map { (left) throws(Fault) in try left - free }
    if amount > .zero, let left = freeEventsLeft { freeEventsLeft = max(0, left - 1) }
    self.free = try self.free + free
    try charge(amount - free, .one)
  }

  private func allowance(of amount: Ratio) -> Ratio {
    switch (freeEventsLeft, freeAmountLeft) {
    case (nil, nil), (0?, _): .zero
    case (_, let left?): min(amount, left)
    case (_, nil): amount
    }
  }

  /// `sign` is that of what is charged: minus one gives back.
  private mutating func charge(_ amount: Ratio, _ sign: Ratio) throws(Fault) {
    guard amount > .zero else { return }
    let perEvent = terms.perEvent
    let extra = try perEvent.fixed?.ratio ?? .zero
    let plain = try amount * rate + extra
    let low = try max(plain, perEvent.minimum?.ratio ?? plain)
    let fee = try min(low, perEvent.maximum?.ratio ?? low)
    count += 1
    billed = try billed + amount * sign
    fixed = try fixed + extra * sign
    raised = try raised + (low - plain) * sign
    cut = try cut + (fee - low) * sign
  }

  private var percentage: Ratio { get throws(Fault) { try billed * rate } }

  var steps: [Derivation.Step] {
    get throws(Fault) {
      let perEvent = terms.perEvent
      var steps: [Derivation.Step] = []
      func note(_ name: String, _ formula: String, _ input: Derivation.Input, _ exact: Ratio) {
        steps.append(
          Derivation.Step(
            name: name, formula: formula, inputs: [input], exact: exact, rounded: nil))
      }
      if terms.freeAmount != nil || perEvent.free != nil {
        let allowed = [
          perEvent.free.map { "\($0) events" }, terms.freeAmount.map { "an amount of \($0)" },
        ].compactMap { $0 }.joined(separator: ", ")
        note("free", "free = sum of what is free", .init("allowance", allowed), free)
      }
      note("billed", "q = sum of what is billed", .init("events billed", count), billed)
      note("percentage", "p = q * rate", .init("rate", rate), try percentage)
      if let fixed = perEvent.fixed {
        note("fixed", "f = sum of the fixed fees", .init("fixed", fixed), self.fixed)
      }
      if let minimum = perEvent.minimum {
        note("minimum", "m = sum of what the minimum adds", .init("minimum", minimum), raised)
      }
      if let maximum = perEvent.maximum {
        note("maximum", "x = sum of what the maximum cuts", .init("maximum", maximum), cut)
      }
      return steps
    }
  }

  /// The amount after each term, for the waterfall.
  var running: [(label: String, exact: Ratio)] {
    get throws(Fault) {
      var sum = try percentage
      var running = [(label: "percentage", exact: sum)]
      for (label, part, isAgreed) in [
        ("fixed", fixed, terms.perEvent.fixed != nil),
        ("minimum", raised, terms.perEvent.minimum != nil),
        ("maximum", cut, terms.perEvent.maximum != nil),
      ] where isAgreed {
        sum = try sum + part
        running.append((label, sum))
      }
      return running
    }
  }
}
