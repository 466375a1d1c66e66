import Base
import Contracts
import Foundation
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
  init(of invoice: KeptInvoice, _ drafted: [String: Drafting]) {
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
