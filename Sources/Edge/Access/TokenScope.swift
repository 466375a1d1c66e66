/// One thing a token may be used for. The raw value is its name in the `scope` claim.
package enum TokenScope: String, CaseIterable, Sendable {
  case writeEvents = "events:write"
  /// To take back or amend what was posted.
  case correctEvents = "events:correct"
  /// To see what became of events of the sources and assets that the token is bound to.
  case readOwnEvents = "events:own"
  case readEvents = "events:read"
  /// To confirm, reject, dispute, resolve or reverse an outcome; to claim one is to post an event.
  case answerOutcomes = "outcomes:answer"
  case writeCatalog = "catalog:write"
  case readCatalog = "catalog:read"
  case readUsage = "usage:read"
  case runBilling = "billing:run"
  case readInvoices = "invoices:read"
  case finaliseInvoices = "invoices:finalise"
  case settleInvoices = "invoices:settle"
  case releaseInvoices = "invoices:release"
  case readValue = "value:read"
  case readMetrics = "metrics:read"
  case revokeTokens = "tokens:revoke"

  /// One of these opens the operations that post events; which events, the event decides.
  package static let posting: [TokenScope] = [.writeEvents, .correctEvents, .answerOutcomes]
  /// One of these opens the operations that show events.
  package static let reading: [TokenScope] = [.readEvents, .readOwnEvents]

  /// Whether it is about events one by one, so that a token may be bound to some of them.
  package var isOfEvents: Bool { self == .readOwnEvents || TokenScope.posting.contains(self) }
}

/// The people and things tokens are made for.
package enum Role: String, CaseIterable, Sendable {
  /// Posts the events of its own sources, and sees what became of them.
  case device
  /// Runs billing, reads, releases, finalises and settles invoices, can look behind each line, and
  /// answers for customers what became of outcomes.
  case finance
  /// Reads value reports.
  case accountManager = "account-manager"
  /// Scrapes the metrics, and nothing else.
  case monitor
  /// Runs the service and keeps the catalog.
  case `operator`

  package var scopes: [TokenScope] {
    switch self {
    case .device: [.writeEvents, .readOwnEvents]
    case .finance:
      [
        .readEvents, .readCatalog, .readUsage, .runBilling, .readInvoices, .finaliseInvoices,
        .settleInvoices, .releaseInvoices, .answerOutcomes,
      ]
    case .accountManager: [.readCatalog, .readUsage, .readValue]
    case .monitor: [.readMetrics]
    case .operator: TokenScope.allCases
    }
  }
}
