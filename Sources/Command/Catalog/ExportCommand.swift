import ArgumentParser
import Base
import Console
import Foundation
import YAML

/// Writes the catalog of a service as files.
struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the catalog of a service as YAML.",
    discussion: """
      What is written can be applied again, which changes nothing. The same catalog is always the \
      same text, so that a version control system shows what differs. A file that is there and \
      says something else is left alone, unless --force is given.
      """)

  @Option(name: .long, help: "A folder for a file a section; without, all goes to standard output.")
  var folder: String?

  @Flag(name: .long, help: "Overwrite files that say something else.")
  var force = false

  @OptionGroup var server: ServerOption

  func run() async throws {
    let document = try await CatalogDesk(server.client()).export()
    guard case .object(let sections) = document, let folder else {
      Output.show(YAMLWriter.text(of: document))
      return
    }
    let files = sections.map { section in
      ExportedFile(
        URL(filePath: folder).appending(path: section.name + ".yaml"),
        YAMLWriter.text(of: .object([section])))
    }
    let others = files.filter { $0.isThere && !$0.isSame }
    guard force || others.isEmpty else {
      let names = others.map { "`\($0.url.lastPathComponent)`" }.joined(separator: ", ")
      throw CommandRefusal(
        EX_CANTCREAT,
        "\(names) in \(folder) \(others.count == 1 ? "differs" : "differ") from the service; "
          + "nothing was written. Run again with --force to overwrite")
    }
    try FileManager.default.createDirectory(
      at: URL(filePath: folder), withIntermediateDirectories: true)
    for file in files {
      if !file.isSame { try file.write() }
      Output.show("\(file.isSame ? "unchanged" : "written  ")  \(file.url.path)\n")
    }
  }
}

/// A file as it is to be.
private struct ExportedFile {
  let url: URL
  private let data: Data
  private let before: Data?

  init(_ url: URL, _ text: String) {
    self.url = url
    data = Data(text.utf8)
    before = FileManager.default.contents(atPath: url.path)
  }

  var isThere: Bool { before != nil }
  var isSame: Bool { before == data }

  /// As a whole or not at all: half a file would look like one that somebody changed.
  func write() throws { try data.write(to: url, options: .atomic) }
}
