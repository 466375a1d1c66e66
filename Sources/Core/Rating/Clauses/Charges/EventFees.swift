import Base
import Contracts

/// The fees of events one by one, added up term by term, so that the line can say what each term
/// made of it. Formula: `Percentage`.
struct EventFees {
  private var terms: PercentageTerms?
  private var rate = Ratio.zero
  /// What was given of what is free, in all segments so far.
  private var freeAmountGiven = Ratio.zero
  private var freeEventsGiven = 0

  private var free = Ratio.zero
  private var billed = Ratio.zero
  private var count = 0
  private var fixed = Ratio.zero
  private var raised = Ratio.zero
  private var cut = Ratio.zero

  /// From here on these terms hold; what they say is free is less what was given before.
  mutating func begin(_ terms: PercentageTerms) throws(Fault) {
    guard case .plain(let percent) = terms.rate else {
      throw Fault(.invalidValue, "tiers are for the whole amount, not for each event")
    }
    self.terms = terms
    rate = try percent.ratio / Ratio(100)
    (free, billed, count) = (.zero, .zero, 0)
    (fixed, raised, cut) = (.zero, .zero, .zero)
  }

  /// These terms held up to that amount, of which they charged no single event.
  mutating func pass(_ terms: PercentageTerms, through amount: Ratio) throws(Fault) {
    guard let free = try terms.freeAmount?.ratio else { return }
    freeAmountGiven = max(freeAmountGiven, min(free, amount))
  }

  private var perEvent: PercentageTerms.PerEvent { terms?.perEvent ?? .none }

  mutating func add(_ amount: Ratio) throws(Fault) {
    guard amount >= .zero else { return try charge(-amount, Ratio(-1)) }
    let free = try allowance(of: amount)
    freeAmountGiven = try freeAmountGiven + free
    if amount > .zero { freeEventsGiven += 1 }
    self.free = try self.free + free
    try charge(amount - free, .one)
  }

  private func allowance(of amount: Ratio) throws(Fault) -> Ratio {
    let eventsLeft = perEvent.free.map { max(0, $0 - freeEventsGiven) }
    let amountLeft = try terms?.freeAmount.map { (free) throws(Fault) in
      max(.zero, try free.ratio - freeAmountGiven)
    }
    switch (eventsLeft, amountLeft) {
    case (nil, nil), (0?, _): return .zero
    case (_, let left?): return min(amount, left)
    case (_, nil): return amount
    }
  }

  /// `sign` is that of what is charged: minus one gives back.
  private mutating func charge(_ amount: Ratio, _ sign: Ratio) throws(Fault) {
    guard amount > .zero else { return }
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
      var steps: [Derivation.Step] = []
      func note(_ name: String, _ formula: String, _ input: Derivation.Input, _ exact: Ratio) {
        steps.append(
          Derivation.Step(
            name: name, formula: formula, inputs: [input], exact: exact, rounded: nil))
      }
      if terms?.freeAmount != nil || perEvent.free != nil {
        let allowed = [
          perEvent.free.map { "\($0) events" }, terms?.freeAmount.map { "an amount of \($0)" },
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
        ("fixed", fixed, perEvent.fixed != nil),
        ("minimum", raised, perEvent.minimum != nil),
        ("maximum", cut, perEvent.maximum != nil),
      ] where isAgreed {
        sum = try sum + part
        running.append((label, sum))
      }
      return running
    }
  }
}
