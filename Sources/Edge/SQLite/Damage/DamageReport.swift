import Base
import Foundation
import GRDB

/// What is known of damaged pages of the database: which table they belong to and, where that is
/// the log, which events and contracts rest on them.
struct DamageReport {
  /// The events of one page of the log.
  struct Stretch: Equatable {
    let first: Int64
    /// Nil where that cannot be read either.
    let last: Int64?
    let contracts: [String]

    var sentence: String {
      let events = last.map { first == $0 ? "event \(first)" : "events \(first) to \($0)" }
      return "\(events ?? "events from \(first) on") of the log cannot be read; "
        + (contracts.isEmpty
          ? "no contract rests on them"
          : "on them rests what is billed of \(contracts.joined(separator: ", "))")
    }
  }

  private let file: DatabaseFile

  init(_ file: DatabaseFile) { self.file = file }

  /// A sentence for each page, and for each page of the log whose events are lost with one.
  func sentences(_ pages: [Int64]) -> [String] {
    guard !pages.isEmpty else { return [] }
    let tables = tables(pages)
    let name = URL(filePath: file.path).lastPathComponent
    var sentences = pages.map { page in
      "page \(page) of \(name) is damaged" + (tables[page].map { " (table \($0))" } ?? "")
    }
    if tables.isEmpty || tables.values.contains(where: { $0.hasPrefix("event_page") }) {
      sentences += ((try? stretches()) ?? []).map(\.sentence)
    }
    return sentences
  }

  /// The table of each page that is in use, as far as it can be told.
  func tables(_ pages: [Int64]) -> [Int64: String] {
    let wanted = Set(pages)
    let found = try? file.noting { db in
      var tables: [Int64: String] = [:]
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT pageno, coalesce(made.tbl_name, dbstat.name), dbstat.name
          FROM dbstat LEFT JOIN sqlite_schema AS made ON made.name = dbstat.name
          """)
      while let row = try rows.next() {
        guard wanted.contains(row[0]) else { continue }
        let (table, name): (String, String) = (row[1], row[2])
        tables[row[0]] = table == name ? table : "\(table), index \(name)"
      }
      return tables
    }
    return found ?? [:]
  }

  /// The pages of the log that cannot be read.
  func stretches() throws -> [Stretch] {
    try DatabaseFile.reading(file.readingAddress) { db in
      let firsts = try LogReader.firsts(from: 0, db)
      return try firsts.enumerated().compactMap { place, first in
        guard try LogReader.sound(first, db) == nil else { return nil }
        let next = place + 1 < firsts.count ? firsts[place + 1] : nil
        return Stretch(
          first: first, last: next.map { $0 - 1 },
          contracts: (try? DamageReport.contracts(resting: first, db)) ?? [])
      }
    }
  }

  /// The contracts that the events of a page of the log are for.
  static func contracts(resting first: Int64, _ db: Database) throws -> [String] {
    var contracts: Set<String> = []
    for subject in try LogReader.subjects(on: first, db) where subject != 0 {
      contracts.formUnion(
        try String.fetchAll(
          db,
          sql: """
            SELECT contract FROM assignment JOIN name ON name.text = asset WHERE name.id = ?1
            UNION SELECT key FROM catalog_current JOIN name ON name.text = document ->> '$.customer'
            WHERE kind = 'contract' AND name.id = ?1
            """, arguments: [subject]))
    }
    return contracts.sorted()
  }
}
