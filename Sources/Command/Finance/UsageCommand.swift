import ArgumentParser
import Base
import Console

/// Shows what a meter says.
struct UsageCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "usage",
    abstract: "Show what a meter says, as a whole or window by window.",
    discussion: """
      Whose: one of --customer, --contract and --asset. When: --month, or from --start up to --end.
      """)

  @Argument(help: "The key of the meter.")
  var meter: String

  @Option(name: .long, help: "The key of a customer.")
  var customer: String?

  @Option(name: .long, help: "The key of a contract.")
  var contract: String?

  @Option(name: .long, help: "The key of an asset.")
  var asset: String?

  @Option(name: .long, help: "A month, such as 2026-01.")
  var month: String?

  @Option(name: .long, help: "A moment, such as 2026-01-05T00:00:00Z.")
  var start: String?

  @Option(name: .long, help: "The first moment that is left out.")
  var end: String?

  @Option(name: .long, help: "The zone whose months and days are meant, such as Europe/Berlin.")
  var zone: String?

  @Option(name: .long, help: "minute, hour, day, week, month, or period of a contract.")
  var window: String?

  @Option(name: .long, help: "asset or group: a row for each.")
  var by: String?

  @OptionGroup var options: FinanceOptions

  func run() async throws {
    let answer = try await options.client.get(
      APIClient.path(
        "/v1/usage",
        [
          ("meter", meter), ("customer", customer), ("contract", contract), ("asset", asset),
          ("month", month), ("start", start), ("end", end), ("zone", zone), ("window", window),
          ("by", by),
        ]))
    options.say(answer, UsageCommand.table(answer))
  }

  private static func table(_ answer: JSON) -> String {
    let unit = answer.word("unit")
    let parts = answer["subjects"]?.elements ?? answer["groups"]?.elements
    let isByWindow = answer["windows"] != nil
    let rows = (parts ?? [answer]).flatMap { part in
      (part["windows"]?.elements ?? [part]).map { window in
        [
          parts == nil ? nil : part.word(part["subject"] == nil ? "group" : "subject"),
          isByWindow ? window.word("local") : nil, number(window), unit, window.word("events"),
        ].compactMap(\.self)
      }
    }
    let events = Int(answer.word("events"))?.counted("event") ?? "\(answer.word("events")) events"
    let whole =
      "\(answer.word("meter")): \(number(answer)) \(unit) in \(events), from "
      + "\(answer.word("start")) until \(answer.word("end"))"
    guard parts != nil || isByWindow else { return whole }
    let head = [parts == nil ? nil : "of", isByWindow ? "from" : nil, "value", "unit", "events"]
    return whole + "\n"
      + ConsoleTable(head.compactMap(\.self), rows, figures: ["value", "events"]).text
  }

  private static func number(_ usage: JSON) -> String {
    usage["valueDecimal"]?.stringValue ?? usage.word("value")
  }
}
