package import Base
import Contracts
import Rating
import Settlement
import Workflow

/// What a contract has earned in a calendar month and nobody has been billed for yet, before tax.
package struct Accrual: Sendable {
  package let contract: ContractKey
  package let customer: CustomerKey
  package let month: BillingMonth
  /// Nil where the contract cannot be rated.
  package let earned: Earned?
  /// Why it cannot be rated; nil where it can.
  package let fault: Fault?
  /// Held back by final invoices up to that month, until the scorecard is settled.
  package let heldBack: Money

  package struct Earned: Sendable {
    /// What the periods that are not final come to through the end of the month, less what they
    /// come to through its start; a recurring fee is earned by time. What late events changed in
    /// final ones stands where the period begins that will bill it.
    package let unbilled: Money
    /// Of that, lines that wait for something, such as an index.
    package let provisional: Money
  }
}

extension BillingService {
  /// For every contract in force in a month, or for one customer's, in the order of their keys; and
  /// for those that have ended and have something left to settle. A contract that cannot be rated
  /// is listed with the reason, for an accrual must not leave anything out.
  package func accruals(
    _ month: BillingMonth, customer: CustomerKey? = nil
  ) throws -> [Accrual] {
    try home.read { snapshot in
      let state = snapshot.agreements
      try state.unreadable.check(customer: customer)
      let context = RatingContext(state, snapshot)
      return try state.catalog.contracts.values.sorted { $0.key < $1.key }
        .filter { customer == nil || $0.customer == customer }
        .compactMap { contract in
          try accrual(of: contract, month, context)
        }
    }
  }

  private func accrual(
    of contract: Contract, _ month: BillingMonth, _ context: RatingContext
  ) throws -> Accrual? {
    let currency = contract.currency
    let held = try Money(
      minor: Int128(context.snapshot.heldBack(contract.key, through: month)), currency)
    func accrual(_ earned: Accrual.Earned?, _ fault: Fault? = nil) -> Accrual {
      Accrual(
        contract: contract.key, customer: contract.customer, month: month, earned: earned,
        fault: fault, heldBack: held)
    }
    do {
      guard let sum = try unbilled(contract, month, context) else { return nil }
      guard sum.isInForce || sum.lineCount > 0 || held.amountMinor != 0 else { return nil }
      return accrual(.init(unbilled: sum.amount, provisional: sum.provisional))
    } catch {
      guard let fault = Fault(parking: error) else { throw error }
      return accrual(nil, fault)
    }
  }

  private func unbilled(
    _ contract: Contract, _ month: BillingMonth, _ context: RatingContext
  ) throws -> AccruedSum? {
    var sum = AccruedSum(contract.currency)
    try sum.add(fees(of: contract, for: month, context))
    let (first, next) = (month.firstDay, month.next.firstDay)
    for period in contract.periods(touching: month) {
      let isFinal = try context.snapshot.newest(contract.key, period)?.status == .final
      guard !isFinal else {
        sum.isInForce = true
        continue
      }
      let days = contract.days(of: month, in: period)
      guard
        let end = try rate(contract.key, period, context, through: days.end, accrued: next)
      else { continue }
      sum.isInForce = true
      try sum.add(end.lines.map { InvoiceLine($0, evidence: []) })
      if let start = days.start {
        let before = try rate(contract.key, period, context, through: start, accrued: first)
        try sum.add(before?.lines.map { InvoiceLine($0, evidence: []) } ?? [], isTakenOff: true)
      } else {
        // Of a fee in arrears the months before have earned their part.
        if feesDue(contract, context)[.arrears] != nil {
          try sum.takeOff(
            fees(of: contract, in: period, from: .beginning, until: first, context))
        }
        try sum.add(
          context.snapshot.adjustments(.period(contract.key, period)).lines()
            + corrections(contract, carriedIn: period, context))
      }
    }
    guard !sum.isInForce else { return sum }
    guard contract.isOver(before: month) else { return nil }
    if try isSettled(contract, in: month, context) {
      try sum.add(closing(contract.key, month, context)?.lines ?? [])
    }
    return sum
  }

  /// What a month earned of fees that other periods charge, and that nobody has been billed for:
  /// those before it in advance, and those after it in arrears.
  private func fees(
    of contract: Contract, for month: BillingMonth, _ context: RatingContext
  ) throws -> AccruedSum {
    var sum = AccruedSum(contract.currency)
    let due = feesDue(contract, context)
    let (first, next, billing) = (month.firstDay, month.next.firstDay, contract.billing)
    let touching = billing.period(holding: first)
    if let months = due[.advance] {
      var period = billing.previous(before: touching)
      while period >= month.advanced(by: -months - billing.length.months) {
        try sum.add(fees(of: contract, in: period, from: first, until: next, context))
        // The calendar begins and ends somewhere.
        guard billing.previous(before: period) < period else { break }
        period = billing.previous(before: period)
      }
    }
    if let months = due[.arrears] {
      var period = billing.next(after: touching)
      while period <= month.advanced(by: months + 1) {
        if billing.firstDay(of: period) >= next {
          try sum.add(fees(of: contract, in: period, from: first, until: next, context))
        }
        guard billing.next(after: period) > period else { break }
        period = billing.next(after: period)
      }
    }
    return sum
  }

