import ArgumentParser
import Base
import Console
import Foundation

/// Makes the catalog of a service what files say.
struct Apply: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show how files differ from the catalog of a service, and apply them.",
    discussion: """
      The files are YAML, of which JSON is a part; of a folder all that end in .yaml, .yml or \
      .json, also below it. Together they are one catalog: customers, meters, indexSeries, \
      taxes, contracts and assets by their keys. Everything that is wrong with them is said at \
      once, with file, line and column. With --yes all of it becomes new versions, or nothing \
      does; what the files do not name is left alone. The publications of an index series may \
      stand in a CSV file, named in their place.

      Ends with 0 where nothing differs or all was applied, with 2 where something differs and \
      --yes was missing, and with 1 where something is wrong.
      """)

  @Argument(help: "Files and folders.")
  var paths: [String]

  @Flag(name: .long, help: "Apply what differs.")
  var yes = false

  @OptionGroup var server: ServerOption

  func validate() throws {
    guard !paths.isEmpty else { throw ValidationError("which files?") }
  }

  func run() async throws {
    let desk = CatalogDesk(try server.client())
    do {
      let files = try CatalogFiles(paths)
      let plan = try await desk.plan(files)
      Output.say(plan.text)
      guard plan.hasChanges else { return }
      guard yes else {
        Output.say("Nothing was changed. Run again with --yes to apply.")
        throw ExitCode(2)
      }
      try await desk.apply(files, plan)
      Output.say("Applied.")
    } catch let complaints as CatalogComplaints {
      Output.note(complaints.text)
      throw ExitCode(1)
    } catch let fault as Fault {
      Output.complain(fault.detail)
      throw ExitCode(1)
    }
  }
}
