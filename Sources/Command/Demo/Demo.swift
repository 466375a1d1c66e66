import ArgumentParser
import Base
import Console
import Foundation
import Logging
import SQLite
import Server
import ServiceLifecycle
import Services
import TimeZones

/// The main job, end to end, on real flights.
struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bill a real quarter of three airlines' flights and show what comes of it.",
    discussion: """
      Makes a fresh data folder, agrees a power-by-the-hour contract with each of three airlines, \
      posts their flights of January to March 2013 as CloudEvents over HTTP, bills and finalises \
      January and February, and serves the result until Ctrl-C.
      """)

  @Option(name: .long, help: "A data folder to keep; by default a temporary one that is removed.")
  var data: String?

  @Option(name: .long, help: "The port to listen on; 0 for any free one.")
  var port = 0

  @Option(name: .long, help: "How often the quarter is posted; more than once changes nothing.")
  var times = 1

  @Flag(name: .long, help: "End when the invoices are there, without serving.")
  var exit = false

  @Flag(name: .long, help: "Print one JSON object instead of text.")
  var json = false

  func validate() throws {
    guard (1...10).contains(times) else { throw ValidationError("--times is 1 to 10") }
    try Serve.validate(port: port)
  }

  func run() async throws {
    let logger = LineLog.logger(.warning)
    let folder = try freshFolder()
    defer { if data == nil { try? FileManager.default.removeItem(at: folder.url) } }
    let workspace = try await Composition(
      folder, note: { logger.error("\($0)") }, halt: Halt.now(logger))
    let services = workspace.context
    let (ports, port) = AsyncStream.makeStream(of: Int.self)
    let app = App.build(
      services, host: "127.0.0.1", port: self.port, logger: logger,
      onServerRunning: { port.yield($0) })
    let tour = DemoTour(
      services: services, ports: ports, folder: folder.url.path, times: times, endsItself: exit,
      printsJSON: json)
    do {
      try await Serve.run(
        [
          .init(service: app),
          .init(
            service: tour, successTerminationBehavior: .gracefullyShutdownGroup,
            failureTerminationBehavior: .gracefullyShutdownGroup),
        ], logger)
    } catch {
      throw CommandRefusal(listeningAt: "127.0.0.1", self.port, error) ?? error
    }
  }

  private func freshFolder() throws -> DataFolder {
    let path =
      data
      ?? FileManager.default.temporaryDirectory
      .appending(path: "usance-demo-\(ProcessInfo.processInfo.processIdentifier)").path
    guard !FileManager.default.fileExists(atPath: path) else {
      throw CommandRefusal(
        EX_CANTCREAT,
        "\(path) is there already, and the demo starts from nothing; name a new folder")
    }
    return DataFolder(path)
  }
}
