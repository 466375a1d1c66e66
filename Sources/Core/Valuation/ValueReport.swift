package import Base
package import Metering

/// What one customer and its provider see of a stretch of months: use, money, and the score.
package struct ValueReport: Hashable, Sendable {
  package let customer: CustomerKey
  package let months: [ValueMonth]
  package let score: Score
  /// Which of the customer's own figures stand for a dimension's measure, in words.
  package let basis: [Dimension: String]

  /// Months are in order of time, each at most once.
  package init(
    customer: CustomerKey, months: [ValueMonth], score: Score, basis: [Dimension: String] = [:]
  ) {
    precondition(
      zip(months, months.dropFirst()).allSatisfy { $0.month < $1.month },
      "the months of a report are in order")
    self.customer = customer
    self.months = months
    self.score = score
    self.basis = basis
  }

  package var json: JSON {
    [
      "customer": .text(customer),
      "months": .array(months.map(\.json)),
      "valueScore": score.json,
      "basis": .object(
        Dimension.allCases.compactMap { dimension in
          basis[dimension].map { JSON.Member(dimension.id, .string($0)) }
        }),
    ]
  }
}

/// One month of a report.
package struct ValueMonth: Hashable, Sendable {
  /// How far the month's invoice has come, and what it amounts to.
  package struct Charge: Hashable, Sendable {
    package enum State: String, CaseIterable, Sendable {
      case final, draft
      /// The month is not over yet: the amount so far.
      case running
    }

    package let amount: Money
    package let state: State

    package init(_ amount: Money, _ state: State) {
      self.amount = amount
      self.state = state
    }
  }

  /// A contract that could not be priced, with the reason: the month's amount lacks it.
  package struct Unpriced: Hashable, Sendable {
    package let contract: ContractKey
    package let fault: Fault

    package init(_ contract: ContractKey, _ fault: Fault) {
      self.contract = contract
      self.fault = fault
    }
  }

  package let month: BillingMonth
  /// One for each meter; a meter that has nothing to say about the month is absent.
  package let usage: [MeteredUsage]
  /// Nil where nothing could be priced: that is not an amount of zero.
  package let charge: Charge?
  package let unpriced: [Unpriced]

  package init(
    _ month: BillingMonth, usage: [MeteredUsage], charge: Charge?, unpriced: [Unpriced] = []
  ) {
    self.month = month
    self.usage = usage
    self.charge = charge
    self.unpriced = unpriced
  }

  fileprivate var json: JSON {
    .object([
      "month": .text(month),
      "usage": .array(usage.map(\.json)),
      "amount": charge.map { .text($0.amount) },
      "currency": charge.map { .text($0.amount.currency) },
      "amountState": charge.map { .string($0.state.rawValue) },
      "unpriced": unpriced.isEmpty ? nil : .array(unpriced.map(\.json)),
    ])
  }
}

extension ValueMonth.Unpriced {
  fileprivate var json: JSON {
    [
      "contract": .text(contract), "code": .string(fault.code.rawValue),
      "detail": .string(fault.detail),
    ]
  }
}

extension MeteredUsage {
  fileprivate var json: JSON {
    ["meter": .text(meter.key), "value": .decimal(value), "unit": .string(unit.name)]
  }
}
