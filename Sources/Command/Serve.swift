import ArgumentParser
import Base
import Foundation
import Logging
import Server
import ServiceLifecycle
import Storage
import UnixSignals

/// Serves a data folder until it is told to stop.
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serve the HTTP API and the pages of a data folder.")

  @OptionGroup var data: DataOption

  @Option(name: .long, help: "The address to listen on.")
  var host = "127.0.0.1"

  @Option(name: .long, help: "The port to listen on; 0 for any free one.")
  var port = 8080

  func run() async throws {
    let logger = LineLog.logger()
    let services = try await Services(data.folder, halt: Halt.now(logger))
    logger.info("time zones: \(services.zones.source)")
    let host = host
    let app = App.build(services, host: host, port: port, logger: logger) { port in
      // The first line on standard output; scripts wait for it.
      Output.say("usance: serving \(data.data) at http://\(host):\(port)")
    }
    try await Serve.run([.init(service: app)], logger)
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

/// The end of a process that can no longer vouch for what is on disk.
enum Halt {
  static func now(_ logger: Logger) -> @Sendable (String) -> Void {
    { reason in
      logger.critical("\(reason); ending, so that the next start reads what the disk really holds")
      exit(EX_IOERR)
    }
  }
}
