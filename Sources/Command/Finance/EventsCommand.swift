import ArgumentParser
import Base
import Console

/// Lists events, or shows one.
struct EventsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events",
    abstract: "List events with what became of them; or show one, and the lines that rest on it.")

  @Argument(help: "The number of one.")
  var event: Int64?

  @Flag(name: .long, help: "Those that count nowhere, and why.")
  var unmatched = false

  @Option(
    name: .long,
    help: "counted, unmatched, conflicting, amended, retracted or correction.")
  var status: String?

  @Option(name: .long, help: "Who sent it.")
  var source: String?

  @Option(name: .long, help: "What its source calls it; goes with --source.")
  var id: String?

  @Option(name: .long, help: "The type.")
  var type: String?

  @Option(name: .long, help: "The subject.")
  var subject: String?

  @Option(name: .long, help: "The first moment, such as 2026-01-05T00:00:00Z.")
  var start: String?

  @Option(name: .long, help: "The first moment that is left out.")
  var end: String?

  @Option(name: .long, help: "The number or the key of an invoice; goes with --line.")
  var invoice: InvoiceName?

  @Option(name: .long, help: "The key of a line of the invoice: the events that it rests on.")
  var line: String?

  @Option(name: .long, help: "How many are shown at most.")
  var limit = 1000

  @OptionGroup var options: FinanceOptions

  private static let columns: [Listing.Column] = [
    .text("sequence", "event"), .text("time"), .text("type"), .text("subject"), .text("source"),
    .text("id"), .text("status"),
    Listing.Column(title: "reason", isFigure: false) { $0["reason"]?.stringValue ?? "" },
  ]

  /// Of a correction line: what became of the event since what it corrects was settled.
  private static let change = Listing.Column(title: "change", isFigure: false) {
    $0["change"]?.stringValue ?? ""
  }

  func validate() throws {
    guard !unmatched || status == nil else {
      throw ValidationError("say --unmatched or --status")
    }
    guard (invoice == nil) == (line == nil) else {
      throw ValidationError("--invoice and --line go together")
    }
    guard limit > 0 else { throw ValidationError("--limit is at least 1") }
  }

  func run() async throws {
    if let event {
      let answer = try await options.client.get("/v1/events/\(event)")
      return options.say(answer, EventsCommand.text(answer))
    }
    let client = try options.client
    try await Listing(
      path: "/v1/events",
      query: [
        ("invoice", try await invoice?.key(client)), ("line", line),
        ("status", unmatched ? "unmatched" : status), ("source", source), ("id", id),
        ("type", type), ("subject", subject), ("start", start), ("end", end),
      ], columns: Self.columns + (line == nil ? [] : [Self.change]),
      nothing: "There is no such event.", countMax: limit
    ).show(options)
  }

  private static func text(_ event: JSON) -> String {
    let counted = (event["counted"]?.elements ?? []).map {
      "counted by \($0.word("meter")): \($0.word("value")) \($0.word("unit"))"
    }
    let lines = (event["invoiceLines"]?.elements ?? []).map {
      "billed by \($0.word("line")) of \($0.word("invoice"))"
    }
    let data = event["data"].map { ["data \($0.text)"] } ?? []
    return ([Listing.table(columns, [event])] + data + counted + lines).joined(separator: "\n")
  }
}
