import ArgumentParser
import Base
import Console

/// Lists the ledger, posting by posting.
struct LedgerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger", abstract: "List the double-entry ledger.")

  @Option(name: .long, help: "The key of an invoice.")
  var invoice: String?

  @Option(name: .long, help: "One customer's only.")
  var customer: String?

  @Option(name: .long, help: "How many entries are shown at most.")
  var limit = 1000

  @OptionGroup var options: FinanceOptions

  func run() async throws {
    try await Listing(
      path: "/v1/ledger", query: [("invoice", invoice), ("customer", customer)],
      columns: [
        .text("sequence", "entry"), .text("day"), .text("kind"), .text("reference"),
        .text("invoice"),
        Listing.Column(title: "postings", isFigure: false) { entry in
          (entry["postings"]?.elements ?? []).map { posting in
            let side = posting["debit"] == nil ? "credit" : "debit"
            return "\(posting.word("account")) \(side) \(posting.word(side))"
          }.joined(separator: ", ")
        },
        .text("currency"),
      ], nothing: "There is no such entry.", countMax: limit
    ).show(options)
  }
}

/// Lists what was earned and not billed.
struct AccrualsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accruals", abstract: "List what was earned in a month and nobody was billed for.")

  @Option(name: .long, help: "The month, such as 2026-01.")
  var month: String

  @Option(name: .long, help: "One customer's only.")
  var customer: String?

  @OptionGroup var options: FinanceOptions

  private static let columns: [Listing.Column] = [
    .text("contract"), .text("customer"), .text("month"), .figure("unbilled"),
    .figure("provisional"), .figure("heldBack", "held back"), .text("currency"),
    Listing.Column(title: "why not", isFigure: false) {
      $0["reasons"]?.elements?.first?["detail"]?.stringValue ?? ""
    },
  ]

  func run() async throws {
    let answer = try await options.client.get(
      APIClient.path("/v1/accruals", [("month", month), ("customer", customer)]))
    let items = answer["items"]?.elements ?? []
    options.say(
      answer, items.isEmpty ? "Nothing is left to bill." : Listing.table(Self.columns, items))
  }
}
