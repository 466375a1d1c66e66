import ArgumentParser
import Base

/// Runs billing over the API, some contracts at a time.
struct Bill: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Rate what is to be billed and write draft invoices; again, it changes nothing.",
    discussion: """
      Bills the period that --month names, or with --as-of every period that is over on that day \
      and has no final invoice yet, whatever the cycle of its contract. What cannot be rated is \
      parked with its reason, while the others go on: run it again once that is mended. Ends with \
      0 where nothing is parked, with 1 where something is, and with 70 where there was no run.
      """)

  @Option(name: .long, help: "The month, such as 2013-01.")
  var month: String?

  @Option(name: .long, help: "A day, such as 2013-02-01: what is over on it is billed.")
  var asOf: String?

  @Option(name: .long, help: "One customer's contracts only.")
  var customer: String?

  @Flag(name: .long, help: "Finalise every draft whose grace window is over.")
  var finalise = false

  @Flag(name: .long, help: "Only show what would come of it.")
  var dryRun = false

  @OptionGroup var server: ServerOption

  /// The first part shows soon that it goes on. Those behind it are larger, for the log is read
  /// once for each; none is so large that it takes long.
  private static let contractsInPart = 100...2000

  func validate() throws {
    do { _ = try span } catch let fault as Fault { throw ValidationError(fault.detail) }
    if finalise, dryRun { throw ValidationError("nothing is kept in a dry run") }
  }

  private var span: JSON.Member {
    get throws {
      switch (month, asOf) {
      case (let month?, nil): return .init("month", .text(try BillingMonth(month)))
      case (nil, let day?): return .init("asOf", .text(try Node.date(Node(.string(day)))))
      default: throw ValidationError("say --month or --as-of")
      }
    }
  }

  func run() async throws {
    let client = try server.client(timeoutSeconds: APIClient.runSecondsMax)
    var (done, parked, periods) = (0, 0, 0)
    var limit = Bill.contractsInPart.lowerBound
    var bar: ProgressBar?
    var after: String?
    repeat {
      let run = try await client.post("/v1/billing-runs", request(after: after, limit: limit))
      let results = run["results"]?.elements ?? []
      for result in results { Output.say(Bill.row(result)) }
      periods += results.count
      parked += results.count { $0["outcome"] == "parked" }
      after = run["next"]?.stringValue
      let remaining = run["remaining"].flatMap { Int($0.text) } ?? 0
      if bar == nil, remaining > 0 {
        bar = ProgressBar("Billing", total: limit + remaining)
      }
      done += limit
      limit = min(limit * 4, Bill.contractsInPart.upperBound)
      bar?.show(after == nil ? .max : done)
    } while after != nil
    let trial = dryRun ? " Nothing was kept." : ""
    Output.say("\(periods) periods, \(parked) parked.\(trial)")
    if parked > 0 { throw ExitCode(1) }
  }

  private func request(after: String?, limit: Int) throws -> JSON {
    .object(
      [
        try span, .init("limit", .integer(limit)),
        customer.map { .init("customer", .string($0)) },
        after.map { .init("after", .string($0)) },
        finalise ? .init("finalise", true) : nil, dryRun ? .init("dryRun", true) : nil,
      ].compactMap(\.self))
  }

  /// `acme-pbh  2013-01  drafted  acme-pbh~2013-01  110.00  USD`, and why where it is parked.
  private static func row(_ result: JSON) -> String {
    let cells = ["contract", "month", "outcome", "invoice", "total", "currency"].map {
      result[$0]?.stringValue ?? "-"
    }
    let reasons = (result["reasons"]?.elements ?? []).compactMap { $0["detail"]?.stringValue }
    return (cells + reasons).joined(separator: "  ")
  }
}
