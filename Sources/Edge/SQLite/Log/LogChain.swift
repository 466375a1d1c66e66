import Base
import Foundation
import GRDB

/// A digest over the whole log so far. Each page has that of all pages up to it, and of the texts
/// that had numbers when it was written, so that nothing of them changes without a trace:
///
///     digest(n) = SHA-256(digest(n - 1), numbers of the page, texts since then, its body)
///
/// Numbers have 8 bytes, the lowest first, and so has the length of a text. Final invoices note it.
struct LogChain {
  struct Text {
    let number: Int64
    let bytes: [UInt8]
  }

  private(set) var digest: [UInt8]
  /// The last number of a text that it covers.
  private(set) var names: Int64

  init() { (digest, names) = ([UInt8](repeating: 0, count: 32), 0) }

  init(digest: [UInt8], names: Int64) { (self.digest, self.names) = (digest, names) }

  /// That of a log as it is. What comes behind a page that cannot be read has a chain of its own.
  init(_ db: Database) throws {
    self.init()
    do {
      let row = try Row.fetchOne(
        db, sql: "SELECT names, digest FROM event_page ORDER BY first DESC LIMIT 1")
      guard let row, !(row[1] as Data).isEmpty else { return }
      (digest, names) = ([UInt8](row[1] as Data), row[0])
    } catch {
      guard Fault(ofDamage: error) != nil else { throw error }
    }
  }

  /// Takes a page in; `numbers` are `first`, `events`, `received`, `earliest` and `latest`, and
  /// `texts` those that came since the page before.
  mutating func add(_ numbers: [Int64], _ texts: [Text], _ body: UnsafeRawBufferPointer) {
    var hasher = Digest.Hasher()
    var head = digest
    for number in numbers { LogChain.append(number, to: &head) }
    for text in texts {
      LogChain.append(text.number, to: &head)
      LogChain.append(Int64(text.bytes.count), to: &head)
      head += text.bytes
    }
    hasher.update(head)
    hasher.update(body)
    digest = hasher.digest().bytes
    names = texts.last?.number ?? names
  }

  /// The texts that no page covers yet.
  func newTexts(_ db: Database) throws -> [Text] {
    var texts: [Text] = []
    try RawStatement("SELECT id, text FROM name WHERE id > ? ORDER BY id", db).bind(names).forEach {
      texts.append(Text(number: $0.number(0), bytes: Array($0.blob(1))))
      return true
    }
    return texts
  }

  /// What an invoice notes of the log that it rests on; nil where there is none, or its last page
  /// cannot be read.
  static func note(through last: Int64, _ db: Database) throws -> JSON? {
    do {
      let row = try Row.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT first, digest FROM event_page WHERE first <= ? ORDER BY first DESC LIMIT 1
            """), arguments: [last])
      guard let row, let digest = Digest(Array(row[1] as Data)) else { return nil }
      return ["page": .integer(row[0] as Int64), "sha256": .string(digest.hex)]
    } catch {
      guard Fault(ofDamage: error) != nil else { throw error }
      return nil
    }
  }

  private static func append(_ number: Int64, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
