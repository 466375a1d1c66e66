import Base
import Contracts
import GRDB
import Ingestion
import Metering
import Workflow

/// Says what has become of an event of the log, as things stand.
struct EventStatusReader {
  /// What is known of an event beside what it says.
  struct Judgement {
    let status: LoggedEvent.Status
    let reason: Fault.Code?
    let standing: CorrectedEvents.Standing
  }

  let meters: MeterReader
  private var doubts: UnmatchedPages
  private var names = InternedTexts()
  private let correctionType: Int64?

  init(_ state: CatalogState, _ db: Database) throws {
    meters = try MeterReader(state.meters.meters, db)
    doubts = UnmatchedPages(state.catalog)
    correctionType = try TextInterner.find(Correction.eventType, db)
  }

  mutating func judge(
    _ record: LogRecord, of page: LogPage, _ sequence: Int64, isCorrected: Bool, _ db: Database
  ) throws -> Judgement {
    if record.type == correctionType {
      let reason = try doubt(aboutCorrection: sequence, db)
      return Judgement(
        status: reason == nil ? .correction : .unmatched, reason: reason, standing: .itself)
    }
    let standing = try isCorrected ? CorrectedEvents.standing(for: sequence, db) : .itself
    switch standing {
    case .itself: return try judge(record, of: page, .counted, standing, db)
    case .amended(let page, _):
      return try judge(page[sequence], of: page, .amended, standing, db)
    case .retracted: return Judgement(status: .retracted, reason: nil, standing: standing)
    }
  }

  private mutating func judge(
    _ record: LogRecord, of page: LogPage, _ status: LoggedEvent.Status,
    _ standing: CorrectedEvents.Standing, _ db: Database
  ) throws -> Judgement {
    let doubt = try doubts.doubt(about: record, of: page, meters, db)
    return Judgement(
      status: doubt == nil ? status : .unmatched, reason: doubt, standing: standing)
  }

  /// Why a correction corrects nothing: what it names has not come, or is a correction itself.
  private func doubt(aboutCorrection sequence: Int64, _ db: Database) throws -> Fault.Code? {
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT named.event IS NULL, other.sequence IS NOT NULL
          FROM event_correction AS named
            LEFT JOIN event_correction AS other ON other.sequence = named.event
          WHERE named.sequence = ?
          """), arguments: [sequence])
    guard let row else { return nil }
    let (isWaiting, isOfCorrection): (Bool, Bool) = (row[0], row[1])
    return isWaiting ? .unknownEvent : isOfCorrection ? .uncorrectableEvent : nil
  }

  mutating func view(
    _ record: LogRecord, of page: LogPage, _ sequence: Int64, _ judgement: Judgement,
    _ db: Database
  ) throws -> LoggedEvent {
    LoggedEvent(
      sequence: sequence, source: try names.text(record.source, db), id: page.id(of: record),
      content: try content(record, of: page, db), received: page.received,
      attributes: record.attributes.map(page.text),
      author: try record.author.map { try names.text($0, db) },
      standing: try standing(judgement.standing, sequence, db), status: judgement.status,
      reason: judgement.reason)
  }

  private mutating func standing(
    _ standing: CorrectedEvents.Standing, _ sequence: Int64, _ db: Database
  ) throws -> LoggedEvent.Standing? {
    switch standing {
    case .itself: nil
    case .retracted(let correction): LoggedEvent.Standing(correction: correction, content: nil)
    case .amended(let page, let correction):
      LoggedEvent.Standing(
        correction: correction, content: try content(page[sequence], of: page, db))
    }
  }

  private mutating func content(
    _ record: LogRecord, of page: LogPage, _ db: Database
  ) throws -> LoggedEvent.Content {
    LoggedEvent.Content(
      type: try names.text(record.type, db),
      subject: try record.subject.map { try names.text($0, db) }, occurred: record.occurred,
      data: record.data.map(page.text))
  }
}
