/// One thing a token may be used for. The raw value is its name in the `scope` claim.
package enum TokenScope: String, CaseIterable, Sendable {
  case writeEvents = "events:write"
  case readEvents = "events:read"
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
}

/// The people and things tokens are made for.
package enum Role: String, CaseIterable, Sendable {
  /// Posts events, and nothing else.
  case device
  /// Runs billing, reads, releases, finalises and settles invoices, and can look behind each line.
  case finance
  /// Reads value reports.
  case accountManager = "account-manager"
  /// Scrapes the metrics, and nothing else.
  case monitor
  /// Runs the service and keeps the catalogue.
  case `operator`

  package var scopes: [TokenScope] {
    switch self {
    case .device: [.writeEvents]
    case .finance:
      [
        .readEvents, .readCatalog, .readUsage, .runBilling, .readInvoices, .finaliseInvoices,
        .settleInvoices, .releaseInvoices,
      ]
    case .accountManager: [.readCatalog, .readUsage, .readValue]
    case .monitor: [.readMetrics]
    case .operator: TokenScope.allCases
    }
  }
}
