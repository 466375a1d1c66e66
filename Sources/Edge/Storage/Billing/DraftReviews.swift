import Base
import Contracts
import GRDB
import Ingestion
import Metering
import Rating
import Settlement
import Workflow

/// Gathers what the pure `DraftReview` needs, when a draft is written: ingest pays nothing for it.
extension BillingDesk {
  func draft(
    _ rated: MonthAnew, _ look: Look, lastEvent: Int64
  ) throws -> Invoices.Draft {
    try draft(invoice(rated, look), rated, look, lastEvent: lastEvent)
  }

  /// The draft of an invoice with what it is held for: what its own events say, and those of every
  /// period that it corrects.
  func draft(
    _ invoice: Invoice, _ rated: MonthAnew?, _ look: Look, lastEvent: Int64
  ) throws -> Invoices.Draft {
    let (contract, charges) = (invoice.contract, PeriodCharges(invoice))
    var months: Set<BillingMonth> = [invoice.month]
    for line in invoice.lines {
      if case .correction(_, _, _, _, let month, _) = line.origin { months.insert(month) }
    }
    let isNothing = invoice.lines.allSatisfy { $0.rated.amount.amountMinor == 0 }
    let before = try Invoices.charges(of: contract.key, before: invoice.month, look.db)
    let silent =
      try rated.map {
        try silences(of: $0, holding: isNothing, look) + assetSilences(of: $0, look)
      } ?? []
    let review = DraftReview(contract)
    let goodwill = try review.goodwill(on: invoice).map { [$0] } ?? []
    let reasons = review.reasons(
      events: months.sorted().flatMap { look.reasons(contract.key, $0) }, others: silent + goodwill,
      charges: charges,
      before: before)
    return Invoices.Draft(invoice, lastEvent: lastEvent, reasons: reasons, charges: charges)
  }

  private func silences(
    of rated: MonthAnew, holding: Bool, _ look: Look
  ) throws -> [HoldReason] {
    try rated.silent.filter { !$0.isAgreed }.compactMap { silent in
      try MeterSilence(
        silent.meter, of: silent.assets, rated.contract, rated.run.period, look
      ).last(
        since: rated.contract.term(in: zones.rules(rated.contract.zone)).start
      ).map {
        DraftReview.silence(of: silent.meter, in: silent.clause, since: $0, holds: holding)
      }
    }
  }
}

extension BillingDesk {
  /// Of assets that used to speak, where others still do: whatever the draft comes to, it is less
  /// than it may be.
  private func assetSilences(of rated: MonthAnew, _ look: Look) throws -> [HoldReason] {
    let start = try rated.contract.term(in: zones.rules(rated.contract.zone)).start
    return try rated.silentAssets.filter { $0.policy != .zero }.compactMap { silent in
      let last = try silent.assets.compactMap { asset in
        try MeterSilence(silent.meter, of: [asset], rated.contract, rated.run.period, look)
          .last(since: start).map { (asset: asset, last: $0) }
      }
      return last.isEmpty
        ? nil
        : DraftReview.silence(
          of: silent.meter, in: silent.clause, since: last, holds: silent.policy == .hold)
    }
  }
}

/// Whether a meter that saw nothing in a period has been silent in it, and since when.
private struct MeterSilence {
  private let meter: MeterDefinition
  private let contract: Contract
  private let assets: [AssetKey]?
  private let period: Period
  private let look: Look

  init(
    _ meter: MeterKey, of assets: [AssetKey]?, _ contract: Contract, _ period: Period, _ look: Look
  ) throws {
    self.meter = try look.state.meter(meter)
    self.contract = contract
    self.period = period
    self.look = look
    self.assets = assets
  }

  /// When the meter saw something last before the period, of what served the contract since it
  /// began. Nil where it never has, where nothing serves any more that it could see, and where
  /// events of its types came in the period: who speaks of other things has used nothing.
  func last(since start: Instant) throws -> Instant? {
    let now = stretches(period)
    let customer = contract.customer.text
    let isOnlyCustomer = now.allSatisfy { $0.subject == customer }
    let before = stretches(Period(start: start, end: period.start)).filter {
      !isOnlyCustomer || $0.subject == customer
    }
    guard let last = try last(before), try !now.contains(where: hasSpoken) else { return nil }
    return last
  }

  private func stretches(_ period: Period) -> [SubjectStretch] {
    UsageDesk.stretches(contract, period, look.state.catalog, of: assets)
  }

  private func hasSpoken(_ stretch: SubjectStretch) throws -> Bool {
    guard let subject = try Names.find(stretch.subject, look.db) else { return false }
    let types = try Set(meter.eventTypes.compactMap { try Names.find($0, look.db) })
    var hasSpoken = false
    try EventLog.forEach(of: subject, stretch.period, look.db) { _, record in
      if types.contains(record.type) { hasSpoken = true }
    }
    return hasSpoken
  }

  /// The hour is in the buckets, the time in the log.
  private func last(_ stretches: [SubjectStretch]) throws -> Instant? {
    let series = try MeterSeries.all(of: meter, look.db)
    var last: Instant?
    for stretch in stretches where !stretch.period.isEmpty {
      guard let subject = try Names.find(stretch.subject, look.db) else { continue }
      var hours = stretch.period.hours.lowerBound..<stretch.period.hours.upperBound + 1
      while let hour = try lastHour(of: subject, hours, series) {
        let part = Period(hours: hour..<hour + 1).intersection(stretch.period)
        if let found = try lastEvent(of: subject, part) {
          last = max(last ?? found, found)
          break
        }
        hours = hours.lowerBound..<hour
      }
    }
    return last
  }

  private func lastHour(
    of subject: Int64, _ hours: Range<Int64>, _ series: [MeterSeries]
  ) throws -> Int64? {
    var last: Int64?
    for series in series where !hours.isEmpty {
      let blocks = try BlockReader(meter: series.number, hours, look.db)
      try blocks.forEachHour(
        hours, of: subject, look.db, whole: { _, _, _ in false },
        each: { hour, count, _ in if count > 0 { last = max(last ?? hour, hour) } })
    }
    return last
  }

  private func lastEvent(of subject: Int64, _ period: Period) throws -> Instant? {
    var last: Instant?
    try EventLog.readings(of: meter, subject: subject, period, look.db) { _, record, _, tally in
      if tally.count > 0 { last = max(last ?? record.occurred, record.occurred) }
    }
    return last
  }
}
