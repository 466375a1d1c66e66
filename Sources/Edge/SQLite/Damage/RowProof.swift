import Base
import Foundation
import GRDB
import Settlement

/// A table whose rows never change once they are kept for good. When one is, the digests of its
/// columns are noted in a chain; whoever reads the row holds it against them.
enum ProvenTable: String, CaseIterable {
  case invoice
  case creditNote = "credit_note"
  case creditNoteReversal = "credit_note_reversal"
  case adjustment
  case adjustmentWithdrawal = "adjustment_withdrawal"
  case agreement = "catalog_object"
  case conflict = "event_conflict"

  /// The columns that name a row.
  var key: [String] {
    switch self {
    case .invoice: ["key"]
    case .creditNote, .creditNoteReversal, .adjustment, .conflict: ["sequence"]
    case .adjustmentWithdrawal: ["adjustment"]
    case .agreement: ["kind", "key", "version"]
    }
  }

  /// The others, in the order in which they are digested.
  var columns: [String] {
    switch self {
    case .invoice:
      [
        "contract", "customer", "month", "period_end", "status", "currency", "total", "rated",
        "series", "sequence", "finalised", "last_event", "reasons", "released", "charges",
      ]
    case .creditNote: ["invoice", "issued", "total"]
    case .creditNoteReversal: ["credit_note", "issued", "total"]
    case .adjustment:
      ["contract", "month", "kind", "clause", "currency", "amount", "reason", "author", "created"]
    case .adjustmentWithdrawal: ["reason", "author", "created"]
    case .agreement: ["created"]
    case .conflict:
      ["event", "type", "subject", "occurred", "received", "attributes", "data", "author"]
    }
  }

  /// Whether its rows have a document, which is digested by itself.
  var hasDocument: Bool {
    switch self {
    case .invoice, .creditNote, .creditNoteReversal, .agreement: true
    case .adjustment, .adjustmentWithdrawal, .conflict: false
    }
  }

  /// What is selected of a row that is to be held against what was noted of it: these columns come
  /// first, in this order. `name` is that of its table in the query.
  func selection(_ name: String? = nil) -> String {
    (key + columns + (hasDocument ? ["document"] : [])).map { "\(name ?? rawValue).\($0)" }
      .joined(separator: ", ")
  }

  /// Which rows are kept for good.
  var condition: String { self == .invoice ? "status = 'final'" : "true" }
}

/// What is known of a row: the digest of its columns, and that of its document.
struct RowProof {
  /// `invoice acme~2013-01`, `catalog_object contract/acme/2`.
  let row: String
  /// As hexadecimal.
  let columns: String

  /// That of a row which begins with the selection of its table.
  init(_ table: ProvenTable, _ row: Row) {
    let keys = table.key.count
    let key = (0..<keys).map { RowProof.text(row, $0) ?? "" }
    self.row = "\(table.rawValue) \(key.joined(separator: "/"))"
    let values = table.columns.indices.map {
      RowProof.text(row, keys + $0).map(JSON.string) ?? .null
    }
    columns = Digest(of: JSON.array(values).text.utf8).hex
  }

  private static func text(_ row: Row, _ column: Int) -> String? {
    let value: DatabaseValue = row[column]
    return switch value.storage {
    case .null: nil
    case .int64(let number): "\(number)"
    case .double(let number): "\(number)"
    case .string(let text): text
    case .blob(let bytes): bytes.base64EncodedString()
    }
  }
}

extension ProvenTable {
  /// Notes what a row says that is kept for good from now on. `log` is what it rests on.
  func prove(
    _ key: any DatabaseValueConvertible..., log: JSON? = nil, db: Database
  ) throws {
    let row = try row(key, db)
    let proof = RowProof(self, row)
    let body: JSON = .object([
      "row": .string(proof.row), "columns": .string(proof.columns),
      "sha256": hasDocument ? .string(ProvenTable.digest(of: row)) : nil, "log": log,
    ])
    try ChainedTable.append(body.text, to: .proofs, db)
  }

  /// Holds a row against what was noted of it, and throws where it is another one. The document may
  /// be left to whoever reads it: this gives the digest that it must have.
  @discardableResult
  func check(_ row: Row, leavingDocument: Bool = false, _ db: Database) throws -> String? {
    let proof = RowProof(self, row)
    let kept = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT body ->> '$.columns', body ->> '$.sha256' FROM row_proof
          WHERE proven = ? ORDER BY sequence DESC LIMIT 1
          """), arguments: [proof.row])
    guard let kept, kept[0] == proof.columns else { throw Fault.notAsWritten(proof.row) }
    guard hasDocument else { return nil }
    let document: String? = kept[1]
    guard document != nil, leavingDocument || ProvenTable.digest(of: row) == document else {
      throw Fault.notAsWritten(proof.row)
    }
    return document
  }

  func check(_ key: any DatabaseValueConvertible..., db: Database) throws {
    try check(row(key, db), db)
  }

  /// How a row is found by its key; made once, for rows are many.
  private static let queries = Dictionary(
    uniqueKeysWithValues: allCases.map { table in
      let condition = table.key.map { "\($0) = ?" }.joined(separator: " AND ")
      return (
        table, "SELECT \(table.selection()) FROM \(table.rawValue) WHERE \(condition)"
      )
    })

  private func row(_ key: [any DatabaseValueConvertible], _ db: Database) throws -> Row {
    let row = try Row.fetchOne(
      db.cachedStatement(sql: ProvenTable.queries[self]!),
      arguments: StatementArguments(key.map(\.databaseValue)))
    guard let row else { throw Fault.notAsWritten("\(rawValue) \(key)") }
    return row
  }

  static func digest(of row: Row) -> String { Digest(of: (row["document"] as String).utf8).hex }
}
