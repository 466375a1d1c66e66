package import Base
package import Contracts
package import Rating
package import Settlement

/// From usage to an invoice for one contract and one month, in order:
///
/// 1. period     the month on the contract's calendar, as far as the contract is in force
/// 2. requests   which windows of which meters the clauses want to know
/// 3. rate       each clause makes its lines from that usage
/// 4. evidence   each line names the events it rests on
/// 5. invoice    the lines and what else the month settles, taxes, sums, the rules that were used
package struct BillingRun: Sendable {
  private let contract: Contract
  private let month: BillingMonth
  private let zone: ZoneRules
  private let windows: RatingWindows

  package init(_ contract: Contract, _ month: BillingMonth, zone: ZoneRules) {
    self.contract = contract
    self.month = month
    self.zone = zone
    windows = RatingWindows(month, term: contract.term(in: zone), zone: zone)
  }

  /// Empty where the contract is not in force during the month.
  package var period: Period { windows.month }

  package var requests: [UsageRequest] {
    contract.clauses.flatMap { clause -> [UsageRequest] in
      switch clause.terms {
      case .severityHours(let terms): SeverityHours.requests(terms, windows)
      case .usageCharge(let terms): UsageCharge.requests(terms, windows)
      case .flatFee: []
      }
    }
  }

  /// `series` has every index series that the contract names.
  package func lines(
    _ usage: UsageTable, _ series: IndexBook = [:]
  ) throws(Fault) -> [RatedLine] {
    var lines: [RatedLine] = []
    for clause in contract.clauses {
      switch clause.terms {
      case .severityHours(let terms):
        lines += try SeverityHours(
          clause.key, terms, in: contract.currency, usage: usage, series: series,
          windows: windows
        ).lines()
      case .usageCharge(let terms):
        lines.append(
          try UsageCharge(
            clause.key, terms, in: contract.currency,
            usage: usage.usage(terms.meter, windows.month)
          ).line())
      case .flatFee(let terms):
        lines.append(
          try FlatFee(clause.key, terms, in: contract.currency, windows: windows).line())
      }
    }
    return lines
  }

  /// The lines, each with the events it rests on.
  package func lines(_ lines: [RatedLine], evidence: [MeterKey: Evidence]) -> [InvoiceLine] {
    lines.map { line in
      InvoiceLine(line, evidence: line.meters.compactMap { evidence[$0] })
    }
  }

  /// `taxes` has those that the contract names.
  package func invoice(
    for customer: Customer, _ lines: [InvoiceLine], rules: Invoice.Rules,
    taxes: [TaxKey: Tax] = [:]
  ) throws(Fault) -> Invoice {
    try Invoice(
      contract: contract, customer: customer, month: month, period: period, zone: zone,
      rules: rules, lines: lines, taxes: taxes)
  }
}
