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
import UnixSignals

/// Serves a data folder until it is told to stop.
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serve the HTTP API and the pages of a data folder.")

  @OptionGroup var data: DataOption

  @Option(name: .long, help: "The address to listen on; USANCE_HOST, or else 127.0.0.1.")
  var host: String?

  @Option(
    name: .long, help: "The port to listen on, 0 for any free one; USANCE_PORT, or else 8080.")
  var port: Int?

  @Flag(name: .long, help: "Refuse a folder that is not there, or is empty.")
  var existing = false

  func validate() throws { try port.map(Serve.validate) }

  func run() async throws {
    Store.keepNoLargeMemory()
    let logger = LineLog.logger()
    let folder = data.folder
    let port = try port ?? Setting.port ?? 8080
    if existing { try folder.open(toWrite: true) }
    let isNew = folder.isNew
    let workspace = try await Composition(
      folder, note: { logger.error("\($0)") }, halt: Halt.now(logger))
    if isNew { logger.notice("\(folder.path) is a new data folder, with a key of its own") }
    logger.info("time zones: \(workspace.zones.source)")
    let host = host ?? Setting.host ?? "127.0.0.1"
    let app = App.build(workspace.context, host: host, port: port, logger: logger) { port in
      // The first line on standard output; scripts wait for it.
      let line = "usance: serving \(data.data) at http://\(host):\(port)\n"
      _ = Output.write(line, to: STDOUT_FILENO)
    }
    do {
      try await Serve.run([.init(service: app)], logger)
    } catch {
      throw CommandRefusal(listeningAt: host, port, error) ?? error
    }
    workspace.settle()
  }

  static func validate(port: Int) throws {
    guard (0...65_535).contains(port) else {
      throw ValidationError("--port is 0 to 65535, not \(port)")
    }
  }

  /// Runs until SIGTERM or SIGINT, then lets requests that are under way finish.
  static func run(
    _ services: [ServiceGroupConfiguration.ServiceConfiguration], _ logger: Logger
  ) async throws {
    var configuration = ServiceGroupConfiguration(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(10)
    try await ServiceGroup(configuration: configuration).run()
  }
}
