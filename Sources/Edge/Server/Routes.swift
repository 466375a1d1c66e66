import Access
import HTTPTypes
import Metering
import Pages
import Services
import Workflow

/// Every operation of the service.
package enum Routes {
  package static let all: [Operation] =
    IngestEndpoint.allCases.map { address in
      Operation(
        address.operation, .post, address.path, .token(anyOf: TokenScope.posting), in: []
      ) { call in
        try await Handlers.postEvents(at: address, call)
      }
    } + [
      Operation(
        "listEvents", .get, "/v1/events", .token(anyOf: TokenScope.reading),
        taking: [
          "status", "source", "id", "type", "subject", "start", "end", "invoice", "line", "cursor",
          "limit",
        ], among: .lookups,
        Handlers.listEvents),
      Operation(
        "getEvent", .get, "/v1/events/{sequence}", .token(anyOf: TokenScope.reading),
        among: .lookups, Handlers.getEvent),
      Operation(
        "getUsage", .get, "/v1/usage", .token(.readUsage), in: Operation.table,
        taking: [
          "meter", "customer", "contract", "asset", "assets", "month", "start", "end", "zone",
          "window", "by", "format",
        ], among: .reports,
        Handlers.getUsage),
      Operation(
        "listUnbilledUsage", .get, "/v1/unbilled-usage", .token(.readUsage),
        taking: ["month", "customer", "cursor", "limit"], among: .reports,
        Handlers.listUnbilledUsage),
      Operation(
        "getCatalog", .get, "/v1/catalog", .token(.readCatalog), among: .lookups,
        Handlers.getCatalog),
      Operation(
        "applyCatalog", .post, "/v1/catalog", .token(.writeCatalog),
        taking: ["dryRun"], awaiting: Handlers.applyCatalog),
      Operation(
        "publishIndexValues", .post, "/v1/index-series/{key}/publications", .token(.writeCatalog),
        awaiting: Handlers.publishIndexValues),
      Operation(
        "runBilling", .post, "/v1/billing-runs", .token(.runBilling),
        awaiting: Handlers.runBilling),
      Operation(
        "listInvoices", .get, "/v1/invoices", .token(.readInvoices), in: Operation.table,
        taking: [
          "number", "customer", "month", "status", "held", "payment", "changedSince", "format",
          "cursor", "limit",
        ], among: .lookups, Handlers.listInvoices),
      Operation(
        "getInvoice", .get, "/v1/invoices/{key}", .token(.readInvoices), in: Operation.table,
        taking: ["format"], among: .lookups, Handlers.getInvoice),
      Operation(
        "finaliseInvoice", .post, "/v1/invoices/{key}/finalise", .token(.finaliseInvoices),
        awaiting: Handlers.finaliseInvoice),
      Operation(
        "releaseInvoice", .post, "/v1/invoices/{key}/release", .token(.releaseInvoices),
        awaiting: Handlers.releaseInvoice),
      Operation(
        "listInvoiceEvents", .get, "/v1/invoices/{key}/events", .token(.readInvoices),
        among: .lookups, Handlers.listInvoiceEvents),
      Operation(
        "voidInvoice", .post, "/v1/invoices/{key}/void", .token(.finaliseInvoices),
        awaiting: Handlers.voidInvoice),
      Operation(
        "creditInvoice", .post, "/v1/invoices/{key}/credit-notes", .token(.finaliseInvoices),
        awaiting: Handlers.creditInvoice),
      Operation(
        "recordPayment", .post, "/v1/invoices/{key}/payments", .token(.settleInvoices),
        awaiting: Handlers.recordPayment),
      Operation(
        "listPayments", .get, "/v1/invoices/{key}/payments", .token(.readInvoices),
        in: Operation.table, taking: ["format"], among: .lookups, Handlers.listPayments),
      Operation(
        "returnPayment", .post, "/v1/invoices/{key}/payments/{number}/return",
        .token(.settleInvoices), awaiting: Handlers.returnPayment),
      Operation(
        "disputeLine", .post, "/v1/invoices/{key}/disputes", .token(.settleInvoices),
        awaiting: Handlers.disputeLine),
      Operation(
        "resolveDispute", .post, "/v1/invoices/{key}/dispute-resolutions",
        .token(.settleInvoices), awaiting: Handlers.resolveDispute),
      Operation(
        "listAccruals", .get, "/v1/accruals", .token(.readInvoices), in: Operation.table,
        taking: ["month", "customer", "format"], among: .reports, Handlers.listAccruals),
      Operation(
        "listCreditNotes", .get, "/v1/credit-notes", .token(.readInvoices), in: Operation.table,
        taking: ["number", "invoice", "customer", "format", "cursor", "limit"], among: .lookups,
        Handlers.listCreditNotes),
      Operation(
        "getCreditNote", .get, "/v1/credit-notes/{number}", .token(.readInvoices),
        among: .lookups, Handlers.getCreditNote),
      Operation(
        "voidCreditNote", .post, "/v1/credit-notes/{number}/void", .token(.finaliseInvoices),
        awaiting: Handlers.voidCreditNote),
      Operation(
        "adjust", .post, "/v1/adjustments", .token(.settleInvoices), awaiting: Handlers.adjust),
      Operation(
        "listAdjustments", .get, "/v1/adjustments", .token(.readInvoices), in: Operation.table,
        taking: ["contract", "month", "format", "cursor", "limit"], among: .lookups,
        Handlers.listAdjustments),
      Operation(
        "withdrawAdjustment", .post, "/v1/adjustments/{number}/withdrawal",
        .token(.settleInvoices), awaiting: Handlers.withdrawAdjustment),
      Operation(
        "listLedger", .get, "/v1/ledger", .token(.readInvoices), in: Operation.table,
        taking: ["invoice", "customer", "format", "cursor", "limit"], among: .lookups,
        Handlers.listLedger),
      Operation(
        "getValueReport", .get, "/v1/customers/{key}/value-report", .token(.readValue),
        taking: ["from", "to"], among: .reports, Handlers.getValueReport),
      Operation(
        "revokeToken", .post, "/v1/token-revocations", .token(.revokeTokens), in: [],
        awaiting: Handlers.revokeToken),
      Operation(
        "listOutcomes", .get, "/v1/outcomes", .token(.readEvents),
        taking: ["customer", "contract", "clause", "asset", "state", "cursor", "limit"],
        among: .reports,
        Handlers.listOutcomes),
      Operation(
        "simulate", .post, "/v1/simulations", .token(.runBilling), awaiting: Handlers.simulate),

      Operation("getLiveness", .get, "/livez", .open, atOnce: Handlers.getLiveness),
      Operation("getReadiness", .get, "/readyz", .open, among: .checks, Handlers.getReadiness),
      Operation(
        "getMetrics", .get, "/metrics", .token(.readMetrics), in: ["text/plain"], among: .checks,
        Handlers.getMetrics),
      Operation(
        "getOpenAPI", .get, "/openapi.yaml", .open, in: ["application/yaml"],
        atOnce: Handlers.getOpenAPI),
      Operation(
        "getCatalogSchema", .get, "/catalog.schema.json", .open, in: ["application/schema+json"],
        atOnce: Handlers.getCatalogSchema),
      Operation("getJWKS", .get, "/.well-known/jwks.json", .open, atOnce: Handlers.getJWKS),

      Operation("showHome", .get, "/", .open, in: [], atOnce: Handlers.showHome),
      Operation(
        "showCustomers", .get, PagePath.customers, .session(.readValue), in: Operation.page,
        among: .reports, Handlers.showCustomers),
      Operation(
        "showCustomer", .get, "/customers/{key}", .session(.readValue), in: Operation.page,
        among: .reports, Handlers.showCustomer),
      Operation(
        "showSignIn", .get, PagePath.signIn, .open, in: Operation.page,
        atOnce: Handlers.showSignIn),
      Operation(
        "signIn", .get, PagePath.signIn + "/{link}", .open, in: [], awaiting: Handlers.signIn),
      Operation("signOut", .post, PagePath.signOut, .open, in: [], awaiting: Handlers.signOut),
      Operation(
        "getStylesheet", .get, "/assets/{file}", .open, in: ["text/css"],
        atOnce: Handlers.getStylesheet),
    ] + CatalogKind.allCases.flatMap(catalog) + outcomes

  /// What may be said of an outcome; devices alone claim one.
  private static var outcomes: [Operation] {
    OutcomeTransition.allCases.filter { $0 != .claim }.map { transition in
      let word = transition.rawValue
      return Operation(
        "\(word)Outcome", .post, "/v1/outcomes/{key}/\(word)", .token(.answerOutcomes)
      ) { call in try await Handlers.sayOfOutcome(transition, call) }
    }
  }

  /// The same three operations for every kind of thing in the catalog.
  private static func catalog(_ kind: CatalogKind) -> [Operation] {
    let path = "/v1/\(kind == .indexSeries ? "index-series" : kind.section)"
    let name = capitalised(kind.rawValue)
    return [
      Operation(
        "list\(capitalised(kind.section))", .get, path, .token(.readCatalog),
        taking: ["cursor", "limit"], among: .lookups
      ) { call in
        try Handlers.listCatalogObjects(kind, call)
      },
      Operation(
        "get\(name)", .get, path + "/{key}", .token(.readCatalog), taking: ["version"],
        among: .lookups
      ) { call in
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
