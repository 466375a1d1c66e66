import ArgumentParser
import Base
import Console

/// Runs billing over the API, some contracts at a time.
struct Bill: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Create draft invoices for due periods. Safe to repeat.",
    discussion: """
      Bills the period that --month names, or with --as-of every period that is over on that day \
      and has no final invoice yet, whatever the cycle of its contract. What cannot be rated is \
      parked with its reason, while the others go on: run it again once that is mended. With \
      --finalise it names each document with its number and amounts, and what was not issued and \
      why. Ends with 0 where nothing is parked or held, with 1 where something is, and with 70 \
      where there was no run.
      """)

  @Option(name: .long, help: "The month, such as 2013-01.")
  var month: String?

  @Option(name: .long, help: "Bill every period that ended by this day, such as 2013-02-01.")
  var asOf: String?

  @Option(name: .long, help: "One customer's contracts only.")
  var customer: String?

  @Flag(name: .long, help: "Finalise every draft whose grace window is over.")
  var finalise = false

  @Flag(name: .long, help: "Only show what would come of it.")
  var dryRun = false

  @Flag(name: .long, help: "Print what the API answered, as JSON.")
  var json = false

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
    var report = BillReport()
    var (done, limit) = (0, Bill.contractsInPart.lowerBound)
    var bar: ProgressBar?
    var after: String?
    repeat {
      let run = try await client.post("/v1/billing-runs", request(after: after, limit: limit))
      report.add(run)
      if !finalise, !json {
        for result in run["results"]?.elements ?? [] { Output.say(BillReport.row(result)) }
      }
      after = run["next"]?.stringValue
      let remaining = run["remaining"].flatMap { Int($0.text) } ?? 0
      if bar == nil, remaining > 0 {
        bar = ProgressBar("Billing", total: limit + remaining)
      }
      done += limit
      limit = min(limit * 4, Bill.contractsInPart.upperBound)
      bar?.show(after == nil ? .max : done)
    } while after != nil
    (report.unmatched, report.hasMoreUnmatched) = try await Bill.unmatched(client)
    let trial = dryRun ? " Nothing was kept." : ""
    Output.say(json ? report.json.text : (finalise ? report.finalised : report.drafts) + trial)
    if report.isHeldUp { throw ExitCode(1) }
  }

  private static let unmatchedPagesMax = 10

  /// The first events that count nowhere, and whether there may be more.
  private static func unmatched(_ client: APIClient) async throws -> ([JSON], hasMore: Bool) {
    var events: [JSON] = []
    var next: String?
    for _ in 0..<unmatchedPagesMax {
      let cursor = next.map { "&cursor=\($0)" } ?? ""
      let page = try await client.get("/v1/events?status=unmatched&limit=1000" + cursor)
      events += page["items"]?.elements ?? []
      next = page["next"]?.stringValue
      guard next != nil else { return (events, false) }
    }
    return (events, true)
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
}
