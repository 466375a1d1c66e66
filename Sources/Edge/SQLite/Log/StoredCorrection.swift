import Base
import GRDB
import Ingestion
import Rating
import Workflow

extension StoredCorrection {
  init(_ sequence: Int64, _ names: inout InternedTexts, _ db: Database) throws {
    guard let page = try LogReader.page(holding: sequence, db) else {
      throw LogPage.damaged(sequence)
    }
    let record = page[sequence]
    // It was sound when it came.
    let correction = try Correction(
      Node(try JSON(parsing: record.data.map { Array(page.bytes[$0]) } ?? [])))
    self.init(
      sequence, correction,
      Evidence.Reference(
        source: try names.text(record.source, db), id: page.id(of: record),
        occurred: record.occurred))
  }

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

extension EventHistory {
  init(
    _ sequence: Int64, _ sent: LoggedEvent.Content, source: Int64, id: String, _ db: Database
  ) throws {
    var names = InternedTexts()
    let isCorrection = sent.type == Correction.eventType
    self.init(
      sequence, sent, source: (source, try names.text(source, db)), id: id,
      corrections: try isCorrection
        ? []
        : StoredCorrection.sequences(naming: source, id: id, db)
          .map { try StoredCorrection($0, &names, db) })
  }
}
