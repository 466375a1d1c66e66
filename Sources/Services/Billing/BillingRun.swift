import Base
import Contracts
import Dispatch
import Metering
import Settlement
import Synchronization
import Workflow

/// A run over many contracts, a stretch of them at a time. Each half of a stretch is rated on a
/// thread of its own from one snapshot, which holds up nobody who posts events. Then the contracts
/// are written in their order, some in a transaction, while the next stretch is rated. A run that
/// breaks off has written the first of them, and is begun again.
struct BillingRun: Sendable {
  private struct Job: Sendable {
    let contract: Contract
    let month: BillingMonth
  }

  /// What was made of a month before anything is written.
  private enum Rated: Sendable {
    case draft(InvoiceDraft)
    /// There was a draft, and nothing is left to settle with it.
    case nothing(StoredInvoice)
    case done(RunResult)
  }

  /// The jobs of a stretch are rated side by side, in so many parts.
  private static let halves = 2
  /// Events wait while a transaction is written.
  private static let contractsInTransaction = 100

  private let desk: BillingService
  private let request: BillingRequest
  private let state: CatalogState
  private let author: Author
  /// When the run began, as `OrderedTime` has it.
  private let ratedAt: Instant
  private let late: LateEvents

  init(
    _ desk: BillingService, _ request: BillingRequest, _ state: CatalogState, author: Author,
    rated: Instant
  ) {
    self.desk = desk
    self.request = request
    self.state = state
    self.author = author
    ratedAt = rated
    late = LateEvents(state)
  }

  func results(
    of contracts: [Contract]
  ) throws -> (results: [RunResult], neverBilled: [NeverBilled]) {
    var results: [RunResult] = []
    var missing: [NeverBilled] = []
    var last = WrittenStretch()
    // Nothing is written any more once the run has broken off.
    defer { last.wait() }
    for first in stride(from: 0, to: contracts.count, by: desk.contractsAtOnce) {
      let stretch = Array(contracts[first...].prefix(desk.contractsAtOnce))
      let before = try neverBilled(stretch)
      let next = try self.stretch(stretch, before, behind: last)
      results += try last.results()
      last = next
      missing += stretch.flatMap { before[$0.key] ?? [] }
    }
    return (results + (try last.results()), missing)
  }

  /// What lies before the month that is billed. A run as of a day leaves nothing out.
  private func neverBilled(_ contracts: [Contract]) throws -> [ContractKey: [NeverBilled]] {
    guard case .month(let month) = request.span else { return [:] }
    return try desk.home.read { snapshot in
      var found: [ContractKey: [NeverBilled]] = [:]
      for contract in contracts {
        found[contract.key] = try unlessDamaged {
          try desk.neverBilled(contract, before: month, now: author.at, snapshot)
        }
      }
      return found
    }
  }

  private func notes(_ job: Job, _ before: [NeverBilled]) throws -> [Fault] {
    let toCome = try desk.stillToCome(job.contract, job.month, now: author.at)
    return [toCome].compactMap(\.self) + before.map { Fault(.periodNotBilled, $0.sentence) }
  }

  /// The oldest month of every contract, then the next: what a month made is known to the one
  /// behind it. The last of them are still being written.
  private func stretch(
    _ contracts: [Contract], _ before: [ContractKey: [NeverBilled]], behind: WrittenStretch
  ) throws -> WrittenStretch {
    var stretch = WrittenStretch(contracts.count)
    let months = try desk.home.read { snapshot in
      try contracts.enumerated().map { place, contract in
        do {
          return try desk.months(of: contract, request.span, snapshot)
        } catch {
          guard let fault = error as? Fault, fault.isDamage else { throw error }
          stretch.add(damaged(contract, fault), at: place)
          return []
        }
      }
    }
    for round in 0..<(months.map(\.count).max() ?? 0) {
      let places = months.indices.filter { round < months[$0].count }
      let jobs = places.map { Job(contract: contracts[$0], month: months[$0][round]) }
      try stretch.check()
      let rated = try rate(jobs)
      // In their order: those of the stretch before come first.
      try behind.check()
      try stretch.write(places) {
        try zip(jobs, try write(rated, jobs)).map { job, result in
          guard var result else { return nil }
          result.notes = try notes(job, before[job.contract.key] ?? [])
          return result
        }
      }
    }
    return stretch
  }

