import Base
import GRDB
import Ingestion
import Rating

/// A correction of the log, with what decides which of several stands.
struct StoredCorrection {
  let sequence: Int64
  let correction: Correction
  private let reference: Evidence.Reference

  init(_ sequence: Int64, _ names: inout NameTexts, _ db: Database) throws {
    guard let page = try EventPages.page(holding: sequence, db) else {
      throw EventPage.damaged(sequence)
    }
    let record = page[sequence]
    self.sequence = sequence
    // It was sound when it came.
    correction = try Correction(
      Node(try JSON(parsing: record.data.map { Array(page.bytes[$0]) } ?? [])))
    reference = Evidence.Reference(
      source: try names.text(record.source, db), id: page.id(of: record),
      occurred: record.occurred)
  }

  /// By time, then by the bytes of source and id.
  func precedes(_ other: StoredCorrection) -> Bool { reference.precedes(other.reference) }

  /// The numbers of all corrections that name an event.
  static func sequences(
    naming source: Int64, id: String, _ db: Database
  ) throws -> [Int64] {
    try Int64.fetchAll(
      db.cachedStatement(
        sql: "SELECT sequence FROM event_correction WHERE source = ? AND id = ? ORDER BY sequence"),
      arguments: [source, id])
  }
}

extension Sequence<StoredCorrection> {
  /// The one that stands.
  var latest: StoredCorrection? { self.max { $0.precedes($1) } }
}
