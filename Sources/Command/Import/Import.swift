import ArgumentParser
import Base
import Foundation
import Ingestion

/// Posts the events of a file, as far as they are not yet there.
struct Import: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Post the events of a CSV or NDJSON file to a server.",
    discussion: """
      With --mapping the file is CSV, and the mapping says which column is what; without, each \
      line is a CloudEvent in JSON. A file whose name ends in .gz is inflated on the way, and - \
      is standard input. Events go out in batches of \(ImportRun.batchEventsMax); where the server \
      is busy or away they go out again, because each counts once. FILE.position remembers what \
      was acknowledged: the same command goes on from there after it was killed. Rows that are \
      refused are written to FILE.rejected.ndjson, and the command ends with status 1.
      """)

  @Argument(help: "The file, or - for standard input.")
  var file: String

  @Option(name: .long, help: "The mapping of the columns of a CSV file, in YAML or JSON.")
  var mapping: String?

  @OptionGroup var service: ServerOption

  /// What the file cannot help.
  private static let isOfService: Set<Fault.Code> = [
    .unauthorised, .forbidden, .overloaded, .storageFull, .internalError,
  ]

  func run() async throws {
    let source = try ImportSource(file)
    let document = try mapping.map { try MappingFile($0) }
    guard document != nil || !source.looksLikeCSV else {
      throw ValidationError("\(file) is CSV: --mapping says what its columns mean")
    }
    let files = ImportFiles(file)
    let journal = try ImportJournal(
      files,
      subject: ImportSubject(
        size: source.bytesTotal ?? 0, head: try source.head(), server: service.server,
        mapping: Digest(of: document?.bytes ?? []).hex))
    var run = ImportRun(
      reader: document.map { CSVRecords($0.mapping, zone: $0.zone) } ?? JSONRecords(),
      source: source,
      journal: journal, sender: ImportSender(try service.client()))
    do {
      try await run.post()
    } catch let faults as Faults {
      throw ImportFailure(file, faults.list)
    } catch let fault as Fault where !Self.isOfService.contains(fault.code) {
      throw ImportFailure(file, [fault])
    }
    run.report()
    if run.journal.tally.refused > 0 { throw ExitCode(1) }
  }
}

/// Why an import came to no end, for the person who started it.
struct ImportFailure: Error, CustomStringConvertible {
  let description: String

  init(_ file: String, _ faults: [Fault]) {
    description = faults.map { fault in
      "\(file): \(fault.detail)" + (fault.pointer.isEmpty ? "" : " (\(fault.pointer))")
    }.joined(separator: "\n")
  }
}
