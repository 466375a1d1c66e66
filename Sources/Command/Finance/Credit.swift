import ArgumentParser
import Base
import Console

/// Takes an invoice back, whole or in part.
struct Credit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take a final invoice back with a credit note, whole or line by line.",
    discussion: "Without --line all that is left of it.")

  /// So much of a line.
  struct Part: ExpressibleByArgument {
    let line: String
    let amount: String

    /// Reads `engines/hours=50.00`: the amount is behind the last sign.
    init?(argument: String) {
      guard let sign = argument.lastIndex(of: "="), sign > argument.startIndex else { return nil }
      line = String(argument[..<sign])
      amount = String(argument[argument.index(after: sign)...])
    }
  }

  @Argument(help: "The number or the key of the invoice.")
  var invoice: InvoiceName

  @Option(name: .long, help: "Why.")
  var reason: String

  @Option(name: .long, help: "A line and how much of it, such as engines/hours=50.00; repeatable.")
  var line: [Part] = []

  @OptionGroup var options: FinanceOptions

  func run() async throws {
    let client = try options.client
    let path = try await invoice.path(client)
    let parts = line.map { part -> JSON in
      ["line": .string(part.line), "amount": .string(part.amount)]
    }
    let note = try await client.post(
      path + "/credit-notes",
      .object(["reason": .string(reason), "lines": parts.isEmpty ? nil : .array(parts)]))
    guard !options.json else { return options.say(note, "") }
    let credited = try await client.get(path)
    Output.say(
      """
      \(note.word("number")): \(note.word("total")) \(note.word("currency")) on \
      \(credited.word("number")); \(InvoiceText.standing(credited))
      """)
  }
}

/// Lists credit notes.
struct CreditNotesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "credit-notes", abstract: "List credit notes.")

  @Option(name: .long, help: "The key of an invoice.")
  var invoice: String?

  @Option(name: .long, help: "One customer's only.")
  var customer: String?

  @OptionGroup var options: FinanceOptions

  func run() async throws {
    try await Listing(
      path: "/v1/credit-notes", query: [("invoice", invoice), ("customer", customer)],
      columns: [
        .text("number"),
        Listing.Column(title: "on", isFigure: false) {
          $0.word("document", "invoice", "number")
        },
        Listing.Column(title: "customer", isFigure: false) {
          $0.word("document", "customer", "key")
        },
        .text("issued"),
        Listing.Column(title: "net", isFigure: true) { $0.word("document", "net") },
        Listing.Column(title: "tax", isFigure: true) { $0.word("document", "tax") },
        .figure("total"), .text("currency"),
        Listing.Column(title: "reason", isFigure: false) { $0.word("document", "reason") },
      ], nothing: "There is no such credit note."
    ).show(options)
  }
}
