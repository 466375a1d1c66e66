import Base
import Contracts
import Metering
import Pages
import Services
import Settlement
import Valuation
import Workflow

/// Fills the pages of account managers from reports and invoices.
struct CustomerPages {
  private let services: ServerContext

  init(_ services: ServerContext) { self.services = services }

  func list(_ customers: [Customer]) throws -> CustomersView {
    let reports = try customers.map { ($0, try services.reports.report($0.key, months: nil)) }
    let months = reports.flatMap { $0.1.months.map(\.month) }
    return CustomersView(
      workspace: Self.workspace,
      months: months.min().flatMap { first in months.max().map { first...$0 } },
      rows: try reports.map(row), notice: notice(customers))
  }

  func report(_ customer: Customer) throws -> CustomerView {
    let report = try services.reports.report(customer.key, months: nil)
    let hours = hoursMeters(of: customer.key)
    let months = try report.months.map { try month($0, report.customer, hours) }
    let last = report.months.last(where: { $0.charge?.state != .running }) ?? report.months.last
    return CustomerView(
      workspace: Self.workspace, key: customer.key, name: customer.name,
      contract: services.catalogs.current.catalog.contracts(of: customer.key).map(summary),
      score: ScoreView(report.score),
      dimensions: Dimension.allCases.map { dimension in
        DimensionView(
          dimension, report.score.readings[dimension], measuredAs: report.basis[dimension])
      },
      months: months, lines: try last.map { try lines(customer.key, $0.month) } ?? [],
      notice: notice([customer], report))
  }

  private static let workspace = "Value reports"

  /// The notes of all contracts that the figures rest on, each once.
  private func notice(_ customers: [Customer], _ report: ValueReport? = nil) -> String? {
    let catalog = services.catalogs.current.catalog
    let notes = customers.flatMap { catalog.contracts(of: $0.key) }.compactMap(\.note)
    let all = Set(notes).sorted() + (report.map(CustomerPages.unpriced) ?? [])
    return all.isEmpty ? nil : all.joined(separator: " ")
  }

  /// The contracts that could not be priced, each with the last month for which that is so.
  private static func unpriced(_ report: ValueReport) -> [String] {
    var last: [ContractKey: (month: BillingMonth, fault: Fault)] = [:]
    for month in report.months {
      for unpriced in month.unpriced { last[unpriced.contract] = (month.month, unpriced.fault) }
    }
    return last.sorted { $0.key < $1.key }.map { contract, unpriced in
      "Contract \(contract) could not be priced for \(unpriced.month): \(unpriced.fault.detail)."
    }
  }

  private func row(_ customer: Customer, _ report: ValueReport) throws -> CustomersView.Row {
    let meters = hoursMeters(of: customer.key)
    let hours = try report.months.compactMap { try self.hours($0, meters) }
    let charges = report.months.compactMap(\.charge)
    let currencies = Set(charges.map(\.amount.currency))
    let amount =
      currencies.count == 1
      ? try charges.dropFirst().reduce(charges[0].amount) { try $0 + $1.amount } : nil
    let total = try hours.reduce(Ratio.zero) { try $0 + $1.ratio }
    return CustomersView.Row(
      key: customer.key, name: customer.name,
      hours: hours.isEmpty ? nil : try total.rounded(to: 4),
      amount: amount,
      states: MonthStates(
        charges.map { MonthView.State($0.state) }, unpriced: report.months.count - charges.count),
      score: ScoreView(report.score))
  }

  /// The meters of running time that the customer's contracts price.
  private func hoursMeters(of customer: CustomerKey) -> Set<MeterKey> {
    let state = services.catalogs.current
    let (contracts, meters) = (state.catalog.contracts(of: customer), state.meters)
    return Set(contracts.flatMap(\.clauses).flatMap(\.terms.timeMeters)).filter { meter in
      meters[meter]?.unit.countPerHour != nil
    }
  }

