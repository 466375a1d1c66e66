import ArgumentParser
import Base
import Console
import Foundation
import YAML

/// Writes the catalogue of a service as files.
struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the catalogue of a service as YAML.",
    discussion: """
      What is written can be applied again, which changes nothing. The same catalogue is always \
      the same text, so that a version control system shows what differs.
      """)

  @Option(name: .long, help: "A folder for a file a section; without, all goes to standard output.")
  var folder: String?

  @OptionGroup var server: ServerOption

  func run() async throws {
    let document = try await CatalogDesk(server.client()).export()
    guard case .object(let sections) = document, let folder else {
      Output.show(YAMLWriter.text(of: document))
      return
    }
    let url = URL(filePath: folder)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for section in sections {
      let text = YAMLWriter.text(of: .object([section]))
      try Data(text.utf8).write(to: url.appending(path: section.name + ".yaml"))
    }
  }
}
