import ArgumentParser
import Base
import Console
import Settlement

/// Names a line of an invoice.
struct DisputedLine: ParsableArguments {
  @Argument(help: "The number or the key of the invoice.")
  var invoice: InvoiceName

  @Argument(help: "The key of the line.")
  var line: String
}

/// Notes that a customer disputes a line.
struct Dispute: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Note that the customer disputes a line of an invoice, or an amount of it.")

  @OptionGroup var disputed: DisputedLine

  @Option(
    name: .long, parsing: .unconditional,
    help: "How much of the line is claimed, before tax, such as 20.00; else all that is left of it."
  )
  var amount: String?

  @Option(name: .long, help: "Why.")
  var reason: String

  @OptionGroup var options: FinanceOptions

  func run() async throws {
    let client = try options.client
    let answer = try await client.post(
      disputed.invoice.path(client) + "/disputes",
      .object([
        "line": .string(disputed.line), "amount": amount.map(JSON.string),
        "reason": .string(reason),
      ]))
    options.say(
      answer,
      "\(answer.word("number")): \(disputed.line) in dispute; \(InvoiceText.standing(answer))")
  }
}

/// Ends a dispute.
struct Resolve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "End a dispute: the line is upheld, or what is left of it credited.")

  enum Resolution: String, ExpressibleByArgument, CaseIterable {
    case upheld, credited
  }

  @OptionGroup var disputed: DisputedLine

  @Argument(help: "upheld or credited.")
  var resolution: Resolution

  @Option(name: .long, help: "Why.")
  var reason: String

  @OptionGroup var options: FinanceOptions

  func run() async throws {
    let client = try options.client
    let answer = try await client.post(
      disputed.invoice.path(client) + "/dispute-resolutions",
      [
        "line": .string(disputed.line), "resolution": .string(resolution.rawValue),
        "reason": .string(reason),
      ])
    let resolved = "\(disputed.line) \(resolution.rawValue)"
    options.say(
      answer, "\(answer.word("number")): \(resolved); \(InvoiceText.standing(answer))")
  }
}
