package import Base
import Contracts
import Foundation
import GRDB
import Ingestion
import Rating
package import Settlement
import Synchronization
package import Workflow

/// Proves what is kept, without changing it: every page of the log reads as it was written, the
/// chains hold, numbers have no gaps, buckets are what the log says, and every issued invoice comes
/// out again, byte for byte, from its events and the agreements of its time.
package struct Verification: Sendable {
  package struct Report: Sendable {
    package var pages = 0
    package var entries = 0
    package var invoices = 0
    /// How often the log was gone through to rate them all again.
    package var passes = 0
    /// A sentence for each thing that is not as it should be.
    package var findings: [String] = []

    fileprivate mutating func add(_ other: Report) {
      pages += other.pages
      entries += other.entries
      findings += other.findings
    }

    /// Does a part of the work; where something cannot even be read, that is found instead.
    fileprivate mutating func attempt(
      _ what: String, _ body: (inout Report) throws -> Void
    ) throws {
      do {
        try body(&self)
      } catch {
        guard !Verification.isOfPlace(error) else { throw error }
        let reason = (error as? Fault)?.detail ?? "\(error)"
        findings.append("\(what) cannot be read: \(reason)")
      }
    }
  }

  /// A damaged disk has more to say than anybody reads.
  private static let findingsMax = 1000

  private let folder: DataFolder
  /// Makes the documents of invoices again, in a workspace as it was when they were rated; a fault
  /// for one that cannot be made.
  package typealias Rerate = @Sendable ([StoredInvoice], any Home) -> [Result<JSON, Fault>]

  private let rerate: Rerate

  package init(_ folder: DataFolder, _ rerate: @escaping Rerate) {
    self.folder = folder
    self.rerate = rerate
  }

  package func run() throws -> Report {
    let file = DatabaseFile(folder)
    var report = Report()
    report.findings = damagedPages(file)
    // What does not hold together is read only as far as its checksums go.
    let known = report.findings.isEmpty ? nil : try integrity(file)
    let isWhole = known?.report.findings.isEmpty ?? true
    let address = isWhole ? file.notingAddress : file.readingAddress
    // What asks nothing of each other is looked through side by side.
    let parts = try Verification.together([
      { try self.log(address) }, { try known ?? self.integrity(file) },
      { try self.kept(address) },
    ])
    let (log, kept) = (parts[0], parts[2])
    for part in [parts[1], log, kept] { report.add(part.report) }
    report.findings += kept.issued.filter { log.unreadable.contains($0.contract.text) }.map {
      "\($0.number!) (`\($0.key)`) cannot be rated again: events of its contract are damaged"
    }
    let original = Replica.Original(address: address, without: log.lost)
    let replica = try rateAgain(
      kept.issued.filter { !log.unreadable.contains($0.contract.text) }, of: original, &report)
    if log.isSound {
      try report.attempt("usage") { report in
        let all = try replica ?? Replica(of: original, at: .beginning)
        report.findings += try all.unconfirmed(limit: Self.findingsMax)
      }
    }
    report.findings = Array(report.findings.prefix(Self.findingsMax))
    return report
  }

  /// Pieces of work side by side; what each came to, in their order.
  private static func together(_ works: [@Sendable () throws -> Part]) throws -> [Part] {
    let done = Mutex<[Int: Result<Part, any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: works.count) { place in
      let result = Result { try works[place]() }
      done.withLock { $0[place] = result }
    }
    return try done.withLock { done in try works.indices.map { try done[$0]!.get() } }
  }

  /// What is found of a part, and what the rest needs of it.
  private struct Part {
    var report = Report()
    /// Whether the log is as it was written.
    var isSound = false
    /// Where pages of the log start that cannot be read.
    var lost: [Int64] = []
    /// The contracts that rest on these.
    var unreadable: Set<String> = []
    /// The invoices that were issued, in the order in which they were rated.
    var issued: [StoredInvoice] = []
  }

  private func log(_ address: String) throws -> Part {
    var (report, isSound, lost, unreadable) = (Report(), false, [Int64](), Set<String>())
    try report.attempt("the database") { report in
      try DatabaseFile.reading(address) { db in
        try report.attempt("the log") { report in
          let proofs = try ProofVerification(db)
          report.findings += proofs.findings
          let log = try LogVerification(proofs.logNotes, db)
          report.pages = log.pages
          report.findings += log.findings
          (isSound, lost) = (log.findings.isEmpty, log.damagedPages)
          for first in lost {
            unreadable.formUnion(try DamageReport.contracts(resting: first, db))
          }
        }
      }
    }
    return Part(report: report, isSound: isSound, lost: lost, unreadable: unreadable)
  }

  /// What is kept beside the log, and the invoices that were issued.
  private func kept(_ address: String) throws -> Part {
    var (report, invoices) = (Report(), [StoredInvoice]())
    try report.attempt("the database") { report in
      try DatabaseFile.reading(address) { db in
        try report.attempt("the chains") { try chains(&$0, db) }
        try report.attempt("the ledger") { try postings(&$0, db) }
        try report.attempt("the numbers") { try numbers(&$0, db) }
        try report.attempt("the documents") { report in
          try documents(&report, db)
          report.findings += try ColumnVerification(db).findings
        }
        try report.attempt("packed usage") {
          $0.findings += try PackedWeekVerification.findings(db)
        }
        try report.attempt("the invoices") { try issued(&$0, &invoices, db) }
      }
    }
    return Part(report: report, issued: invoices)
  }

  private func issued(
    _ report: inout Report, _ issued: inout [StoredInvoice], _ db: Database
  ) throws {
    // Where it stands has nothing to do with how it is rated.
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT \(Invoices.columns(of: "issued")) FROM (\(Invoices.withoutStanding)) AS issued
        WHERE status = 'final' ORDER BY last_event, rated, series, sequence
        """)
    while let row = try rows.next() {
      do {
        issued.append(try Invoices.unproven(row))
      } catch {
        report.findings.append("the row of invoice `\(row["key"] as String)` cannot be read")
      }
    }
  }

  /// The pages of the file whose checksums fail, but for those that hold nothing. A service that
  /// writes meanwhile may have half of a page there: it is looked at again.
  private func damagedPages(_ file: DatabaseFile) -> [String] {
    var pages = PageScan.whole(file.path).damaged
    for _ in 0..<3 where !pages.isEmpty {
      usleep(100_000)
      pages = PageScan.damaged(pages, of: file.path)
    }
    pages = PageScan.current(pages, of: file.path)
    let free = FreePages(file.path).leaves
    return DamageReport(file).sentences(pages.filter { !free.contains($0) })
  }

  /// What SQLite itself finds wrong.
  private func integrity(_ file: DatabaseFile) throws -> Part {
    var report = Report()
    try report.attempt("the database") { report in
      let said = try file.noting { try String.fetchAll($0, sql: "PRAGMA integrity_check(100)") }
      report.findings = said.filter { $0 != "ok" }.map { finding in
        "the database does not hold together: "
          + finding.split(separator: "\n").joined(separator: ", ")
      }
    }
    return Part(report: report)
  }

  private func chains(_ report: inout Report, _ db: Database) throws {
    for table in ChainedTable.allCases {
      if table != .proofs {
        report.entries += try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table.rawValue)")!
      }
      if let broken = try table.firstBroken(db) {
        report.findings.append("\(table.noun) \(broken) is not what was written")
      }
    }
  }

  /// What the ledger adds up is what its entries say.
  private func postings(_ report: inout Report, _ db: Database) throws {
    let wrong = try Int64.fetchAll(
      db,
      sql: """
        SELECT DISTINCT sequence FROM (
          SELECT sequence, value ->> '$.account' AS account,
            CAST(replace(coalesce(value ->> '$.debit', '0'), '.', '') AS INTEGER) AS debit,
            CAST(replace(coalesce(value ->> '$.credit', '0'), '.', '') AS INTEGER) AS credit
          FROM ledger_entry, json_each(body, '$.postings') WHERE json_valid(body)
          EXCEPT SELECT entry, account, debit, credit FROM ledger_posting
        ) UNION SELECT entry FROM (
          SELECT entry, account, debit, credit FROM ledger_posting
          EXCEPT SELECT sequence, value ->> '$.account',
            CAST(replace(coalesce(value ->> '$.debit', '0'), '.', '') AS INTEGER),
            CAST(replace(coalesce(value ->> '$.credit', '0'), '.', '') AS INTEGER)
          FROM ledger_entry, json_each(body, '$.postings') WHERE json_valid(body)
        ) ORDER BY 1
        """)
    report.findings += wrong.map { "the postings of ledger entry \($0) are not what it says" }
  }

  private func numbers(_ report: inout Report, _ db: Database) throws {
    let given = [
      InvoiceNumber.invoices: """
      SELECT sequence FROM credit_note_reversal
      UNION ALL SELECT sequence FROM invoice WHERE series = 'INV'
      """,
      InvoiceNumber.creditNotes: """
      SELECT sequence FROM credit_note
      UNION ALL SELECT sequence FROM invoice WHERE series = 'CN'
      """,
    ]
    for (series, query) in given.sorted(by: { $0.key < $1.key }) {
      let numbers = try Set(Int.fetchAll(db, sql: query))
      let last =
        try Int.fetchOne(
          db, sql: "SELECT last FROM number_series WHERE series = ?", arguments: [series]) ?? 0
      let missing = (0..<max(last, numbers.max() ?? 0)).map { $0 + 1 }
        .filter { !numbers.contains($0) }
      report.findings += missing.prefix(Self.findingsMax).map {
        "\(InvoiceNumber(series: series, sequence: $0)) is missing"
      }
    }
  }

  /// The documents are those whose digests were noted when they were issued.
  private func documents(_ report: inout Report, _ db: Database) throws {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT body ->> '$.reference', body ->> '$.sha256',
          CASE kind WHEN 'finalised' THEN
            (SELECT document FROM invoice WHERE invoice.key = event.invoice)
          WHEN 'credited' THEN (SELECT document FROM credit_note
            WHERE 'CN-' || printf('%06d', sequence) = body ->> '$.reference')
          ELSE (SELECT document FROM credit_note_reversal
            WHERE 'INV-' || printf('%06d', sequence) = body ->> '$.reference') END
        FROM invoice_event AS event
        WHERE json_valid(body) AND kind IN ('finalised', 'credited', 'creditVoided')
        ORDER BY sequence
        """)
    while let row = try rows.next() {
      let (number, digest, document): (String?, String?, String?) = (row[0], row[1], row[2])
      guard let digest, let document, Digest(of: document.utf8).hex == digest else {
        report.findings.append("the document of \(number ?? "?") is not what was issued")
        continue
      }
    }
  }

  /// Rates what was issued anew, at the moments at which it was rated. Returns what they were rated
  /// from, as of the last of them.
  private func rateAgain(
    _ issued: [StoredInvoice], of original: Replica.Original, _ report: inout Report
  ) throws -> Replica? {
    var (place, replica) = (0, Replica?.none)
    // What cannot be read was found before; without it, times tell the order.
    let drafted = (try? DatabaseFile.reading(original.address, Drafting.all)) ?? [:]
    let moments = issued.map { Replica.Moment(of: $0, drafted) }
    while place < issued.count {
      var moment = moments[place]
      let count = moments[place...].prefix { moment.takesIn($0) }.count
      let together = issued[place..<place + count]
      place += count
      report.invoices += together.count
      do {
        if let replica, try replica.canAdvance(to: moment) {
          try replica.advance(to: moment)
        } else {
          replica = try Replica(of: original, at: moment)
          report.passes += 1
        }
        let home = SQLiteHome(replica: replica!.store, replica!.catalogs)
        for (invoice, document) in zip(together, rerate(Array(together), home)) {
          report.findings += finding(invoice, document)
        }
      } catch let error where Verification.isOfPlace(error) {
        throw error
      } catch {
        replica = nil
        let reason = (error as? Fault)?.detail ?? "\(error)"
        report.findings += together.map {
          "\($0.number!) (`\($0.key)`) cannot be rated again: \(reason)"
        }
      }
    }
    return replica
  }

  /// Whether the place to work in is at fault, and not what is proven.
  fileprivate static func isOfPlace(_ error: any Error) -> Bool {
    switch error {
    case let refusal as FolderRefusal: [.diskFull, .failedDisk].contains(refusal.reason)
    case let fault as Fault: fault.code == .storageFull
    default: false
    }
  }

  private func finding(_ invoice: StoredInvoice, _ rerated: Result<JSON, Fault>) -> [String] {
    let name = "\(invoice.number!) (`\(invoice.key)`)"
    let again: JSON
    do throws(Fault) {
      again = try rerated.get()
    } catch {
      return ["\(name) cannot be rated again: \(error.detail)"]
    }
    guard again.text != invoice.document else { return [] }
    guard let kept = try? JSON(parsing: Array(invoice.document.utf8)) else {
      return ["\(name) is no document any more"]
    }
    let difference = JSONDifference.between(kept, again).first
    let (old, new) = (difference?.old?.text ?? "nothing", difference?.new?.text ?? "nothing")
    return ["\(name) says \(old) at \(difference?.pointer ?? "/"); rated again it is \(new)"]
  }
}

extension ChainedTable {
  fileprivate var noun: String {
    switch self {
    case .invoiceEvents: "invoice event"
    case .ledger: "ledger entry"
    case .proofs: "proof"
    }
  }
}
