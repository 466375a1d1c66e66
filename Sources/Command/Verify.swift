import ArgumentParser
import Base
import Console
import Foundation
import SQLite
import Services
import TimeZones

/// Proves what a data folder holds.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Rate every issued invoice again and compare it, byte for byte.",
    discussion: """
      Begins with the checksum of every page of the database and with SQLite's own check. Then it \
      looks at every page of the log and all that is kept of it elsewhere, at the chains of the \
      ledger, of what happened to invoices and of digests, at gaps in the numbers, and holds what \
      stands in columns against the documents, and usage against a recount of the log. It reads \
      the data folder only, and works in a copy of what it needs; the service may go on. \
      Documentation/Damage.md says what to do with what it finds.

      Ends with 0 where all is well; else it says what differs, a line each, and ends with 1.
      """)

  @OptionGroup var data: DataOption

  func run() throws {
    let folder = data.folder
    try folder.open(toWrite: false)
    let report = try Verify.report(folder)
    for finding in report.findings { Output.say(finding) }
    let looked = [
      report.pages.counted("page of events", "pages of events"),
      report.entries.counted("ledger entry", "ledger entries"), report.invoices.counted("invoice"),
    ].joined(separator: ", ")
    guard report.findings.isEmpty else {
      Output.complain("\(report.findings.count.counted("difference")) in \(looked)")
      throw ExitCode(1)
    }
    Output.say("Verified \(looked): no differences.")
  }

  private static func report(_ folder: DataFolder) throws -> Verification.Report {
    do {
      return try FolderRefusal.explaining(folder) {
        try Verification(
          folder,
          BillingService.rerating(
            ZoneDatabase(), threads: ProcessInfo.processInfo.activeProcessorCount)
        ).run()
      }
    } catch let fault as Fault where fault.code == .storageFull {
      throw Verify.noRoom
    } catch let refusal as FolderRefusal where refusal.reason == .diskFull {
      throw Verify.noRoom
    }
  }

  /// It reads the folder that is proven only: what is full is where it works.
  private static var noRoom: CommandRefusal {
    let place = FileManager.default.temporaryDirectory.path
    return CommandRefusal(
      EX_TEMPFAIL,
      "no room in \(place) for the copy that verify works in; make room there, or name another "
        + "folder in TMPDIR")
  }
}
