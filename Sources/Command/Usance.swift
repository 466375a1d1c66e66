import ArgumentParser
import Console

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
      Verify.self, TokenCommand.self,
    ])

  static func main() async {
    await Invocation.run(Usance.self, check: Setting.refuseUnknown)
  }
}
