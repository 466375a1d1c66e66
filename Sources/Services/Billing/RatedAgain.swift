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

  /// The document of an invoice made again, or why it cannot be.
  package typealias Rerated = Result<JSON, Fault>

  /// What makes the documents of invoices again in the workspace that it is given, on so many
  /// threads.
  package static func rerating(
    _ zones: any ZoneSource, threads: Int
  ) -> @Sendable ([StoredInvoice], any Home) -> [Rerated] {
    { invoices, home in BillingService(home, zones).again(invoices, threads: threads) }
  }

  /// The documents of some invoices, in their order. The log is read once for the evidence of
  /// many.
  func again(_ invoices: [StoredInvoice], threads: Int) -> [Rerated] {
    let share = invoices.count / threads + 1
    let size = min(max(share, Self.invoicesAtOnce.lowerBound), Self.invoicesAtOnce.upperBound)
    let parts = stride(from: 0, to: invoices.count, by: size).map {
      Array(invoices[$0...].prefix(size))
    }
    let made = Mutex([[Rerated]](repeating: [], count: parts.count))
    DispatchQueue.concurrentPerform(iterations: parts.count) { place in
      let some = someOrEach(parts[place])
      made.withLock { $0[place] = some }
    }
    return made.withLock { $0.flatMap(\.self) }
  }

  /// If one of them breaks all, each is tried by itself.
  private func someOrEach(_ invoices: [StoredInvoice]) -> [Rerated] {
    do {
      return try someAgain(invoices)
    } catch {
      guard invoices.count > 1 else { return [.failure(BillingService.fault(of: error))] }
      return invoices.flatMap { someOrEach([$0]) }
    }
  }

  private static func fault(of error: any Error) -> Fault {
    Fault(parking: error) ?? (error as? Fault) ?? Fault(.internalError, "\(error)")
  }

  private func someAgain(_ invoices: [StoredInvoice]) throws -> [Rerated] {
    try home.read { snapshot in
      let context = RatingContext(snapshot.agreements, snapshot)
      var documents = invoices.map { invoice in
        Rerated.failure(
          Fault(.unknownReference, "nothing of \(invoice.contract) is billed in \(invoice.month)"))
      }
      var rated: [(place: Int, month: RatedDraft)] = []
      for (place, invoice) in invoices.enumerated() {
        do {
          if let month = try rate(invoice.contract, invoice.month, context) {
            rated.append((place, month))
          } else if let closing = try closing(invoice.contract, invoice.month, context) {
            documents[place] = .success(closing.document)
          }
        } catch let fault as Fault where fault.code != .internalError {
          documents[place] = .failure(fault)
        }
      }
      for (place, month) in zip(rated.map(\.place), try withEvidence(rated.map(\.month), context)) {
        do {
          documents[place] = .success(try invoice(month, context).document)
        } catch {
          documents[place] = .failure(BillingService.fault(of: error))
        }
      }
      return documents
    }
  }
}
