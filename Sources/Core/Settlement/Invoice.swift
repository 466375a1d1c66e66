package import Base
package import Contracts
package import Rating

/// What a customer owes for one contract and one month.
///
/// The same events and the same rules give the same `document`, byte for byte, on any machine and
/// any day: nothing in it depends on the clock.
package struct Invoice: Hashable, Sendable {
  /// Which version of what was agreed the invoice was computed under.
  package struct Rules: Hashable, Sendable {
    package let contractVersion: Int
    package let meterVersions: [MeterKey: Int]
    package let indexVersions: [IndexSeriesKey: Int]

    package init(
      contractVersion: Int, meterVersions: [MeterKey: Int],
      indexVersions: [IndexSeriesKey: Int] = [:]
    ) {
      self.contractVersion = contractVersion
      self.meterVersions = meterVersions
      self.indexVersions = indexVersions
    }
  }

  package let contract: Contract
  package let customer: Customer
  package let month: BillingMonth
  package let period: Period
  package let zone: ZoneRules
  package let rules: Rules
  package let lines: [InvoiceLine]
  /// Clauses without a line, because too little is known.
  package let unbilled: [Unbilled]
  package let total: Money

  package init(
    contract: Contract, customer: Customer, month: BillingMonth, period: Period, zone: ZoneRules,
    rules: Rules, lines: [InvoiceLine], unbilled: [Unbilled] = []
  ) throws(Fault) {
    self.contract = contract
    self.customer = customer
    self.month = month
    self.period = period
    self.zone = zone
    self.rules = rules
    self.lines = lines
    self.unbilled = unbilled
    var total = Money.zero(contract.currency)
    for line in lines { total = try total + line.rated.amount }
    self.total = total
  }

  /// One contract has one invoice a month: its name says both.
  package static func key(
    contract: ContractKey, month: BillingMonth
  ) throws(Fault) -> InvoiceKey {
    try InvoiceKey("\(contract)~\(month)")
  }
}

extension Invoice {
  /// The document as it is kept.
  package var document: JSON {
    .object([
      "customer": ["key": .text(customer.key), "name": .string(customer.name)],
      "contract": ["key": .text(contract.key), "version": .integer(rules.contractVersion)],
      "meters": versions(rules.meterVersions),
      "indexSeries": rules.indexVersions.isEmpty ? nil : versions(rules.indexVersions),
      "month": .text(month),
      "period": [
        "start": .text(period.start), "end": .text(period.end), "zone": .string(zone.name),
        "offsets": .array(
          zone.offsets(in: period).map {
            ["from": .text($0.from), "seconds": .integer($0.seconds)]
          }),
      ],
      "currency": .text(contract.currency),
      "lines": .array(lines.map(\.json)),
      "unbilled": unbilled.isEmpty ? nil : .array(unbilled.map(\.json)),
      "total": .text(total),
    ])
  }

  private func versions<Kind>(_ versions: [Key<Kind>: Int]) -> JSON {
    .array(
      versions.sorted { $0.key < $1.key }
        .map { ["key": .text($0.key), "version": .integer($0.value)] })
  }
}

extension ZoneRules {
  /// The offsets in force during the period: the rules that were used, kept with the document.
  fileprivate func offsets(in period: Period) -> [(from: Instant, seconds: Int64)] {
    let inside = changes.filter {
      period.start.secondsSinceEpoch < $0.secondsSinceEpoch
        && $0.secondsSinceEpoch < period.end.secondsSinceEpoch
    }
    return [(period.start, offsetSeconds(at: period.start))]
      + inside.map { (Instant(clampingSeconds: $0.secondsSinceEpoch), $0.offsetSeconds) }
  }
}
