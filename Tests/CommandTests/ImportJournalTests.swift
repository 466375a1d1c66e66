import Base
import Foundation
import TestSupport
import Testing

@testable import Command

@Suite struct ImportJournalTests {
  private let folder: TemporaryFolder
  private let files: ImportFiles
  private let subject = ImportSubject(size: 100, head: "ab", server: "http://here", mapping: "m")

  init() throws {
    folder = try TemporaryFolder()
    files = ImportFiles(folder.path("rows.csv"))
  }

  private func refuse(_ line: Int, in journal: ImportJournal) throws {
    try journal.refuse(line, "rejected", "invalid_value", "not good", .string("row \(line)"))
  }

  private var rejectedLines: [Int] {
    folder.text("rows.csv.rejected.ndjson").split(separator: "\n").compactMap {
      (try? JSON(parsing: Array($0.utf8)))?["line"]?.count
    }
  }

  @Test func itGoesOnBehindWhatWasAcknowledged() throws {
    let first = try ImportJournal(files, subject: subject)
    try refuse(2, in: first)
    try first.acknowledge(ImportTally(counts: ["accepted": 9, "unmatched": 1]), end: 50)
    // The next batch is refused in part, and then the plug is pulled before it is acknowledged.
    try refuse(12, in: first)
    #expect(rejectedLines == [2, 12])

    let second = try ImportJournal(files, subject: subject)
    #expect(second.bytes == 50)
    #expect(second.tally.counts["accepted"] == 9)
    #expect(second.tally.rows == 10)
    #expect(rejectedLines == [2])
    try refuse(12, in: second)
    try second.acknowledge(ImportTally(counts: ["accepted": 9]), end: 100)
    try second.end()
    #expect(rejectedLines == [2, 12])
    #expect(second.tally.rows == 20)
    #expect(folder.text("rows.csv.position").isEmpty)
  }

  @Test(arguments: [
    ImportSubject(size: 101, head: "ab", server: "http://here", mapping: "m"),
    ImportSubject(size: 100, head: "cd", server: "http://here", mapping: "m"),
    ImportSubject(size: 100, head: "ab", server: "http://there", mapping: "m"),
    ImportSubject(size: 100, head: "ab", server: "http://here", mapping: "n"),
  ])
  func thePositionOfAnotherImportIsNotUsed(other: ImportSubject) throws {
    let first = try ImportJournal(files, subject: subject)
    try refuse(2, in: first)
    try first.acknowledge(ImportTally(), end: 50)
    let second = try ImportJournal(files, subject: other)
    #expect(second.bytes == 0)
    #expect(second.tally.rows == 0)
    #expect(rejectedLines == [])
  }

  @Test func aPositionThatIsTornIsNotUsed() throws {
    let first = try ImportJournal(files, subject: subject)
    try first.acknowledge(ImportTally(counts: ["accepted": 1]), end: 50)
    let whole = try Data(contentsOf: URL(filePath: folder.path("rows.csv.position")))
    for count in 0..<whole.count {
      try whole.prefix(count).write(to: URL(filePath: folder.path("rows.csv.position")))
      #expect(try ImportJournal(files, subject: subject).bytes == 0)
    }
  }

  /// Somebody has moved the refused rows away meanwhile.
  @Test func refusedRowsThatAreGoneAreNoHole() throws {
    let first = try ImportJournal(files, subject: subject)
    try refuse(2, in: first)
    try first.acknowledge(ImportTally(), end: 50)
    try FileManager.default.removeItem(at: files.rejected)
    let second = try ImportJournal(files, subject: subject)
    try refuse(12, in: second)
    #expect(rejectedLines == [12])
  }
}
