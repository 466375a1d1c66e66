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
  package let home: SQLiteHome
  package let zones: Zones
  package let catalogs: CatalogService
  package let commit: CommitQueue
  package let events: EventSearch
  package let traces: EventTraces
  package let usage: UsageService
  package let billing: BillingService
  package let settlement: FinanceService
  package let reports: ReportService
  package let outcomes: OutcomeService
  package let simulations: SimulationService
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
    countedAtOnceMax: Int = CatalogMemory.countedAtOnceMax,
    note: @escaping @Sendable (String) -> Void = { _ in },
    halt: @escaping @Sendable (String) -> Void
  ) async throws {
    try folder.makeOrOpen()
    lock = try WorkspaceLock(folder)
    store = try Store(folder, isMarked: true, note: note, halt: halt)
    zones = Zones()
    home = try SQLiteHome(store, countedAtOnceMax: countedAtOnceMax, halt: halt)
    catalogs = CatalogService(home, zones)
    commit = CommitQueue(home.events)
    events = EventSearch(home)
    usage = UsageService(home, zones)
    billing = BillingService(home, zones)
    traces = EventTraces(home, billing)
    settlement = FinanceService(home, billing)
    reports = ReportService(home, zones, usage: usage, billing: billing)
    outcomes = OutcomeService(home, zones)
    simulations = SimulationService(home, zones, billing)
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