  /// What of the fees that a period charges is for the time between two days; nothing of a final
  /// one.
  private func fees(
    of contract: Contract, in period: BillingMonth, from start: CivilDate, until end: CivilDate,
    _ context: RatingContext
  ) throws -> AccruedSum {
    var sum = AccruedSum(contract.currency)
    guard contract.isBilled(in: period),
      try context.snapshot.newest(contract.key, period)?.status != .final
    else { return sum }
    for (day, isTakenOff) in [(end, false), (start, true)] {
      let lines = try rate(contract.key, period, context, accrued: day)?.lines ?? []
      try sum.add(lines.map { InvoiceLine($0, evidence: []) }, isTakenOff: isTakenOff)
    }
    return sum
  }

  /// When fees are charged whose intervals are not just the periods, and for how many months at
  /// most.
  private func feesDue(_ contract: Contract, _ context: RatingContext) -> [RecurringFeeTerms.Due:
    Int]
  {
    let versions = context.state.catalog.histories[contract.key]?.versions ?? []
    let billing = contract.billing
    return versions.flatMap(\.contract.clauses).reduce(into: [:]) { due, clause in
      guard let fee = clause.terms as? RecurringFeeTerms else { return }
      let isPeriod =
        fee.interval == .month && billing.length == .month
        && fee.day ?? contract.from.day == billing.anchorDay
      if !isPeriod { due[fee.due] = max(due[fee.due] ?? 0, fee.interval.monthsMax) }
    }
  }

  /// Whether what comes late behind the end would be settled in that month: where there is a draft,
  /// or else in the first one that is not closed.
  private func isSettled(
    _ contract: Contract, in month: BillingMonth, _ context: RatingContext
  ) throws -> Bool {
    let known = try context.snapshot.statuses(contract.key)
      .filter { contract.isOver(before: $0.key) }
    if let draft = known.filter({ $0.value == .draft }).keys.min() { return draft == month }
    var first = month
    while first.previous < first, contract.isOver(before: first.previous) {
      first = first.previous
    }
    while known[first] == .final, first < first.next { first = first.next }
    return first == month
  }
}

/// What lines come to, and those of them that wait for something.
private struct AccruedSum {
  var isInForce = false
  private(set) var lineCount = 0
  private(set) var amount: Money
  private(set) var provisional: Money

  /// Adds another sum, where that is something.
  mutating func add(_ other: AccruedSum) throws {
    guard other.amount.amountMinor != 0 else { return }
    lineCount += other.lineCount
    amount = try amount + other.amount
    provisional = try provisional + other.provisional
  }

  mutating func takeOff(_ other: AccruedSum) throws {
    amount = try amount - other.amount
    provisional = try provisional - other.provisional
  }

  init(_ currency: Currency) { (amount, provisional) = (.zero(currency), .zero(currency)) }

  mutating func add(_ lines: [InvoiceLine], isTakenOff: Bool = false) throws {
    for line in lines where !line.isCarried {
      let money = try isTakenOff ? -line.rated.amount : line.rated.amount
      lineCount += 1
      amount = try amount + money
      if line.rated.flags.contains(.indexProvisional) { provisional = try provisional + money }
    }
  }
}

extension Contract {
  /// The periods that have days in a calendar month.
  fileprivate func periods(touching month: BillingMonth) -> [BillingMonth] {
    let next = month.next.firstDay
    var periods = [billing.period(holding: month.firstDay)]
    while let last = periods.last, billing.firstDay(of: billing.next(after: last)) < next {
      periods.append(billing.next(after: last))
    }
    return periods.filter(isBilled)
  }

  /// The days of a period that a calendar month has; nil for the bounds of the period.
  fileprivate func days(
    of month: BillingMonth, in period: BillingMonth
  ) -> (start: CivilDate?, end: CivilDate?) {
    let (first, next) = (
      billing.firstDay(of: period), billing.firstDay(of: billing.next(after: period))
    )
    let (start, end) = (month.firstDay, month.next.firstDay)
    // Where the contract begins in the month, that is where the period begins.
    let isStart = start <= max(first, from)
    return (isStart ? nil : start, end < next ? end : nil)
  }
}

extension RecurringFeeTerms.Interval {
  /// How many months it may begin before the one in which it ends.
  fileprivate var monthsMax: Int {
    switch self {
    case .week, .month: 1
    case .quarter: 3
    case .year: 12
    }
  }
}

extension CivilDate {
  /// Before all that is billed.
  fileprivate static let beginning = CivilDate(year: 1, month: 1, day: 2)!
}

extension BillingMonth {
  fileprivate var firstDay: CivilDate { CivilDate(year: year, month: month, day: 1)! }
}
