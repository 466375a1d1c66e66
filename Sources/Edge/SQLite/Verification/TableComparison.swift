import Base
import GRDB

/// Finds what a table of the replica and that of its original do not have alike.
struct TableComparison {
  let table: String
  /// The columns of the primary key, which are numbers.
  let key: [String]
  /// Other columns with numbers; where there is none, and where it is 0, is the same.
  var numbers: [String] = []
  /// A column with bytes.
  var bytes: String?
  /// Which rows are compared.
  var condition = "true"

  private var columns: [String] { key + numbers + (bytes.map { [$0] } ?? []) }

  /// The keys of rows that are not alike, in order; most often there are none.
  func differing(limit: Int, _ db: Database) throws -> [Row] {
    guard try sum(of: "main", db) != sum(of: "original", db) else { return [] }
    let key = key.joined(separator: ", ")
    return try Row.fetchAll(
      db,
      sql: """
        SELECT DISTINCT \(key) FROM (
          \(only(in: "main", not: "original")) UNION ALL \(only(in: "original", not: "main"))
        ) ORDER BY \(key) LIMIT ?
        """, arguments: [limit])
  }

  /// The same for the same rows and, as good as never, for others: to look each row of one up in
  /// the other takes several times as long.
  private func sum(of schema: String, _ db: Database) throws -> UInt64 {
    let numberCount = Int32(key.count + numbers.count)
    var sum: UInt64 = 0
    try RawStatement(select(from: schema), db).forEach { row in
      var mixed: UInt64 = 0
      for column in 0..<numberCount { mixed = MultisetSum.mix(mixed, row.number(column)) }
      if bytes != nil { mixed = Self.hash(row.blob(numberCount), label: mixed) }
      sum &+= mixed
      return true
    }
    return sum
  }

  private static let hash = KeyedHash(key: (0x7573_616e_6365_2e74, 0x6162_6c65_732e_2e2e))

  private func select(from schema: String) -> String {
    """
    SELECT \(columns.joined(separator: ", ")) FROM \(schema).\(table) WHERE \(condition)
    """
  }

  private func only(in schema: String, not other: String) -> String {
    "SELECT * FROM (\(select(from: schema)) EXCEPT \(select(from: other)))"
  }
}
