import ArgumentParser
import Base
import Foundation
import Logging
import ServiceLifecycle
import Storage

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
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let fault as Fault {
      exit(withError: CleanExit.message("usance: \(fault.detail)"), code: EX_SOFTWARE)
    } catch {
      exit(withError: error)
    }
  }

  private static func exit(withError message: CleanExit, code: Int32) -> Never {
    Output.note("\(message)\n")
    Foundation.exit(code)
  }
}

/// Where the data is.
struct DataOption: ParsableArguments {
  @Option(name: .long, help: "The data folder; made where it is missing.")
  var data = "usance-data"

  var folder: DataFolder { DataFolder(data) }
}