  /// A contract of which nobody knows what was billed.
  private func damaged(_ contract: Contract, _ fault: Fault) -> RunResult {
    let month: BillingMonth =
      switch request.span {
      case .month(let month): month
      case .asOf(let day): contract.billing.period(holding: day)
      }
    return RunResult(contract, month, .parked, faults: [fault])
  }

  /// Nil where what is asked for cannot be read; the contract is parked where it matters.
  private func unlessDamaged<Value>(_ body: () throws -> Value?) throws -> Value? {
    do {
      return try body()
    } catch {
      guard (error as? Fault)?.isDamage == true else { throw error }
      return nil
    }
  }

  /// Nil where there is nothing to bill.
  private func rate(_ jobs: [Job]) throws -> [Rated?] {
    let order = try neighbours(jobs)
    let size = (jobs.count + Self.halves - 1) / Self.halves
    let parts = stride(from: 0, to: jobs.count, by: max(size, 1)).map { start in
      order[start..<min(start + size, jobs.count)].map { jobs[$0] }
    }
    let values = Mutex([Int: Swift.Result<[Rated?], any Error>]())
    DispatchQueue.concurrentPerform(iterations: parts.count) { place in
      let value = Swift.Result { try ratePart(parts[place]) }
      values.withLock { $0[place] = value }
    }
    let rated = try values.withLock { values in
      try parts.indices.flatMap { try values[$0]!.get() }
    }
    var inOrder = [Rated?](repeating: nil, count: jobs.count)
    for (place, rated) in zip(order, rated) { inOrder[place] = rated }
    return inOrder
  }

  /// The places of the jobs, those behind each other whose usage lies side by side in the database:
  /// its pages are read once for them.
  private func neighbours(_ jobs: [Job]) throws -> [Int] {
    let subjects: [Int64] = try desk.home.read { snapshot in
      try jobs.map { job in
        let stretches = state.catalog.stretches(of: job.contract, in: .always)
        return try unlessDamaged { try snapshot.places(of: [stretches.map(\.subject)])[0] } ?? 0
      }
    }
    return jobs.indices.sorted { (subjects[$0], $0) < (subjects[$1], $1) }
  }

  private func ratePart(_ jobs: [Job]) throws -> [Rated?] {
    try desk.home.read { snapshot in
      let (lastEvent, context) = (
        try snapshot.cut.through,
        RatingContext(state, snapshot, late: late, recounting: request.recount)
      )
      var rated: [Rated?] = []
      var (places, drafts): ([Int], [RatedDraft]) = ([], [])
      for job in jobs {
        rated.append(
          try parking(job) {
            if try snapshot.isClosed(job.contract.key, job.month),
              let final = try snapshot.newest(job.contract.key, job.month),
              final.status == .final
            {
              return .done(try result(of: final, job, context))
            }
            guard let anew = try desk.rate(job.contract.key, job.month, context) else {
              return try afterEnd(job, lastEvent, context)
            }
            places.append(rated.count)
            drafts.append(anew)
            return nil
          })
      }
      drafts = try withEvidence(drafts, context) { place, fault in
        rated[places[place]] = .done(parked(jobs[places[place]], fault))
      }
      // Each is let go once its document is written: the lines of all are what takes memory.
      for place in places.reversed() {
        let anew = drafts.removeLast()
        guard rated[place] == nil else { continue }
        rated[place] = try parking(jobs[place]) {
          .draft(try desk.draft(anew, context, lastEvent: lastEvent))
        }
      }
      return rated
    }
  }

  /// The drafts with their evidence, for all of them at once; where it cannot be read for all, one
  /// by one, so that only those are parked that rest on what is damaged.
  private func withEvidence(
    _ drafts: [RatedDraft], _ context: RatingContext, park: (Int, Fault) -> Void
  ) throws -> [RatedDraft] {
    do {
      return try desk.withEvidence(drafts, context)
    } catch {
      guard (error as? Fault)?.isDamage == true else { throw error }
    }
    return try drafts.enumerated().map { place, draft in
      do {
        return try desk.withEvidence(draft, context)
      } catch {
        guard let fault = error as? Fault, fault.isDamage else { throw error }
        park(place, fault)
        return draft
      }
    }
  }