  private func hours(_ month: ValueMonth, _ meters: Set<MeterKey>) throws -> Fixed? {
    var total: Ratio?
    for usage in month.usage where meters.contains(usage.meter.key) {
      guard let perHour = usage.unit.countPerHour, let time = try? usage.value.ratio else {
        continue
      }
      total = try (total ?? .zero) + time / Ratio(perHour)
    }
    return try total?.rounded(to: 4)
  }

  private func month(
    _ month: ValueMonth, _ customer: CustomerKey, _ meters: Set<MeterKey>
  ) throws -> MonthView {
    let documents = try services.reports.documents(customer, month.month)
    let cycles = month.usage.filter { !meters.contains($0.meter.key) }
    return MonthView(
      month: month.month, hours: try hours(month, meters),
      cycles: cycles.count == 1 ? cycles[0].value.shown : nil,
      severity: documents.count == 1 ? CustomerPages.severity(documents[0].document) : nil,
      amount: month.charge?.amount, state: MonthView.State(month.charge?.state ?? .running),
      invoiceNumber: documents.count == 1 ? documents[0].number?.description : nil)
  }

  /// The factor that the month's first line was rated with, where it has one.
  private static func severity(_ document: JSON) -> Fixed? {
    let steps = document["lines"]?.elements?.first?["derivation"]?["steps"]?.elements ?? []
    let step = steps.first { $0["name"]?.stringValue == "severity" }
    return step?["rounded"]?.stringValue.flatMap { try? Fixed($0) }
  }

  private func lines(_ customer: CustomerKey, _ month: BillingMonth) throws -> [WaterfallView] {
    try services.reports.documents(customer, month).flatMap { _, document in
      let currency = try Currency(document["currency"]?.stringValue ?? "")
      return try (document["lines"]?.elements ?? []).map { line in
        try WaterfallView(
          title: line["description"]?.stringValue ?? "", month: month,
          bars: (line["waterfall"]?.elements ?? []).map { bar in
            let amount = try Fixed(bar["amount"]?.stringValue ?? "")
            return WaterfallView.Bar(
              label: bar["label"]?.stringValue ?? "", amount: Money(minor: amount.units, currency))
          },
          sentence: line["derivation"]?["sentence"]?.stringValue ?? "")
      }
    }
  }

  private func summary(_ contract: Contract) -> String {
    let until = contract.until.map { " until \($0)" } ?? ""
    let clauses = contract.clauses.map { $0.terms.summary(in: contract.currency) }
    return "\(contract.key), from \(contract.from)\(until): \(clauses.joined(separator: "; "))"
  }
}

extension MonthView.State {
  fileprivate init(_ state: ValueMonth.Charge.State) {
    self =
      switch state {
      case .final: .final
      case .draft: .draft
      case .running: .running
      }
  }
}

extension ScoreView {
  fileprivate init(_ score: Score) {
    self.init(
      composite: score.composite.map {
        Composite(
          points: $0.points, customer: $0.customer, provider: $0.provider,
          quadrant: Quadrant($0.quadrant))
      },
      customerCoverage: score.customerCoverage, providerCoverage: score.providerCoverage,
      missing: Dimension.allCases.filter { score.readings[$0] == nil }.map(\.name))
  }
}

extension ScoreView.Quadrant {
  fileprivate init(_ quadrant: Valuation.Quadrant) {
    self =
      switch quadrant {
      case .mutual: .mutual
      case .providerFunded: .providerFunded
      case .extractive: .extractive
      case .dormant: .dormant
      }
  }
}

extension DimensionView {
  /// `measuredAs` says which of the customer's own meters stand for the measure.
  fileprivate init(_ dimension: Dimension, _ reading: Score.Reading?, measuredAs basis: String?) {
    self.init(
      id: dimension.id, name: dimension.name,
      side: dimension.side == .customer ? .customer : .provider,
      reading: reading.map {
        Reading(
          measure: "\($0.measure.shortened) \(basis ?? dimension.measure)", points: $0.points)
      },
      evidence: dimension.evidence)
  }
}

extension Fixed {
  /// To four places, for people.
  fileprivate var shortened: Fixed { (try? ratio.rounded(to: 4)) ?? self }
}
