import Base
import GRDB
import Settlement
import Synchronization

/// What the history of invoices says of a draft: which event it was, and when by the clock.
struct Drafting {
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
  init(of invoice: StoredInvoice, _ drafted: [String: Drafting]) {
    let drafted = drafted[invoice.key.text]
    let document = try? JSON(parsing: Array(invoice.document.utf8))
    self.init(
      lastEvent: invoice.lastEvent ?? .max, time: invoice.rated,
      drafted: drafted?.event ?? 0, clock: drafted?.at ?? invoice.rated,
      meters: document.map(Invoice.meterVersions) ?? [:])
  }

  /// False where it is another moment; otherwise this one knows what served for both.
  mutating func takesIn(_ other: Self) -> Bool {
    let isSame = lastEvent == other.lastEvent && time == other.time && clock == other.clock
    guard isSame, other.meters.allSatisfy({ (meters[$0] ?? $1) == $1 }) else { return false }
    drafted = max(drafted, other.drafted)
    meters.merge(other.meters) { known, _ in known }
    return true
  }
}
