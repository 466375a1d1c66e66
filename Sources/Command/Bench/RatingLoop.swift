import ArgumentParser
import Base
import Contracts
import Metering
import Rating
import Workflow

/// Rates the same month again and again from usage that is at hand, and does nothing else: for
/// counting instructions (`make callgrind`). Two runs of different lengths tell what one costs.
struct RatingLoop: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rating-loop", abstract: "Rate one month of the benchmark's contract in memory.",
    shouldDisplay: false)

  @Option(name: .long, help: "The clause to rate; all of them where it is missing.")
  var clause: String?

  @Option(name: .long, help: "How often.")
  var times = 100

  func run() throws { Output.say("\(try Self.rate(clause, times: times)) lines") }

  /// How many lines came out of all times together; nil for every clause.
  static func rate(_ clause: String?, times: Int) throws -> Int {
    let month = BillingRun(
      try contract(clause), try BillingMonth(BenchContract.month), zone: .utc)
    let usage = try usage(month.requests)
    var lines = 0
    for _ in 0..<times { lines += try month.rate(usage).lines.count }
    return lines
  }

  private static func contract(_ clause: String?) throws -> Contract {
    let clauses = BenchContract.clauses.filter {
      clause == nil || $0["key"] == clause.map(JSON.string)
    }
    guard !clauses.isEmpty else { throw Fault(.notFound, "there is no such clause") }
    return try Contract(
      Node(BenchContract.document(clauses)), key: ContractKey(BenchContract.key))
  }

  /// A month of about an engine of the benchmark's fleet; its year is as its month.
  private static func usage(_ requests: [UsageRequest]) throws -> UsageTable {
    var meters: [MeterKey: MeteredUsage] = [:]
    for (name, document) in BenchFleet.meters {
      let key = try MeterKey(name)
      meters[key] = MeteredUsage(
        try MeterDefinition(Node(document), key: key), Usage(count: 9_973, units: 30_401_857))
    }
    var values: [UsageRequest: MeteredUsage] = [:]
    for request in requests { values[request] = meters[request.meter] }
    return UsageTable(values)
  }
}
