import Base
import Contracts
import Metering
import Rating
import Settlement
import Workflow

/// Gathers what the pure `DraftReview` needs, when a draft is written: ingest pays nothing for it.
extension BillingService {
  func draft(
    _ rated: RatedDraft, _ context: RatingContext, lastEvent: Int64
  ) throws -> InvoiceDraft {
    try draft(invoice(rated, context), rated, context, lastEvent: lastEvent)
  }

  /// The draft of an invoice with what it is held for: what its own events say, and those of every
  /// period that it corrects.
  func draft(
    _ invoice: Invoice, _ rated: RatedDraft?, _ context: RatingContext, lastEvent: Int64
  ) throws -> InvoiceDraft {
    let (contract, charges) = (invoice.contract, PeriodCharges(invoice))
    var months: Set<BillingMonth> = [invoice.month]
    for line in invoice.lines {
      if case .correction(_, _, _, _, let month, _) = line.origin { months.insert(month) }
    }
    let isNothing = invoice.lines.allSatisfy { $0.rated.amount.amountMinor == 0 }
    let before = try context.snapshot.charges(of: contract.key, before: invoice.month)
    let silent =
      try rated.map {
        try silences(of: $0, holding: isNothing, context) + assetSilences(of: $0, context)
      } ?? []
    let review = DraftReview(contract)
    let goodwill = try review.goodwill(on: invoice).map { [$0] } ?? []
    let reasons = review.reasons(
      events: months.sorted().flatMap { context.reasons(contract.key, $0) },
      others: silent + goodwill,
      charges: charges,
      before: before)
    return InvoiceDraft(invoice, lastEvent: lastEvent, reasons: reasons, charges: charges)
  }

  private func silences(
    of rated: RatedDraft, holding: Bool, _ context: RatingContext
  ) throws -> [HoldReason] {
    try rated.silent.filter { !$0.isAgreed }.compactMap { silent in
      try SilentMeterHistory(
        silent.meter, of: silent.assets, rated.contract, rated.run.period, context
      ).last(
        since: rated.contract.term(in: zones.rules(rated.contract.zone)).start
      ).map {
        DraftReview.silence(of: silent.meter, in: silent.clause, since: $0, holds: holding)
      }
    }
  }
}

extension BillingService {
  /// Of assets that used to speak, where others still do: whatever the draft comes to, it is less
  /// than it may be.
  private func assetSilences(of rated: RatedDraft, _ context: RatingContext) throws -> [HoldReason]
  {
    let start = try rated.contract.term(in: zones.rules(rated.contract.zone)).start
    return try rated.silentAssets.filter { $0.policy != .zero }.compactMap { silent in
      let last = try silent.assets.compactMap { asset in
        try SilentMeterHistory(silent.meter, of: [asset], rated.contract, rated.run.period, context)
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
private struct SilentMeterHistory {
  private let meter: MeterDefinition
  private let contract: Contract
  private let assets: [AssetKey]?
  private let period: Period
  private let context: RatingContext

  init(
    _ meter: MeterKey, of assets: [AssetKey]?, _ contract: Contract, _ period: Period,
    _ context: RatingContext
  ) throws {
    self.meter = try context.state.meter(meter)
    self.contract = contract
    self.period = period
    self.context = context
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
    return try context.snapshot.silence(SilenceQuery(meter, of: now, since: before))
  }

  private func stretches(_ period: Period) -> [SubjectStretch] {
    context.state.catalog.stretches(of: contract, in: period, assets: assets)
  }
}
