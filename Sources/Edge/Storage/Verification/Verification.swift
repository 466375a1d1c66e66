import Base
import Contracts
import Dispatch
import Foundation
import GRDB
import Ingestion
import Rating
import Settlement
import Synchronization

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
  private let zones: Zones

  package init(_ folder: DataFolder, _ zones: Zones = Zones()) {
    self.folder = folder
    self.zones = zones
  }

  package func run() throws -> Report {
    let file = DatabaseFile(folder)
    var report = Report()
    report.findings = damagedPages(file)
    let isDamaged = !report.findings.isEmpty
    var integrity: [String] = []
    try report.attempt("the database") { _ in integrity = try file.noting(self.integrity) }
    report.findings += integrity
    // What does not hold together is read only as far as its checksums go.
    let address =
      isDamaged && !integrity.isEmpty ? file.readingAddress : file.notingAddress
    var (issued, original) = ([KeptInvoice](), Replica.Original(address: address))
    var (unreadable, isLogSound) = (Set<String>(), false)
    try report.attempt("the database") { report in
      try DatabaseFile.reading(address) { db in
        try report.attempt("the log") { report in
          let proofs = try ProofVerification(db)
          report.findings += proofs.findings
          let log = try LogVerification(proofs.logNotes, db)
          report.pages = log.pages
          report.findings += log.findings
          isLogSound = log.findings.isEmpty
          original.without = log.damagedPages
          for first in log.damagedPages {
            unreadable.formUnion(try DamageReport.contracts(resting: first, db))
          }
        }
        try report.attempt("the chains") { try chains(&$0, db) }
        try report.attempt("the ledger") { try postings(&$0, db) }
        try report.attempt("the numbers") { try numbers(&$0, db) }
        try report.attempt("the documents") { report in
          try documents(&report, db)
          report.findings += try ColumnVerification(db).findings
        }
        try report.attempt("packed usage") { $0.findings += try ShelfVerification.findings(db) }
        try report.attempt("the invoices") { try self.issued(&$0, &issued, db) }
      }
    }
    report.findings += issued.filter { unreadable.contains($0.contract.text) }.map {
      "\($0.number!) (`\($0.key)`) cannot be rated again: events of its contract are damaged"
    }
    let replica = try rateAgain(
      issued.filter { !unreadable.contains($0.contract.text) }, of: original, &report)
    if isLogSound {
      try report.attempt("usage") { report in
        let all = try replica ?? Replica(of: original, at: .beginning, zones)
        report.findings += try all.unconfirmed(limit: Self.findingsMax)
      }
    }
    report.findings = Array(report.findings.prefix(Self.findingsMax))
    return report
  }

  private func issued(
    _ report: inout Report, _ issued: inout [KeptInvoice], _ db: Database
  ) throws {
    // Where it stands has nothing to do with how it is rated.
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT \(Invoices.columns(of: "issued")) FROM (
          SELECT *, 0 AS is_void, 0 AS credited, 0 AS paid, 0 AS held, NULL AS due, 0 AS last_change
          FROM invoice WHERE status = 'final'
        ) AS issued ORDER BY last_event, rated, series, sequence
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
  private func integrity(_ db: Database) throws -> [String] {
    try String.fetchAll(db, sql: "PRAGMA integrity_check(100)").filter { $0 != "ok" }.map {
      "the database does not hold together: \($0.split(separator: "\n").joined(separator: ", "))"
    }
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
    _ issued: [KeptInvoice], of original: Replica.Original, _ report: inout Report
  ) throws -> Replica? {
    var (place, replica) = (0, Replica?.none)
    // What cannot be read was found before; without it, times tell the order.
    let drafted = (try? DatabaseFile.reading(original.address, Drafting.all)) ?? [:]
    while place < issued.count {
      var moment = Replica.Moment(of: issued[place], drafted)
      let together = issued[place...].prefix { moment.takesIn(Replica.Moment(of: $0, drafted)) }
      place += together.count
      report.invoices += together.count
      do {
        if let replica, try replica.canAdvance(to: moment) {
          try replica.advance(to: moment)
        } else {
          replica = try Replica(of: original, at: moment, zones)
          report.passes += 1
        }
        let desk = BillingDesk(replica!.store, replica!.catalogs, zones)
        for (invoice, document) in zip(together, desk.again(Array(together))) {
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

  private func finding(_ invoice: KeptInvoice, _ again: JSON?) -> [String] {
    let name = "\(invoice.number!) (`\(invoice.key)`)"
    guard let again else { return ["\(name) cannot be rated again"] }
    guard again.text != invoice.document else { return [] }
    guard let kept = try? JSON(parsing: Array(invoice.document.utf8)) else {
      return ["\(name) is no document any more"]
    }
    let difference = JSONDifference.between(kept, again).first
    let (old, new) = (difference?.old?.text ?? "nothing", difference?.new?.text ?? "nothing")
    return ["\(name) says \(old) at \(difference?.pointer ?? "/"); rated again it is \(new)"]
  }
}

/// What the history of invoices says of a draft: which event it was, and when by the clock.
private struct Drafting {
  let event: Int64
  let at: Instant

  /// The last one of each invoice.
  static func all(_ db: Database) throws -> [String: Drafting] {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT invoice, max(sequence), body ->> '$.at' FROM invoice_event
        WHERE kind = 'drafted' GROUP BY invoice
        """)
    var drafted: [String: Drafting] = [:]
    while let row = try rows.next() {
      guard let key = row[0] as String?, let at = (row[2] as String?).flatMap({ Instant($0) })
      else { continue }
      drafted[key] = Drafting(event: row[1], at: at)
    }
    return drafted
  }
}

extension Replica.Moment {
  /// When the invoice was rated.
  fileprivate init(of invoice: KeptInvoice, _ drafted: [String: Drafting]) {
    let drafted = drafted[invoice.key.text]
    let document = try? JSON(parsing: Array(invoice.document.utf8))
    self.init(
      lastEvent: invoice.lastEvent ?? .max, time: invoice.rated,
      drafted: drafted?.event ?? 0, clock: drafted?.at ?? invoice.rated,
      meters: document.map(Invoice.meterVersions) ?? [:])
  }

  /// False where it is another moment; otherwise this one knows what served for both.
  fileprivate mutating func takesIn(_ other: Self) -> Bool {
    let isSame = lastEvent == other.lastEvent && time == other.time && clock == other.clock
    guard isSame, other.meters.allSatisfy({ (meters[$0] ?? $1) == $1 }) else { return false }
    drafted = max(drafted, other.drafted)
    meters.merge(other.meters) { known, _ in known }
    return true
  }
}

extension BillingDesk {
  /// As many are held in memory with all their lines, on each of some threads; of fewer than a few
  /// dozen the log would be read as often for nothing.
  private static let invoicesAtOnce = 40...250

  /// The documents of some invoices, made anew; nil where one cannot be. The log is read once for
  /// the evidence of many.
  func again(_ invoices: [KeptInvoice]) -> [JSON?] {
    let share = invoices.count / ProcessInfo.processInfo.activeProcessorCount + 1
    let size = min(max(share, Self.invoicesAtOnce.lowerBound), Self.invoicesAtOnce.upperBound)
    let parts = stride(from: 0, to: invoices.count, by: size).map {
      Array(invoices[$0...].prefix(size))
    }
    let made = Mutex([[JSON?]](repeating: [], count: parts.count))
    DispatchQueue.concurrentPerform(iterations: parts.count) { place in
      // Where one of them breaks all, each is tried by itself.
      let some =
        (try? someAgain(parts[place])) ?? parts[place].map { try? someAgain([$0])[0] }
      made.withLock { $0[place] = some }
    }
    return made.withLock { $0.flatMap(\.self) }
  }

  private func someAgain(_ invoices: [KeptInvoice]) throws -> [JSON?] {
    let state = catalogs.current
    return try store.pool.read { db in
      let look = Look(state, db)
      var documents = [JSON?](repeating: nil, count: invoices.count)
      var rated: [(place: Int, month: MonthAnew)] = []
      for (place, invoice) in invoices.enumerated()
      where state.catalog.contracts[invoice.contract] != nil {
        do {
          if let month = try rate(invoice.contract, invoice.month, look) {
            rated.append((place, month))
          } else {
            documents[place] = try closing(invoice.contract, invoice.month, look)?.document
          }
        } catch let fault as Fault where fault.code != .internalError {
          continue
        }
      }
      let witnessed = try witnessed(rated.map(\.month), look)
      for (place, month) in zip(rated.map(\.place), witnessed) {
        documents[place] = try? invoice(month, look).document
      }
      return documents
    }
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
