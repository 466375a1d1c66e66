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
    /// Of all meters that the contract's clauses have had so far.
    package let meterVersions: [MeterKey: Int]
    package let indexVersions: [IndexSeriesKey: Int]
    package let calendarVersions: [CalendarKey: Int]
    /// The credit notes on earlier months that were known.
    package let creditNotes: [InvoiceNumber]

    package init(
      contractVersion: Int, meterVersions: [MeterKey: Int],
      indexVersions: [IndexSeriesKey: Int] = [:], calendarVersions: [CalendarKey: Int] = [:],
      creditNotes: [InvoiceNumber] = []
    ) {
      self.creditNotes = creditNotes
      self.contractVersion = contractVersion
      self.meterVersions = meterVersions
      self.indexVersions = indexVersions
      self.calendarVersions = calendarVersions
    }
  }

  package let contract: Contract
  /// The versions that took over within the month.
  private let changes: [ContractHistory.Stretch]
  package let customer: Customer
  package let month: BillingMonth
  package let period: Period
  package let zone: ZoneRules
  package let rules: Rules
  package let lines: [InvoiceLine]
  /// Clauses without a line, because too little is known.
  package let unbilled: [UnbilledClause]
  /// The sum of the lines, without what is only carried.
  package let net: Money
  package let taxes: [TaxSum]
  package let tax: Money
  /// What earlier documents left to this one, and what it leaves to the next.
  package let carried: Money
  /// What is due: net, tax and what is carried.
  package let total: Money

  /// `taxes` has those that the contract names. With `carries`, the last line leaves what the
  /// customer is owed to the next document.
  package init(
    contract: Contract, changes: some Sequence<ContractHistory.Stretch> = [], customer: Customer,
    month: BillingMonth, period: Period, zone: ZoneRules, rules: Rules, lines: [InvoiceLine],
    unbilled: [UnbilledClause] = [], taxes: [TaxKey: Tax] = [:], carries: Bool = false
  ) throws(Fault) {
    self.contract = contract
    self.changes = Array(changes)
    self.customer = customer
    self.month = month
    self.period = period
    self.zone = zone
    self.rules = rules
    self.unbilled = unbilled
    var taxed: [InvoiceLine] = []
    var charges = lines.filter { $0.origin == nil }.map(\.rated)
    let day = zone.date(at: period.last)
    for line in lines {
      let line = try line.shared(over: charges)
      if case .adjustment = line.origin { charges.append(line.rated) }
      let isNamed = contract.namesTax(on: line.rated.clause)
      taxed += try line.taxed(isNamed: isNamed) { (clause) throws(Fault) in
        try LineTax(on: clause, day: day, of: contract, for: customer, taxes)
      }
    }
    self.taxes = try TaxSum.sums(taxed.map { ($0.tax, $0.rated.amount) })
    tax = try .sum(self.taxes.map(\.amount), contract.currency)
    net = try .sum(taxed.filter { !$0.isCarried }.map(\.rated.amount), contract.currency)
    let before = try Money.sum(taxed.filter(\.isCarried).map(\.rated.amount), contract.currency)
    let due = try net + tax + before
    if carries, due.amountMinor < 0 {
      taxed.append(InvoiceLine(try .carried(due), evidence: [], keeping: nil))
      (carried, total) = (try before - due, .zero(contract.currency))
    } else {
      (carried, total) = (before, due)
    }
    self.lines = taxed
    for sum in [net, tax, total] { try sum.checkSize() }
    try checkKeys()
  }

  /// What is paid, credited or corrected names its line by the key: two lines of one key are a
  /// fault of the rules that made them, and bill nothing.
  private func checkKeys() throws(Fault) {
    var keys: Set<String> = []
    for line in lines where !keys.insert(line.rated.key).inserted {
      throw Fault(.internalError, "two lines have the key `\(line.rated.key)`")
    }
  }

  /// One contract has one invoice a month: its name says both. One that takes the place of void
  /// ones has the number of the issue behind it, from 2 on.
  package static func key(
    contract: ContractKey, month: BillingMonth, issue: Int = 1
  ) throws(Fault) -> InvoiceKey {
    try InvoiceKey("\(contract)~\(month)" + (issue == 1 ? "" : "~\(issue)"))
  }
}

extension Invoice {
  /// The document as it is kept.
  package var document: JSON {
    .object([
      "customer": ["key": .text(customer.key), "name": .string(customer.name)],
      "contract": .object([
        "key": .text(contract.key), "version": .integer(rules.contractVersion),
        "changes": changes.isEmpty
          ? nil
          : .array(
            changes.map { ["from": .text($0.from), "version": .integer($0.version.number)] }),
      ]),
      "meters": versions(rules.meterVersions),
      "indexSeries": rules.indexVersions.isEmpty ? nil : versions(rules.indexVersions),
      "calendars": rules.calendarVersions.isEmpty ? nil : versions(rules.calendarVersions),
      "creditNotes": rules.creditNotes.isEmpty
        ? nil : .array(rules.creditNotes.map { .text($0) }),
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
      "net": .text(net),
      "taxes": taxes.isEmpty ? nil : .array(taxes.map(\.json)),
      "tax": .text(tax),
      "carried": lines.contains(where: \.isCarried) ? .text(carried) : nil,
      "total": .text(total),
    ])
  }

  /// The versions of the meters that a document names, by their keys.
  package static func meterVersions(of document: JSON) -> [String: Int] {
    let named = (document["meters"]?.elements ?? []).compactMap { meter -> (String, Int)? in
      guard let key = meter["key"]?.stringValue, let version = meter["version"]?.text else {
        return nil
      }
      return Int(version).map { (key, $0) }
    }
    return Dictionary(named) { first, _ in first }
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
