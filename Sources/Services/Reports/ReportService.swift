package import Base
import Contracts
import Metering
package import Settlement
package import Valuation
package import Workflow

/// Puts together what both sides see of each other: use, money and the score.
package struct ReportService: Sendable {
  /// The longest stretch one report covers.
  package static let monthsMax = 36

  private let home: any Home
  private let zones: any ZoneSource
  private let usage: UsageService
  private let billing: BillingService

  package init(
    _ home: any Home, _ zones: any ZoneSource, usage: UsageService, billing: BillingService
  ) {
    self.home = home
    self.zones = zones
    self.usage = usage
    self.billing = billing
  }

  /// The report over `months`, or over the last year in which the customer used anything.
  package func report(
    _ customer: CustomerKey, months: ClosedRange<BillingMonth>?
  ) throws -> ValueReport {
    let state = home.agreements
    guard state.catalog.customers[customer] != nil else {
      throw Fault(.notFound, "there is no such customer")
    }
    try state.unreadable.check(customer: customer)
    let contracts = state.catalog.contracts(of: customer)
    let range = try months ?? lastYear(contracts, state)
    let list = range.map { Array(BillingMonth.all(in: $0).suffix(Self.monthsMax)) } ?? []
    return try ValueScoring.report(
      customer, months: try list.map { try month($0, contracts) },
      plan: try range.flatMap { try plan(contracts, $0) })
  }

  /// The month's invoice of every contract, as it is kept, or as it would be now.
  package func documents(
    _ customer: CustomerKey, _ month: BillingMonth
  ) throws -> [(number: InvoiceNumber?, document: JSON)] {
    let state = home.agreements
    try state.unreadable.check(customer: customer)
    return try state.catalog.contracts(of: customer).compactMap { contract in
      if let kept = try current(contract.key, month) {
        return (kept.number, try kept.statement())
      }
      guard case .success(let invoice?) = try running(contract, month) else { return nil }
      return (nil, invoice.document)
    }
  }

  private func month(_ month: BillingMonth, _ contracts: [Contract]) throws -> ValueMonth {
    var totals: [MeterKey: MeteredUsage] = [:]
    var charges: [ValueMonth.Charge] = []
    var unpriced: [ValueMonth.Unpriced] = []
    for contract in contracts {
      try Interruption.check()
      let period = try period(of: contract, month)
      for meter in Set(contract.clauses.flatMap(\.meters)) {
        let more = try usage.usage(meter, contract: contract, period)
        var sum = totals[meter]?.usage ?? Usage()
        sum.add(more.usage)
        totals[meter] = MeteredUsage(more.meter, sum)
      }
      switch try charge(contract, month) {
      case .priced(let charge): charges.append(charge)
      case .unpriced(let fault): unpriced.append(ValueMonth.Unpriced(contract.key, fault))
      case nil: break
      }
    }
    return ValueMonth(
      month, usage: totals.values.sorted { $0.meter.key < $1.meter.key },
      charge: try ReportService.sum(charges), unpriced: unpriced)
  }

  private enum Pricing {
    case priced(ValueMonth.Charge)
    /// The contract cannot be rated.
    case unpriced(Fault)
  }

  /// What the month's invoice comes to before tax or, if none is kept yet, what it would come to
  /// now; nil if there is nothing to bill.
  private func charge(_ contract: Contract, _ month: BillingMonth) throws -> Pricing? {
    if let kept = try current(contract.key, month) {
      return .priced(ValueMonth.Charge(try kept.net(), kept.status == .final ? .final : .draft))
    }
    switch try running(contract, month) {
    case .success(let invoice):
      return invoice.map { .priced(ValueMonth.Charge($0.net, .running)) }
    case .failure(let fault): return .unpriced(fault)
    }
  }

  /// The invoice as it would be now, or why the contract cannot be rated. What cannot be read is no
  /// reason to leave it out of a sum.
  private func running(
    _ contract: Contract, _ month: BillingMonth
  ) throws -> Result<Invoice?, Fault> {
    do {
      return .success(try billing.preview(contract, month))
    } catch {
      guard let fault = Fault(parking: error), !fault.isDamage else { throw error }
      return .failure(fault)
    }
  }

  /// The sum of several contracts is as far as the one that is least far. Amounts in different
  /// currencies have no sum.
  private static func sum(_ charges: [ValueMonth.Charge]) throws -> ValueMonth.Charge? {
    guard let first = charges.first,
      charges.allSatisfy({ $0.amount.currency == first.amount.currency })
    else { return nil }
    let total = try charges.dropFirst().reduce(first.amount) { try $0 + $1.amount }
    let states = charges.map(\.state)
    let state = [ValueMonth.Charge.State.running, .draft].first(where: states.contains) ?? .final
    return ValueMonth.Charge(total, state)
  }

  private func plan(
    _ contracts: [Contract], _ months: ClosedRange<BillingMonth>
  ) throws -> ValueScoring.Plan? {
    guard let contract = contracts.first(where: { $0.value != nil }), let terms = contract.value
    else { return nil }
    let zone = try zones.rules(contract.zone)
    let period = Period(
      start: months.lowerBound.period(in: zone).start,
      end: months.upperBound.period(in: zone).end
    ).intersection(contract.term(in: zone))
    return ValueScoring.Plan(
      used: try usage.usage(terms.used, contract: contract, period),
      planned: try usage.usage(terms.planned, contract: contract, period))
  }

  /// The invoice that holds for a month; nil if there is none, or all are void.
  private func current(
    _ contract: ContractKey, _ month: BillingMonth
  ) throws -> StoredInvoice? {
    let newest = try home.read { try $0.newest(contract, month) }
    return newest?.status == .void ? nil : newest
  }

  private func period(of contract: Contract, _ month: BillingMonth) throws -> Period {
    let zone = try zones.rules(contract.zone)
    return month.period(in: zone).intersection(contract.term(in: zone))
  }

  /// The twelve months up to the last one with usage, as far back as there was any.
  private func lastYear(
    _ contracts: [Contract], _ state: CatalogState
  ) throws -> ClosedRange<BillingMonth>? {
    var months: [BillingMonth] = []
    for contract in contracts {
      let zone = try zones.rules(contract.zone)
      guard let span = try usage.span(of: contract) else { continue }
      months += [span.start, span.end].map { BillingMonth(containing: $0, in: zone) }
    }
    guard let first = months.min(), let last = months.max() else { return nil }
    return max(first, last.advanced(by: -11))...last
  }
}
