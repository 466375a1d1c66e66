package import Base
import Ingestion

/// An opened workspace: one log of events, one set of books, one catalog.
package protocol Home: Sendable {
  var events: any EventShard { get }
  /// What is agreed now.
  var agreements: CatalogState { get }
  /// The same for whoever reads events that come.
  var intake: CatalogSnapshot { get }
  /// The time of a rating that begins now. It never goes back, whatever the clock does: what was
  /// agreed before is at this time or an earlier one. Ask for it before what is agreed.
  func ratingTime(_ now: Instant) -> Instant
  /// One consistent read. The work may be interrupted; see `Interruption`.
  func read<Value>(_ body: (any Snapshot) throws -> Value) throws -> Value
  /// One act of finance or agreement: check, then write; all of it is kept, or nothing, and acts
  /// are one after the other. A dry run sees what it writes and keeps nothing.
  func act<Value>(
    by name: String, at now: Instant, isDryRun: Bool, _ body: (any Books) throws -> Value
  ) throws -> Value
  /// The tokens that are used or revoked; nothing can be done without them.
  func revokedTokens() throws -> Set<String>
  /// A fault if the workspace does not answer.
  func check() throws
  /// How the engine is, as far as it is known.
  var report: EngineReport { get }
  /// Looks after the disk, and counts a slice of the events that meters have still to count; false
  /// if there is nothing to do.
  func tend() throws -> Bool
  /// Gives memory back after work that read or wrote much.
  func releaseMemory() throws
}

extension Home {
  package func act<Value>(
    by name: String, at now: Instant, _ body: (any Books) throws -> Value
  ) throws -> Value {
    try act(by: name, at: now, isDryRun: false, body)
  }
}

/// How an engine is.
package struct EngineReport: Sendable {
  /// Whether what writes is refused until there is room.
  package let isFull: Bool
  /// How many damaged pages were met.
  package let damagedPages: Int

  package init(isFull: Bool, damagedPages: Int) {
    self.isFull = isFull
    self.damagedPages = damagedPages
  }
}

/// The events of a request, read under one revision of the catalog.
package struct AppendRequest: Sendable {
  package let intake: Intake
  package let catalogRevision: Int

  package init(_ intake: Intake, catalogRevision: Int) {
    self.intake = intake
    self.catalogRevision = catalogRevision
  }
}

/// The event log of a workspace: append exactly once, find, maintain.
package protocol EventShard: Sendable {
  /// Durable when it returns. What became of each event of each request, in the order in which it
  /// was admitted; a request that is refused leaves nothing.
  func append(_ requests: [AppendRequest]) -> [Result<[AppendResult], Fault>]
  /// The number of the event with that source and id; nil if none was ever stored.
  func find(source: String, id: String) throws -> Int64?
  /// Does a slice of the work after the events; false if there is nothing to do.
  func maintain() throws -> Bool
  /// How many blocks of hours were idle and still to be packed when it was last maintained.
  var blocksPending: Int { get }
}
