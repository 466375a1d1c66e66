import ArgumentParser
import Base
import Storage

/// Proves what a data folder holds.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Rate every issued invoice again and compare it, byte for byte.",
    discussion: """
      Also looks at every page of the log, at the chains of the ledger and of what happened to \
      invoices, at gaps in the numbers, and holds the buckets against a recount of the log. It \
      reads the data folder only, and works in a copy of what it needs; the service may go on.

      Ends with 0 where all is well; else it says what differs, a line each, and ends with 1.
      """)

  @OptionGroup var data: DataOption

  func run() throws {
    let report = try Verification(data.folder).run()
    for finding in report.findings { Output.say(finding) }
    let looked =
      "\(report.pages) pages of events, \(report.entries) entries, \(report.invoices) invoices"
    guard report.findings.isEmpty else {
      Output.note("usance: \(report.findings.count) findings in \(looked)\n")
      throw ExitCode(1)
    }
    Output.say("\(looked): all as they were written.")
  }
}
