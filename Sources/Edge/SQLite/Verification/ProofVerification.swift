import Base
import Contracts
import GRDB
import Settlement

/// Holds every row that was kept for good against what was noted of it then, and what stands in
/// columns against the documents beside them.
struct ProofVerification {
  private struct Proof {
    let columns: String?
    let document: String?
  }

  /// What final invoices noted of the log: by the first event of a page, its digest, and by whom.
  struct LogNote {
    let digest: String
    let row: String
  }

  private(set) var findings: [String] = []
  private(set) var logNotes: [Int64: [LogNote]] = [:]
  private var proofs: [String: Proof] = [:]

  init(_ db: Database) throws {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT body ->> '$.row', body ->> '$.columns', body ->> '$.sha256', body ->> '$.log.page',
          body ->> '$.log.sha256'
        FROM row_proof WHERE json_valid(body) ORDER BY sequence
        """)
    while let row = try rows.next() {
      guard let name: String = row[0] else { continue }
      proofs[name] = Proof(columns: row[1], document: row[2])
      if let page: Int64 = row[3], let digest: String = row[4] {
        logNotes[page, default: []].append(LogNote(digest: digest, row: name))
      }
    }
    for table in ProvenTable.allCases { try check(table, db) }
    findings += proofs.keys.sorted().map { "\(ProofVerification.words($0)) is missing" }
  }

  private mutating func check(_ table: ProvenTable, _ db: Database) throws {
    let rows = try Row.fetchCursor(
      db, sql: "SELECT \(table.selection()) FROM \(table.rawValue) WHERE \(table.condition)")
    while let row = try rows.next() {
      let found = RowProof(table, row)
      let name = ProofVerification.words(found.row)
      guard let proof = proofs.removeValue(forKey: found.row) else {
        findings.append("\(name) was never written by us")
        continue
      }
      if proof.columns != found.columns {
        findings.append("a column of \(name) is not what was written")
      }
      if table.hasDocument, proof.document != ProvenTable.digest(of: row) {
        findings.append("the document of \(name) is not what was written")
      }
    }
  }

  /// `catalog_object contract/acme/2` as `contract acme, version 2`.
  private static func words(_ row: String) -> String {
    let space = row.firstIndex(of: " ") ?? row.endIndex
    let (table, key) = (String(row[..<space]), row[space...].dropFirst())
    switch ProvenTable(rawValue: table) {
    case .agreement:
      let parts = key.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 3 else { return row }
      return "\(parts[0]) \(parts[1]), version \(parts[2])"
    case .creditNote:
      return Int(key).map {
        "\(InvoiceNumber(series: InvoiceNumber.creditNotes, sequence: $0))"
      } ?? row
    case .creditNoteReversal:
      return Int(key).map { "\(InvoiceNumber(series: InvoiceNumber.invoices, sequence: $0))" }
        ?? row
    case .adjustmentWithdrawal: return "the withdrawal of adjustment \(key)"
    case .conflict: return "conflicting payload \(key)"
    case .invoice, .adjustment, nil: return row
    }
  }
}

/// What a column says, beside what the document says.
struct ColumnVerification {
  private(set) var findings: [String] = []

  init(_ db: Database) throws {
    let invoices = try Row.fetchCursor(db, sql: "SELECT * FROM invoice ORDER BY key")
    while let row = try invoices.next() {
      let sequence: Int? = row["sequence"]
      let number = sequence.map { "\(InvoiceNumber(series: row["series"] ?? "?", sequence: $0))" }
      compare(
        number ?? "draft `\(row["key"] as String)`", row,
        [
          "customer": "/customer/key", "contract": "/contract/key", "month": "/month",
          "currency": "/currency", "total": "/total",
        ])
    }
    let notes = try Row.fetchCursor(
      db,
      sql: """
        SELECT credit_note.*, customer FROM credit_note LEFT JOIN invoice ON invoice.key = invoice
        """)
    while let row = try notes.next() {
      compare(
        "\(InvoiceNumber(series: InvoiceNumber.creditNotes, sequence: row["sequence"]))", row,
        ["invoice": "/invoice/key", "total": "/total", "customer": "/customer/key"])
    }
    let reversals = try Row.fetchCursor(
      db,
      sql: """
        SELECT *, 'CN-' || printf('%06d', credit_note) AS note FROM credit_note_reversal
        """)
    while let row = try reversals.next() {
      compare(
        "\(InvoiceNumber(series: InvoiceNumber.invoices, sequence: row["sequence"]))", row,
        ["note": "/creditNote/number", "total": "/total"])
    }
  }

  private mutating func compare(
    _ name: String, _ row: Row, _ places: KeyValuePairs<String, String>
  ) {
    guard let text: String = row["document"], let document = try? JSON(parsing: Array(text.utf8))
    else {
      findings.append("\(name) is no document any more")
      return
    }
    for (column, place) in places {
      let named = place.split(separator: "/").reduce(Optional(document)) { $0?[String($1)] }
      let (kept, said): (String?, String?) = (row[column], named?.stringValue)
      guard kept != said else { continue }
      findings.append(
        "the \(column) of \(name) is \(kept ?? "nothing"), and its document says "
          + "\(said ?? "nothing")")
    }
  }
}
