import ArgumentParser
import Base

/// Runs a month over the API.
struct Bill: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Rate a month and write draft invoices; running it again changes nothing.",
    discussion: """
      The month is said with --month, or is the last one that is over on the day of --as-of. What \
      cannot be rated is parked with its reason, while the others go on: run it again once that \
      is mended. Ends with 0 where nothing is parked, else with 1.
      """)

  @Option(name: .long, help: "The month, such as 2013-01.")
  var month: String?

  @Option(name: .long, help: "A day, such as 2013-02-10: the month before it is billed.")
  var asOf: String?

  @Option(name: .long, help: "One customer's contracts only.")
  var customer: String?

  @Flag(name: .long, help: "Finalise every draft whose grace window is over.")
  var finalise = false

  @OptionGroup var server: ServerOption

  func validate() throws { _ = try wanted }

  private var wanted: BillingMonth {
    get throws {
      switch (month, asOf) {
      case (let month?, nil): return try BillingMonth(month)
      case (nil, let day?):
        let date = try Node.date(Node(.string(day)))
        return BillingMonth(year: date.year, month: date.month)!.previous
      default: throw ValidationError("say --month or --as-of")
      }
    }
  }

  func run() async throws {
    let run = try await server.client(timeoutSeconds: APIClient.runSecondsMax).post(
      "/v1/billing-runs",
      .object([
        "month": .text(try wanted), "customer": customer.map(JSON.string),
        "finalise": finalise ? true : nil,
      ]))
    let results = run["results"]?.elements ?? []
    let rows = results.map { result in
      ["contract", "outcome", "invoice", "total", "currency"].map {
        result[$0]?.stringValue ?? "-"
      } + [(result["reasons"]?.elements ?? []).compactMap { $0["detail"]?.stringValue }.joined()]
    }
    for row in rows { Output.say(row.joined(separator: "  ")) }
    let parked = results.count { $0["outcome"] == "parked" }
    Output.say("\(results.count) contracts, \(parked) parked.")
    if parked > 0 { throw ExitCode(1) }
  }
}