  private func result(
    of final: StoredInvoice, _ job: Job, _ context: RatingContext
  ) throws -> RunResult {
    var result = RunResult(
      job.contract, job.month, .final, final.key, total: final.total)
    if try context.mayAffect(final), let anew = try desk.rate(job.contract.key, job.month, context)
    {
      result = try desk.result(of: final, anew, context)
    }
    try result.show(final)
    return result
  }

  private func afterEnd(_ job: Job, _ lastEvent: Int64, _ context: RatingContext) throws -> Rated? {
    let isLeft = try desk.isLeftToDraft(job.contract.key, before: job.month, context)
    if !isLeft, let invoice = try desk.closing(job.contract.key, job.month, context) {
      return .draft(try desk.draft(invoice, nil, context, lastEvent: lastEvent))
    }
    let draft = try context.snapshot.newest(job.contract.key, job.month)
    return draft?.status == .draft ? .nothing(draft!) : nil
  }

  private func parking(_ job: Job, _ body: () throws -> Rated?) throws -> Rated? {
    do {
      return try body()
    } catch {
      guard let fault = Fault(parking: error) else { throw error }
      return .done(parked(job, fault))
    }
  }

  private func parked(_ job: Job, _ fault: Fault) -> RunResult {
    RunResult(job.contract, job.month, .parked, faults: [fault])
  }

  private func write(_ rated: [Rated?], _ jobs: [Job]) throws -> [RunResult?] {
    var results: [RunResult?] = []
    for first in stride(from: 0, to: rated.count, by: Self.contractsInTransaction) {
      let part = zip(rated, jobs).dropFirst(first).prefix(Self.contractsInTransaction)
      results += try desk.home.act(by: author.name, at: author.at, isDryRun: request.isDryRun) {
        books in
        try part.map { rated, job in try rated.map { try written($0, job, books) } }
      }
    }
    if results.count > Self.contractsInTransaction { try desk.home.releaseMemory() }
    return results
  }

  /// Writes a period, or parks it where what stood there cannot be read.
  private func written(_ rated: Rated, _ job: Job, _ books: any Books) throws
    -> RunResult
  {
    do {
      return try books.step { try write(rated, books) }
    } catch {
      guard let fault = error as? Fault, fault.isDamage else { throw error }
      return parked(job, fault)
    }
  }

  private func write(_ rated: Rated, _ books: any Books) throws -> RunResult {
    switch rated {
    case .done(let result): return try finalised(result, books)
    case .nothing(let draft):
      // Somebody may have closed or withdrawn it since it was looked at.
      let now = try books.find(draft.key)
      let isClosed = now.map { $0.status != .draft } ?? false
      if now?.status == .draft { try books.withdraw(draft, by: author) }
      return RunResult(
        contract: draft.contract, customer: draft.customer, month: draft.month,
        outcome: isClosed ? .final : .withdrawn, invoice: draft.key,
        total: isClosed ? draft.total : nil, difference: nil, faults: [])
    case .draft(let draft):
      let kept = try books.store(draft, ratedAt: ratedAt, by: author)
      var result = RunResult(
        draft.contract, draft.month, .init(kept.outcome), kept.key, total: kept.total,
        reasons: kept.reasons, isHeld: kept.isHeld)
      if kept.outcome == .final {
        try result.show(books.invoice(kept.key))
      } else {
        (result.net, result.tax) = (draft.net, draft.tax)
      }
      return try finalised(result, books)
    }
  }

  /// What cannot be finalised yet stays as it is, with the reason.
  private func finalised(
    _ result: RunResult, _ books: any Books
  ) throws -> RunResult {
    guard request.finalises, let invoice = result.invoice, result.outcome != .final,
      result.faults.isEmpty
    else { return result }
    do {
      return try books.step {
        result.with(try desk.finalise(invoice, justRated: true, books))
      }
    } catch {
      guard let fault = Fault(parking: error) else { throw error }
      return result.with(fault)
    }
  }
}
