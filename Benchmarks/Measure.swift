import ArgumentParser
import Base
import Console
import Foundation

/// Measures how fast this machine takes events in, durably and once each.
struct Measure: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure events a second on this machine, beside the server, over loopback.",
    discussion: """
      Starts a server of its own on a fresh data folder and posts events with random (UUIDv4) ids: \
      one a request over many connections, then many a request, with nothing stored and with \
      millions. Each request is sent when the one before it on its connection has been answered, \
      which is after its commit.
      """)

  @Option(name: .long, parsing: .upToNextOption, help: "How many events are stored before.")
  var levels = [0, 1_000_000, 10_000_000]

  @Option(name: .long, help: "How long each case is measured, in seconds.")
  var seconds = 10

  @Option(name: .long, help: "How long each case runs before it is measured, in seconds.")
  var warmUp = 1

  @Option(name: .long, help: "The program that is measured.")
  var usance = Program.usanceBesideThis

  @Option(name: .long, help: "Where the data is written while it runs: on the disk to measure.")
  var folder = FileManager.default.temporaryDirectory.path

  @Option(name: .long, help: "The program made of Benchmarks/baseline.c, to compare with.")
  var baseline: String?

  @Option(name: .long, help: "The highest level the baseline is measured at; it takes minutes.")
  var baselineMax = 1_000_000

  @Option(name: .long, help: "The highest level its usage query is measured at.")
  var queryMax = 10_000_000

  @Flag(inversion: .prefixedNo, help: "Bill a month of ten thousand contracts as well.")
  var billing = true

  @Flag(inversion: .prefixedNo, help: "Verify a thousand final invoices as well.")
  var verify = true

  @Option(name: .long, help: "Where the result is written as JSON.")
  var output: String?

  func validate() throws {
    guard (1...600).contains(seconds) else { throw ValidationError("--seconds is 1 to 600") }
    guard (0...60).contains(warmUp) else { throw ValidationError("--warm-up is 0 to 60") }
    guard levels == levels.sorted(), Set(levels).count == levels.count,
      levels.allSatisfy({ (0...1_000_000_000).contains($0) })
    else { throw ValidationError("--levels rise, from 0 to 1000000000") }
  }

  func run() async throws {
    let folder = URL(filePath: folder, directoryHint: .isDirectory)
    let (usance, baseline) = (try Program(usance), try baseline.map(Program.init))
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var run = BenchRun(usance, folder: folder, warmUpSeconds: warmUp, seconds: seconds)
    let generator = try await run.generatorAlone()
    let measured = try await measure(&run)
    let runs = try await billingRuns(usance, folder)
    let verified = try await verifications(usance, folder)
    let report = BenchReport(
      generator: generator, levels: measured, steps: run.steps, billing: runs,
      verified: verified, baselines: try baselines(baseline, folder),
      plainQueries: try plainQueries(baseline, folder), warmUpSeconds: warmUp, seconds: seconds)
    Output.say("\n\(report.text)")
    guard let output else { return }
    try FileManager.default.createDirectory(
      at: URL(filePath: output).deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(report.json.bytes).write(to: URL(filePath: output))
    Output.say("\nAll of it as JSON: \(output)")
  }

  private func measure(_ run: inout BenchRun) async throws -> [BenchLevel] {
    var results: [BenchLevel] = []
    let widths = BenchResult.columns.map(\.count)
    func tell(_ row: [String]) {
      Output.say("  " + zip(row, widths).map { $0.padding(to: $1) }.joined(separator: "  "))
    }
    Output.say("Ingest over HTTP, every answer after its fsync, \(seconds) s a case:")
    tell(BenchResult.columns)
    if levels.first == 0 {
      results.append(try await run.fromNothing { tell($0.row) })
    }
    guard levels.contains(where: { $0 > 0 }) else { return results }
    let server = try await run.server()
    for level in levels where level > 0 {
      try await run.fill(server, to: level) { Output.say($0.line) }
      results.append(try await run.at(level, server) { tell($0.row) })
    }
    return results
  }

  private func billingRuns(_ usance: Program, _ folder: URL) async throws -> [BenchBilling] {
    guard billing else { return [] }
    var runs: [BenchBilling] = []
    for given in BenchBilling.Case.all {
      Output.say("Billing 10,000 contracts: \(given.name)")
      runs.append(try await BenchBilling.run(given, usance, in: folder))
    }
    return runs
  }

  private func verifications(_ usance: Program, _ folder: URL) async throws -> [BenchVerify] {
    guard verify else { return [] }
    var verified: [BenchVerify] = []
    for engines in BenchVerify.enginesEach {
      Output.say("Verifying 1,000 invoices of \(engines) assets each")
      verified.append(try await BenchVerify.run(usance, enginesEach: engines, in: folder))
    }
    return verified
  }

  private func plainQueries(_ baseline: Program?, _ folder: URL) throws -> [PlainQueries] {
    guard let baseline else { return [] }
    return try levels.filter { 0 < $0 && $0 <= queryMax }.map { level in
      try PlainQueries.run(baseline, folder: folder, level: level)
    }
  }

  private func baselines(_ baseline: Program?, _ folder: URL) throws -> [BenchBaseline] {
    guard let baseline else { return [] }
    return try levels.filter { $0 <= baselineMax }.flatMap { level in
      try BenchBaseline.run(
        baseline, folder: folder, level: level, warmUpSeconds: warmUp, seconds: seconds)
    }
  }
}

extension String {
  /// Figures stand on the right.
  fileprivate func padding(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
