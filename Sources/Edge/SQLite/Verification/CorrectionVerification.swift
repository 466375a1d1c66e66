import Base
import GRDB
import Ingestion

/// Holds what is kept of corrections against the corrections in the log: which event each names.
struct CorrectionVerification {
  private struct Target: Hashable {
    let source: Int64
    let id: String
  }

  private struct Kept {
    let target: Target
    let event: Int64?
  }

  private let hash: IdentityHash
  private var kept: [Int64: Kept] = [:]
  /// What they name, by its hash.
  private var targets: [UInt64: [Target]] = [:]
  /// Which event that is.
  private var events: [Target: Int64] = [:]
  /// What the corrections of the log name.
  private var named: [Int64: (source: String, id: String)] = [:]
  private var unreadable: [Int64] = []

  init(_ hash: IdentityHash, _ db: Database) throws {
    self.hash = hash
    let rows = try Row.fetchCursor(
      db, sql: "SELECT sequence, source, id, event FROM event_correction")
    while let row = try rows.next() {
      let target = Target(source: row[1], id: row[2])
      kept[row[0]] = Kept(target: target, event: row[3])
      targets[hash(source: target.source, id: target.id), default: []].append(target)
    }
  }

  /// To be called for every event of the log.
  mutating func take(
    _ hash: UInt64, _ sequence: Int64, _ record: LogRecord, _ page: LogPage,
    isCorrection: Bool
  ) {
    for target in targets[hash] ?? []
    where record.source == target.source && page.id(of: record) == target.id {
      events[target] = sequence
    }
    guard isCorrection else { return }
    let data = record.data.map { Array(page.bytes[$0]) } ?? []
    guard let correction = try? Correction(Node(JSON(parsing: data))) else {
      unreadable.append(sequence)
      return
    }
    named[sequence] = (correction.source, correction.id)
  }

  func findings(_ db: Database) throws -> [String] {
    var texts = InternedTexts()
    var wrong = Set(unreadable)
    for (sequence, name) in named {
      guard let kept = kept[sequence], kept.target.id == name.id,
        try texts.text(kept.target.source, db) == name.source, kept.event == events[kept.target]
      else {
        wrong.insert(sequence)
        continue
      }
    }
    wrong.formUnion(Set(kept.keys).subtracting(named.keys))
    return wrong.sorted().map { "what correction \($0) names is not what the log says" }
  }
}
