import Base
import GRDB

/// Texts that repeat, by the numbers the database gave them.
struct TextInterner {
  /// Enough for every subject of a large fleet; beyond it the memory starts over.
  private static let rememberedMax = 1_000_000

  private var numbers = TextTable<Int64>()

  /// The number of a text, new where it has none. Call inside the transaction that uses it.
  mutating func number(_ text: UnsafeRawBufferPointer, _ db: Database) throws -> Int64 {
    if let number = numbers[text] { return number }
    let string = String(decoding: text, as: UTF8.self)
    let number =
      try TextInterner.find(string, db)
      ?? Int64.fetchOne(
        db.cachedStatement(sql: "INSERT INTO name (text) VALUES (?) RETURNING id"),
        arguments: [string])!
    if numbers.count >= TextInterner.rememberedMax { numbers = TextTable() }
    numbers.put(number, for: text)
    return number
  }

  mutating func number(_ text: String, _ db: Database) throws -> Int64 {
    var text = text
    // Nearly every text lies in one piece already, and is not copied.
    return try text.withUTF8 { try number(UnsafeRawBufferPointer($0), db) }
  }

  static func find(_ text: String, _ db: Database) throws -> Int64? {
    var number: Int64?
    try RawStatement("SELECT id FROM name WHERE text = ?", db).bind(text).forEach { row in
      number = row.number(0)
      return false
    }
    return number
  }
}

/// Texts by their numbers, for one reading.
struct InternedTexts {
  /// Those that have been asked for.
  private(set) var texts: [Int64: String] = [:]

  mutating func text(_ number: Int64, _ db: Database) throws -> String {
    if let text = texts[number] { return text }
    let text = try String.fetchOne(
      db.cachedStatement(sql: "SELECT text FROM name WHERE id = ?"), arguments: [number])
    guard let text else {
      throw Fault(.dataDamaged, "the log is damaged: there is no name \(number)")
    }
    texts[number] = text
    return text
  }
}
