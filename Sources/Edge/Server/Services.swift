package import Access
package import Base
import Foundation
import Logging
package import Pages
package import Storage

/// Everything a running service works with, opened once. An object, for each request takes hold of
/// it, on many threads.
package final class Services: Sendable {
  package let store: Store
  package let zones: Zones
  package let catalogs: Catalogs
  package let commit: GroupCommit
  package let events: EventQuery
  package let usage: UsageDesk
  package let billing: BillingDesk
  package let invoices: Invoices
  package let creditNotes: CreditNotes
  package let settlement: SettlementDesk
  package let ledger: Ledger
  package let reports: ReportDesk
  package let outcomes: OutcomeDesk
  package let simulations: SimulationDesk
  package let denied: DeniedTokens
  package let keys: KeyRing
  package let issuer: TokenIssuer
  package let gate: TokenGate
  package let pages: PageRenderer
  package let metrics: Metrics
  let streams = StreamSlots()
  let bodies = BodyBudget()
  let pool: BlockingPool
  package let clock: @Sendable () -> Instant
  /// Keeps the folder from being opened twice for as long as the service lives.
  private let lock: WorkspaceLock

  /// Opens a data folder, making it where it is missing. `note` is for the log. `halt` ends the
  /// process; it is called when the disk no longer says what it holds. Throws a `FolderRefusal`
  /// where the folder is not what it should be.
  package init(
    _ folder: DataFolder, clock: @escaping @Sendable () -> Instant = Services.systemClock,
    countedAtOnceMax: Int = Catalogs.countedAtOnceMax,
    note: @escaping @Sendable (String) -> Void = { _ in },
    halt: @escaping @Sendable (String) -> Void
  ) async throws {
    try folder.makeOrOpen()
    lock = try WorkspaceLock(folder)
    store = try Store(folder, isMarked: true, note: note, halt: halt)
    zones = Zones()
    catalogs = try Catalogs(store, zones, countedAtOnceMax: countedAtOnceMax)
    commit = try GroupCommit(store, catalogs, halt: halt)
    events = EventQuery(store, catalogs, zones)
    usage = UsageDesk(store, catalogs, zones)
    billing = BillingDesk(store, catalogs, zones)
    invoices = Invoices(store)
    creditNotes = CreditNotes(store)
    settlement = SettlementDesk(store, catalogs, zones)
    ledger = Ledger(store)
    reports = ReportDesk(
      store, catalogs, zones, usage: usage, billing: billing, invoices: invoices)
    outcomes = OutcomeDesk(store, catalogs, zones)
    simulations = SimulationDesk(store, catalogs, zones, billing)
    denied = try DeniedTokens(store)
    keys = try KeyRing(folder: folder.keys, now: clock())
    issuer = TokenIssuer(keys)
    gate = await TokenGate(keys, isDenied: { [denied] in denied.contains($0) })
    pages = try PageRenderer()
    metrics = Metrics()
    pool = BlockingPool(metrics)
    self.clock = clock
    try folder.finish()
  }

  package static let systemClock: @Sendable () -> Instant = { Store.systemTime }
}
