import ArgumentParser
import Base
import Console

/// Records a payment.
struct Pay: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Record what was paid of an invoice.",
    discussion: """
      Refused are more than is open, a day before the invoice was issued or one that has not come, \
      and what has the customer, the day, the amount and the reference of a payment that is there: \
      with --again it is another one.
      """)

  @Argument(help: "The number or the key of the invoice.")
  var invoice: InvoiceName

  @Option(
    name: .long, parsing: .unconditional,
    help: "How much, such as 500.00; below zero what a customer was paid."
  )
  var amount: String

  @Option(name: .long, help: "The day of value, such as 2026-02-20.")
  var date: String

  @Option(name: .long, help: "What the bank says of it.")
  var reference: String

  @Flag(name: .long, help: "It is another payment, though it looks like one that is there.")
  var again = false

  @OptionGroup var options: FinanceOptions

  func run() async throws {
    let client = try options.client
    let answer = try await client.post(
      invoice.path(client) + "/payments",
      .object([
        "amount": .string(amount), "date": .string(date), "reference": .string(reference),
        "again": again ? true : nil,
      ]))
    let payment = answer["payment"] ?? .null
    options.say(
      answer,
      """
      \(answer.word("number")): payment \(payment.word("number")), \(payment.word("amount")) \
      \(payment.word("currency")) of \(payment.word("date")); \(InvoiceText.standing(answer))
      """)
  }
}

/// Takes a payment back.
struct Unpay: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take a payment of an invoice back; what it paid is open again.")

  @Argument(help: "The number or the key of the invoice.")
  var invoice: InvoiceName

  @Argument(help: "Which of its payments, counted from 1, as `usance invoices INVOICE` shows them.")
  var payment: Int

  @Option(name: .long, help: "Why.")
  var reason: String

  @Option(name: .long, help: "The day of value; today where nothing is said.")
  var date: String?

  @OptionGroup var options: FinanceOptions

  func run() async throws {
    let client = try options.client
    let answer = try await client.post(
      invoice.path(client) + "/payments/\(payment)/return",
      .object(["reason": .string(reason), "date": date.map(JSON.string)]))
    options.say(
      answer,
      "\(answer.word("number")): payment \(payment) taken back; \(InvoiceText.standing(answer))")
  }
}
