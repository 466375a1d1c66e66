import ArgumentParser
import Base
import Console

/// Agrees on an amount beside what clauses make.
struct Adjust: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Agree on goodwill for a month that is not final; the next run includes it.")

  @Argument(help: "The key of the contract.")
  var contract: String

  @Option(name: .long, help: "The period, such as 2026-01.")
  var month: String

  @Option(
    name: .long, parsing: .unconditional,
    help: "How much, such as -50.00: below zero where the customer gets it.")
  var amount: String

  @Option(name: .long, help: "Why.")
  var reason: String

  @Option(name: .long, help: "The clause whose tax falls on it.")
  var clause: String?

  @OptionGroup var options: FinanceOptions

  func run() async throws {
    let answer = try await options.client.post(
      "/v1/adjustments",
      .object([
        "contract": .string(contract), "month": .string(month), "kind": "goodwill",
        "amount": .string(amount), "reason": .string(reason), "clause": clause.map(JSON.string),
      ]))
    options.say(
      answer,
      """
      Adjustment \(answer.word("number")): \(answer.word("amount")) \(answer.word("currency")) for \
      \(contract) in \(month)
      """)
  }
}

/// Takes an adjustment back.
struct Unadjust: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take an adjustment back, before an invoice that has it is final.")

  @Argument(help: "Its number.")
  var number: Int

  @Option(name: .long, help: "Why.")
  var reason: String

  @OptionGroup var options: FinanceOptions

  func run() async throws {
    let answer = try await options.client.post(
      "/v1/adjustments/\(number)/withdrawal", ["reason": .string(reason)])
    options.say(
      answer,
      "Adjustment \(number) taken back; the next run of \(answer.word("month")) leaves it out")
  }
}

/// Lists adjustments.
struct AdjustmentsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adjustments", abstract: "List adjustments, those that were taken back too.")

  @Option(name: .long, help: "One contract's only.")
  var contract: String?

  @Option(name: .long, help: "Those of a period, such as 2026-01.")
  var month: String?

  @OptionGroup var options: FinanceOptions

  func run() async throws {
    try await Listing(
      path: "/v1/adjustments", query: [("contract", contract), ("month", month)],
      columns: [
        .text("number"), .text("contract"), .text("month", "period"), .text("clause"),
        .figure("amount"), .text("currency"), .text("reason"), .text("by"),
        Listing.Column(title: "taken back", isFigure: false) { adjustment in
          adjustment["withdrawn"].map { "\($0.word("by")): \($0.word("reason"))" } ?? ""
        },
      ], nothing: "There is no such adjustment."
    ).show(options)
  }
}
