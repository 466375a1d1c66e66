import ArgumentParser
import Base
import Console
import Contracts
import Rating
import Workflow

/// Rates the same month again and again from usage that is at hand, and does nothing else: for
/// counting instructions (`make callgrind`). Two runs of different lengths tell what one costs.
struct RatingLoop: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rating-loop", abstract: "Rate one month of the benchmark's clauses in memory.")

  @Option(
    name: .long,
    help: "The clause to rate, with those it rests on; where it is missing, the contract of five.")
  var clause: String?

  @Flag(name: .long, help: "Rate what the clause rests on, and not the clause.")
  var beneath = false

  @Option(name: .long, help: "How often.")
  var times = 100

  func run() throws {
    Output.say("\(try Self.rate(clause, withoutIt: beneath, times: times)) lines")
  }

  /// How many lines came out of all times together; nil for the contract of five clauses.
  static func rate(_ clause: String?, withoutIt: Bool = false, times: Int) throws -> Int {
    let clauses =
      try clause.map { try BenchClauses.contract(of: $0, withoutIt: withoutIt) }
      ?? BenchContract.clauses
    let contract = try Contract(
      Node(BenchContract.document(clauses)), key: ContractKey(BenchContract.key))
    let sample = try RatingSample()
    let run = try sample.run(contract, sample.month)
    let (usage, events) = (
      try sample.usage(run.requests), try sample.events(run.eventRequests)
    )
    let before = try sample.before(run, contract)
    var lines = 0
    for _ in 0..<times {
      lines += try run.rate(usage, events, before: before).lines.count
    }
    return lines
  }
}
