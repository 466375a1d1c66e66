package import Base
import GRDB
import Settlement
import Synchronization

/// What an idempotency key stands for: who asked, and the digest of what was asked.
package struct RequestIdentity: Hashable, Sendable {
  package let subject: String
  package let key: String
  package let request: Digest

  package init(subject: String, key: String, request: Digest) {
    self.subject = subject
    self.key = key
    self.request = request
  }
}

/// An answer as it was given: its status of HTTP, and its JSON.
package struct KeptAnswer: Hashable, Sendable {
  package let status: Int
  package let body: String

  package init(status: Int, body: String) {
    self.status = status
    self.body = body
  }
}

/// A transaction in which money is dealt with, and who does it.
package struct MoneyTransaction {
  let db: Database
  package let name: String
  package let now: Instant

  func author(_ reason: String?) -> Author { Author(name, at: now, reason: reason) }
}

/// Carries out a request with an idempotency key once, and gives its answer as often as it is
/// asked. The answer is kept in the transaction of what it answers: there is never one without the
/// other.
package final class KeptAnswers: Sendable {
  /// How long an answer is kept.
  private static let secondsMax: Int64 = 30 * 86_400

  private struct Place: Hashable {
    let subject: String
    let key: String
  }

  private let store: Store
  private let underWay = Mutex<[Place: Digest]>([:])

  package init(_ store: Store) { self.store = store }

  /// Does `work` in one transaction.
  package func once(
    _ request: RequestIdentity?, by name: String, at now: Instant,
    _ work: (MoneyTransaction) throws -> KeptAnswer
  ) throws -> KeptAnswer {
    try alone(request) {
      try store.write { db in
        if let kept = try KeptAnswers.find(request, db) { return kept }
        let answer = try work(MoneyTransaction(db: db, name: name, now: now))
        try keep(answer, request, now, db)
        return answer
      }
    }
  }

  /// The same for work in many transactions, each of which may be done again without harm.
  package func onceInParts(
    _ request: RequestIdentity?, at now: Instant, _ work: () throws -> KeptAnswer
  ) throws -> KeptAnswer {
    try alone(request) {
      if let kept = try store.pool.read({ try KeptAnswers.find(request, $0) }) { return kept }
      let answer = try work()
      try store.write { try keep(answer, request, now, $0) }
      return answer
    }
  }

  private func alone(
    _ request: RequestIdentity?, _ work: () throws -> KeptAnswer
  ) throws -> KeptAnswer {
    guard let request else { return try work() }
    let place = Place(subject: request.subject, key: request.key)
    let other = underWay.withLock { underWay in
      let other = underWay[place]
      if other == nil { underWay[place] = request.request }
      return other
    }
    guard other == nil else {
      throw other == request.request
        ? Fault(.requestInProgress, "the request with this key is being carried out")
        : KeptAnswers.reused
    }
    defer { underWay.withLock { $0[place] = nil } }
    return try work()
  }

  private static func find(_ request: RequestIdentity?, _ db: Database) throws -> KeptAnswer? {
    guard let request else { return nil }
    let row = try Row.fetchOne(
      db, sql: "SELECT request, status, body FROM kept_answer WHERE subject = ? AND key = ?",
      arguments: [request.subject, request.key])
    guard let row else { return nil }
    guard row[0] == request.request.hex else { throw reused }
    return KeptAnswer(status: row[1], body: row[2])
  }

  private func keep(
    _ answer: KeptAnswer, _ request: RequestIdentity?, _ now: Instant, _ db: Database
  ) throws {
    guard let request else { return }
    try db.execute(
      sql: "DELETE FROM kept_answer WHERE created < ?",
      arguments: [
        try store.passed.note(now, db).advanced(bySeconds: -Self.secondsMax)
          .microsecondsSinceEpoch
      ])
    try db.execute(
      sql: """
        INSERT INTO kept_answer (subject, key, request, status, body, created)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        request.subject, request.key, request.request.hex, answer.status, answer.body,
        now.microsecondsSinceEpoch,
      ])
  }

  private static let reused = Fault(
    .idempotencyKeyReused, "this idempotency key belongs to another request")
}
