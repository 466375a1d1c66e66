/// Where an outcome stands. Source: domain rule G6.
package enum OutcomeState: String, CaseIterable, Sendable {
  /// Claimed, and the customer may still confirm or reject it.
  case pending
  case confirmed
  /// The customer has said nothing in time.
  case assumed
  case rejected
  /// The clocks stand still.
  case disputed
  /// It was confirmed or assumed, and is not so any more.
  case reversed

  /// Whether it costs something once it gets there.
  package var isBillable: Bool { self == .confirmed || self == .assumed }
}

/// What an event says of an outcome.
package enum OutcomeTransition: String, CaseIterable, Sendable {
  case claim, confirm, reject, dispute, resolve, reverse

  /// Of several at one moment, what opens an outcome comes before what follows from it.
  var rank: Int { OutcomeTransition.allCases.firstIndex(of: self)! }
}
