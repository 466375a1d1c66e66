import ArgumentParser
import Base
import Foundation
import Logging
import SQLite
import ServiceLifecycle
import Services
import TimeZones

/// The command line.
@main
struct Usance: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "usance",
    abstract: "Value-in-use billing: events in, explained invoices and value reports out.",
    version: "0.1.0",
    subcommands: [
      Serve.self, Demo.self, Apply.self, ExportCommand.self, Simulate.self, Import.self,
      Bill.self, InvoicesCommand.self, Pay.self, Unpay.self, Credit.self, CreditNotesCommand.self,
      Dispute.self, Resolve.self, Adjust.self, Unadjust.self, AdjustmentsCommand.self,
      LedgerCommand.self, AccrualsCommand.self, UsageCommand.self, EventsCommand.self,
      Verify.self, TokenCommand.self, Bench.self, RatingLoop.self,
    ])

  static func main() async {
    // Whoever reads our output may stop reading; that must not kill us in the middle of a write.
    signal(SIGPIPE, SIG_IGN)
    // What we write (events, keys, invoices) is for the account we run under, and nobody else.
    umask(0o077)
    do {
      var command = try parseAsRoot()
      try Setting.refuseUnknown()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let refusal as CommandRefusal {
      end(refusal)
    } catch {
      if let refusal = CommandRefusal(explaining: error) { end(refusal) }
      exit(withError: error)
    }
  }

  private static func end(_ refusal: CommandRefusal) -> Never {
    Output.note("usance: \(refusal.detail)\n")
    Foundation.exit(refusal.status)
  }
}

/// Where the data is.
struct DataOption: ParsableArguments {
  @Option(name: .long, help: "The data folder.")
  var data = "usance-data"

  var folder: DataFolder { DataFolder(data) }
}
