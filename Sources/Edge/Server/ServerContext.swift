package import Access
package import Base
import Foundation
import Logging
package import Pages
package import Services
package import Workflow

/// Everything a running service works with, put together once. An object, for each request takes
/// hold of it, on many threads.
package final class ServerContext: Sendable {
  package let home: any Home
  package let zones: any ZoneSource
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
  package let revoked: RevokedTokens
  package let keys: KeyRing
  package let issuer: TokenIssuer
  package let gate: TokenGate
  package let pages: PageRenderer
  package let metrics: Metrics
  let streams = StreamSlots()
  let bodies = BodyBudget()
  let pool: BlockingPool
  package let clock: @Sendable () -> Instant

  package init(
    _ home: any Home, _ zones: any ZoneSource, _ keys: KeyRing,
    clock: @escaping @Sendable () -> Instant
  ) async throws {
    self.home = home
    self.zones = zones
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
    revoked = try RevokedTokens(home)
    self.keys = keys
    issuer = TokenIssuer(keys)
    gate = await TokenGate(keys, isDenied: { [revoked] in revoked.contains($0) })
    pages = try PageRenderer()
    metrics = Metrics()
    pool = BlockingPool(metrics)
    self.clock = clock
  }

  /// Revokes a token, or uses one that works once; false if it was before.
  func revoke(_ token: String, until: Instant, now: Instant) async throws -> Bool {
    try await pool.run(.acts) { [revoked] in
      try revoked.revoke(token, until: until, now: now)
    }
  }
}
