import Base
import Metering

/// Outcomes that were billed alike: as what, at which price, for which share of them, and, where
/// they come back later, in which month.
struct OutcomePart {
  let state: OutcomeState
  let price: Fixed
  let share: Ratio
  let month: BillingMonth?
  private(set) var count = 0
  /// What they come to, exactly.
  private(set) var amount = Ratio.zero

  /// In the order in which the first of each was billed; `windows` where the month
  /// matters.
  static func parts(
    of entries: [OutcomeAccount.Entry], billedIn windows: RatingWindows? = nil
  ) throws(Fault) -> [OutcomePart] {
    var parts: [OutcomePart] = []
    let inOrder = entries.filter { $0.billable != nil && $0.price != nil }
      .sorted { $0.billable!.since < $1.billable!.since }
    for state in [OutcomeState.confirmed, .assumed] {
      for entry in inOrder where entry.billable!.state == state {
        let month = windows?.month(holding: entry.billable!.since)
        let place = parts.firstIndex {
          $0.state == state && $0.price == entry.price! && $0.share == entry.share
            && $0.month == month
        }
        let new = OutcomePart(state: state, price: entry.price!, share: entry.share, month: month)
        var part = place.map { parts[$0] } ?? new
        part.count += 1
        part.amount = try part.amount + entry.amount
        if let place { parts[place] = part } else { parts.append(part) }
      }
    }
    return parts
  }

  private init(state: OutcomeState, price: Fixed, share: Ratio, month: BillingMonth?) {
    self.state = state
    self.price = price
    self.share = share
    self.month = month
  }

  var label: String {
    "\(state.rawValue) at \(price)\(month.map { " in \($0)" } ?? "")"
      + (share == .one ? "" : ", share \(share)")
  }

  var step: Derivation.Step {
    Derivation.Step(
      name: state.rawValue,
      formula: share == .one ? "outcomes * price" : "outcomes * price * share",
      inputs: [.init("outcomes", count), .init("price", price)]
        + (share == .one ? [] : [.init("share", share)])
        + (month.map { [.init("billed in", $0)] } ?? []),
      exact: amount, rounded: nil)
  }

  /// `700 confirmed and 380 assumed`
  static func words(_ parts: [OutcomePart]) -> String {
    let counts = [OutcomeState.confirmed, .assumed].map { state in
      (state, parts.filter { $0.state == state }.reduce(0) { $0 + $1.count })
    }
    let words = counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0.rawValue)" }
    return words.isEmpty ? "No" : words.joined(separator: " and ")
  }
}
