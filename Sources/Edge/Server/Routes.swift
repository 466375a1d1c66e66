import Access
import HTTPTypes
import Metering
import Pages
import Storage

/// Every operation of the service.
package enum Routes {
  package static let all: [Operation] =
    EventAddress.allCases.map { address in
      Operation(address.operation, .post, address.path, .token(.writeEvents)) { call in
        try await Handlers.postEvents(at: address, call)
      }
    } + [
      Operation("listEvents", .get, "/v1/events", .token(.readEvents), Handlers.listEvents),
      Operation(
        "getEvent", .get, "/v1/events/{sequence}", .token(.readEvents), Handlers.getEvent),
      Operation("getUsage", .get, "/v1/usage", .token(.readUsage), Handlers.getUsage),
      Operation(
        "listUnbilledUsage", .get, "/v1/unbilled-usage", .token(.readUsage),
        Handlers.listUnbilledUsage),
      Operation("getCatalog", .get, "/v1/catalog", .token(.readCatalog), Handlers.getCatalog),
      Operation("applyCatalog", .post, "/v1/catalog", .token(.writeCatalog), Handlers.applyCatalog),
      Operation(
        "publishIndexValues", .post, "/v1/index-series/{key}/publications", .token(.writeCatalog),
        Handlers.publishIndexValues),
      Operation(
        "runBilling", .post, "/v1/billing-runs", .token(.runBilling), Handlers.runBilling),
      Operation("listInvoices", .get, "/v1/invoices", .token(.readInvoices), Handlers.listInvoices),
      Operation(
        "getInvoice", .get, "/v1/invoices/{key}", .token(.readInvoices), Handlers.getInvoice),
      Operation(
        "finaliseInvoice", .post, "/v1/invoices/{key}/finalise", .token(.finaliseInvoices),
        Handlers.finaliseInvoice),
      Operation(
        "releaseInvoice", .post, "/v1/invoices/{key}/release", .token(.releaseInvoices),
        Handlers.releaseInvoice),
      Operation(
        "listInvoiceEvents", .get, "/v1/invoices/{key}/events", .token(.readInvoices),
        Handlers.listInvoiceEvents),
      Operation(
        "voidInvoice", .post, "/v1/invoices/{key}/void", .token(.finaliseInvoices),
        Handlers.voidInvoice),
      Operation(
        "creditInvoice", .post, "/v1/invoices/{key}/credit-notes", .token(.finaliseInvoices),
        Handlers.creditInvoice),
      Operation(
        "recordPayment", .post, "/v1/invoices/{key}/payments", .token(.settleInvoices),
        Handlers.recordPayment),
      Operation(
        "listPayments", .get, "/v1/invoices/{key}/payments", .token(.readInvoices),
        Handlers.listPayments),
      Operation(
        "returnPayment", .post, "/v1/invoices/{key}/payments/{number}/return",
        .token(.settleInvoices), Handlers.returnPayment),
      Operation(
        "disputeLine", .post, "/v1/invoices/{key}/disputes", .token(.settleInvoices),
        Handlers.disputeLine),
      Operation(
        "resolveDispute", .post, "/v1/invoices/{key}/dispute-resolutions",
        .token(.settleInvoices), Handlers.resolveDispute),
      Operation(
        "listAccruals", .get, "/v1/accruals", .token(.readInvoices), Handlers.listAccruals),
      Operation(
        "listCreditNotes", .get, "/v1/credit-notes", .token(.readInvoices),
        Handlers.listCreditNotes),
      Operation(
        "getCreditNote", .get, "/v1/credit-notes/{number}", .token(.readInvoices),
        Handlers.getCreditNote),
      Operation(
        "voidCreditNote", .post, "/v1/credit-notes/{number}/void", .token(.finaliseInvoices),
        Handlers.voidCreditNote),
      Operation("adjust", .post, "/v1/adjustments", .token(.settleInvoices), Handlers.adjust),
      Operation(
        "listAdjustments", .get, "/v1/adjustments", .token(.readInvoices),
        Handlers.listAdjustments),
      Operation(
        "withdrawAdjustment", .post, "/v1/adjustments/{number}/withdrawal",
        .token(.settleInvoices), Handlers.withdrawAdjustment),
      Operation("listLedger", .get, "/v1/ledger", .token(.readInvoices), Handlers.listLedger),
      Operation(
        "getValueReport", .get, "/v1/customers/{key}/value-report", .token(.readValue),
        Handlers.getValueReport),
      Operation(
        "revokeToken", .post, "/v1/token-revocations", .token(.revokeTokens),
        Handlers.revokeToken),
      Operation("listOutcomes", .get, "/v1/outcomes", .token(.readEvents), Handlers.listOutcomes),
      Operation("simulate", .post, "/v1/simulations", .token(.runBilling), Handlers.simulate),

      Operation("getLiveness", .get, "/livez", .open, Handlers.getLiveness),
      Operation("getReadiness", .get, "/readyz", .open, Handlers.getReadiness),
      Operation("getMetrics", .get, "/metrics", .token(.readMetrics), Handlers.getMetrics),
      Operation("getOpenAPI", .get, "/openapi.yaml", .open, Handlers.getOpenAPI),
      Operation(
        "getCatalogSchema", .get, "/catalog.schema.json", .open, Handlers.getCatalogSchema),
      Operation("getJWKS", .get, "/.well-known/jwks.json", .open, Handlers.getJWKS),

      Operation("showHome", .get, "/", .open, Handlers.showHome),
      Operation(
        "showCustomers", .get, PagePath.customers, .session(.readValue), Handlers.showCustomers),
      Operation(
        "showCustomer", .get, "/customers/{key}", .session(.readValue), Handlers.showCustomer),
      Operation("signIn", .get, "/sign-in/{link}", .open, Handlers.signIn),
      Operation("getStylesheet", .get, "/assets/{file}", .open, Handlers.getStylesheet),
    ] + CatalogKind.allCases.flatMap(catalog) + outcomes

  /// What may be said of an outcome; devices alone claim one.
  private static var outcomes: [Operation] {
    OutcomeTransition.allCases.filter { $0 != .claim }.map { transition in
      let word = transition.rawValue
      return Operation(
        "\(word)Outcome", .post, "/v1/outcomes/{key}/\(word)", .token(.writeEvents)
      ) { call in try await Handlers.sayOfOutcome(transition, call) }
    }
  }

  /// The same three operations for every kind of thing in the catalogue.
  private static func catalog(_ kind: CatalogKind) -> [Operation] {
    let path = "/v1/\(kind == .indexSeries ? "index-series" : kind.section)"
    let name = capitalised(kind.rawValue)
    return [
      Operation("list\(capitalised(kind.section))", .get, path, .token(.readCatalog)) { call in
        try Handlers.listCatalogObjects(kind, call)
      },
      Operation("get\(name)", .get, path + "/{key}", .token(.readCatalog)) { call in
        try Handlers.getCatalogObject(kind, call)
      },
      Operation("put\(name)", .put, path + "/{key}", .token(.writeCatalog)) { call in
        try await Handlers.putCatalogObject(kind, call)
      },
    ]
  }

  private static func capitalised(_ word: String) -> String {
    word.prefix(1).uppercased() + word.dropFirst()
  }
}
