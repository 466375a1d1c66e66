import GRDB

/// Texts that repeat, by the numbers the database gave them.
struct Names {
  /// Enough for every subject of a large fleet; beyond it the memory starts over.
  private static let rememberedMax = 200_000

  private var numbers: [String: Int64] = [:]

  /// The number of a text, new where it has none. Call inside the transaction that uses it.
  mutating func number(_ text: String, _ db: Database) throws -> Int64 {
    if let number = numbers[text] { return number }
    let number =
      try Names.find(text, db)
      ?? Int64.fetchOne(
        db.cachedStatement(sql: "INSERT INTO name (text) VALUES (?) RETURNING id"),
        arguments: [text])!
    if numbers.count >= Names.rememberedMax { numbers.removeAll() }
    numbers[text] = number
    return number
  }

  /// A rolled back transaction takes its new numbers with it.
  mutating func forget() { numbers.removeAll() }

  static func find(_ text: String, _ db: Database) throws -> Int64? {
    try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT id FROM name WHERE text = ?"), arguments: [text])
  }
}
