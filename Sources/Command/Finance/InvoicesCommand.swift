import ArgumentParser
import Base
import Console

/// Lists invoices, or shows one.
struct InvoicesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "invoices",
    abstract: "List invoices; or show one, its lines, its payments and what happened to it.")

  @Argument(help: "The number or the key of one.")
  var invoice: InvoiceName?

  @Option(name: .long, help: "One customer's only.")
  var customer: String?

  @Option(name: .long, help: "Those of a period, such as 2013-01.")
  var month: String?

  @Option(name: .long, help: "draft, final or void.")
  var status: String?

  @Option(name: .long, help: "open, paid, overdue or disputed.")
  var payment: String?

  @OptionGroup var options: FinanceOptions

  private static let columns: [Listing.Column] = [
    .text("number"), .text("customer"), .text("contract"), .text("month", "period"),
    .text("status"), .figure("total"), .figure("paid"), .figure("credited"),
    .figure("disputed"), .figure("open"), .text("currency"), .text("due"),
    Listing.Column(title: "overdue", isFigure: false) { $0["overdue"] == true ? "overdue" : "" },
  ]

  func validate() throws {
    let filters = [customer, month, status, payment].compactMap(\.self)
    guard invoice == nil || filters.isEmpty else {
      throw ValidationError("one invoice is shown as it is; filters are for the list")
    }
  }

  func run() async throws {
    if let invoice {
      try await show(invoice)
    } else {
      try await Listing(
        path: "/v1/invoices",
        query: [
          ("customer", customer), ("month", month), ("status", status), ("payment", payment),
        ], columns: Self.columns, nothing: "There is no such invoice."
      ).show(options)
    }
  }

  private func show(_ name: InvoiceName) async throws {
    let client = try options.client
    let path = try await name.path(client)
    let invoice = try await client.get(path)
    let payments = try await client.get(path + "/payments")["items"]?.elements ?? []
    let events = try await client.get(path + "/events")["items"]?.elements ?? []
    guard case .object(let members) = invoice else { return }
    let all = JSON.object(
      members + [.init("payments", .array(payments)), .init("events", .array(events))])
    options.say(all, InvoiceText(invoice: invoice, payments: payments, events: events).text)
  }
}

/// An invoice for a terminal.
struct InvoiceText {
  let invoice: JSON
  let payments: [JSON]
  let events: [JSON]

  private static let lines: [Listing.Column] = [
    .text("key", "line"), .text("description"),
    Listing.Column(title: "quantity", isFigure: true) {
      ($0["quantityDecimal"] ?? $0["quantity"])?.stringValue ?? "-"
    },
    .text("unit"), .figure("amount"),
    Listing.Column(title: "tax", isFigure: false) { line in
      line["tax"].map { "\($0.word("key")) \($0.word("rate"))" } ?? ""
    },
  ]

  private static let paid: [Listing.Column] = [
    .text("number", "payment"), .text("date"), .figure("amount"), .text("reference"),
    Listing.Column(title: "taken back", isFigure: false) { payment in
      payment["returned"].map { "\($0.word("date")): \($0.word("reason"))" } ?? ""
    },
  ]

  private static let happened: [Listing.Column] = [
    .text("at"), .text("by"), .text("kind", "what"), .figure("amount"),
    Listing.Column(title: "of", isFigure: false) { event in
      ["reference", "line"].compactMap { event[$0]?.stringValue }.joined(separator: ", ")
    },
    Listing.Column(title: "why", isFigure: false) { $0["reason"]?.stringValue ?? "" },
  ]

  var text: String {
    let document = invoice["document"] ?? .null
    let names = ["status", "customer", "contract", "month"].map { invoice.word($0) }
    let head = ([invoice["number"]?.stringValue ?? invoice.word("key")] + names)
    let sums = ["net", "tax", "carried", "total"].compactMap { name in
      document[name]?.stringValue.map { "\(name) \($0)" }
    }
    var parts = [
      head.joined(separator: "  "),
      Listing.table(Self.lines, document["lines"]?.elements ?? []),
      sums.joined(separator: ", ") + " " + invoice.word("currency"),
    ]
    if invoice["open"] != nil { parts.append(InvoiceText.standing(invoice)) }
    if !payments.isEmpty { parts.append("\n" + Listing.table(Self.paid, payments)) }
    if !events.isEmpty { parts.append("\n" + Listing.table(Self.happened, events)) }
    return parts.joined(separator: "\n")
  }

  /// `paid 60.00, credited 0.00, disputed 0.00, open 50.00 EUR, due 2013-05-30`.
  static func standing(_ invoice: JSON) -> String {
    let amounts = ["paid", "credited", "disputed", "open"].map { "\($0) \(invoice.word($0))" }
    let overdue = invoice["overdue"] == true ? ", overdue" : ""
    return amounts.joined(separator: ", ")
      + " \(invoice.word("currency")), due \(invoice.word("due"))\(overdue)"
  }
}
