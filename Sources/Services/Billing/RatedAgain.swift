package import Base
import Contracts
import Dispatch
package import Settlement
import Synchronization
package import Workflow

extension BillingService {
  /// As many are held in memory with all their lines, on each of some threads; of fewer than a few
  /// dozen the log would be read as often for nothing.
  private static let invoicesAtOnce = 40...250

  /// What makes the documents of invoices again in the workspace that it is given, on so many
  /// threads.
  package static func rerating(
    _ zones: any ZoneSource, threads: Int
  ) -> @Sendable ([StoredInvoice], any Home) -> [JSON?] {
    { invoices, home in BillingService(home, zones).again(invoices, threads: threads) }
  }

  /// The documents of some invoices, made anew; nil where one cannot be. The log is read once for
  /// the evidence of many.
  func again(_ invoices: [StoredInvoice], threads: Int) -> [JSON?] {
    let share = invoices.count / threads + 1
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

  private func someAgain(_ invoices: [StoredInvoice]) throws -> [JSON?] {
    try home.read { snapshot in
      let state = snapshot.agreements
      let look = Look(state, snapshot)
      var documents = [JSON?](repeating: nil, count: invoices.count)
      var rated: [(place: Int, month: RatedDraft)] = []
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
