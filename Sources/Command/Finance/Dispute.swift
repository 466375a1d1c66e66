import ArgumentParser
import Base

/// Notes that a customer disputes a line.
struct Dispute: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Note that the customer disputes a line of an invoice.")

  @Argument(help: "The number or the key of the invoice.")
  var invoice: InvoiceName

  @Argument(help: "The key of the line.")
  var line: String

  @Option(name: .long, help: "Why.")
  var reason: String

  @OptionGroup var options: FinanceOptions

  func run() async throws {
    let client = try options.client
    let answer = try await client.post(
      invoice.path(client) + "/disputes", ["line": .string(line), "reason": .string(reason)])
    options.say(
      answer, "\(answer.word("number")): \(line) in dispute; \(InvoiceText.standing(answer))")
  }
}

/// Ends a dispute.
struct Resolve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "End a dispute: the line is upheld, or what is left of it credited.")

  enum Resolution: String, ExpressibleByArgument, CaseIterable {
    case upheld, credited
  }

  @Argument(help: "The number or the key of the invoice.")
  var invoice: InvoiceName

  @Argument(help: "The key of the line.")
  var line: String

  @Argument(help: "upheld or credited.")
  var resolution: Resolution

  @Option(name: .long, help: "Why.")
  var reason: String

  @OptionGroup var options: FinanceOptions

  func run() async throws {
    let client = try options.client
    let answer = try await client.post(
      invoice.path(client) + "/dispute-resolutions",
      [
        "line": .string(line), "resolution": .string(resolution.rawValue),
        "reason": .string(reason),
      ])
    options.say(
      answer,
      "\(answer.word("number")): \(line) \(resolution.rawValue); \(InvoiceText.standing(answer))")
  }
}
