import Base

/// What an event of a history says about outcomes, told from its bonus: a few outcomes, about each
/// of which much is said in any order, and more claims than anything else.
enum OutcomeWords {
  private static let transitions: [JSON] = [
    "claim", "confirm", "claim", "reverse", "dispute", "claim", "resolve", "reverse", "confirm",
    "reject",
  ]
  private static let outcomeCount = 7

  static func members(_ event: Model.Event) -> [JSON.Member] {
    let said = abs(event.bonus)
    let shares: JSON = ["bot": "0.25", "desk": "0.75"]
    return [
      .init("outcome", .string("case-\(said % outcomeCount)")),
      .init("transition", transitions[said % transitions.count]),
    ] + (said.isMultiple(of: 3) ? [.init("shares", shares)] : [])
  }
}
