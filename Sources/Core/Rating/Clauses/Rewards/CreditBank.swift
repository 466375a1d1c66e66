import Base
import Contracts

/// Credits that a cap cut off and that are still to be paid out: the oldest first, until they
/// expire.
struct CreditBank {
  private let monthCount: Int
  private let currency: Currency
  /// In the order of their months, the last ones of their periods, none of them zero.
  private var entries: [(month: BillingMonth, amount: Int128)] = []

  /// As it stands at the start of the period.
  init(
    _ terms: CoCreationCreditTerms, _ scope: ClauseScope, _ before: [RatedMonth]
  ) throws(Fault) {
    monthCount = terms.bankMonths ?? 0
    currency = scope.currency
    guard terms.bankMonths != nil else { return }
    for month in before {
      expire(in: month.month)
      let banked = try month.sum { $0.key == "\(scope.key)/\(CoCreationCreditTerms.banked)" }
      let paid = try month.sum { $0.key == "\(scope.key)/\(CoCreationCreditTerms.paid)" }
      if banked.amountMinor > 0 {
        put(banked, scope.windows.billing.next(after: month.month).previous)
      }
      _ = take(upTo: try .zero(currency) - paid)
    }
    expire(in: scope.windows.billingMonth)
  }

  mutating func put(_ amount: Money, _ month: BillingMonth) {
    entries.append((month, amount.amountMinor))
  }

  mutating func take(upTo limit: Money) -> Money {
    var left = max(0, limit.amountMinor)
    var taken: Int128 = 0
    while left > 0, let oldest = entries.first {
      let part = min(left, oldest.amount)
      taken += part
      left -= part
      if part == oldest.amount {
        entries.removeFirst()
      } else {
        entries[0].amount -= part
      }
    }
    return Money(minor: taken, currency)
  }

  func balance() throws(Fault) -> Money {
    var sum = Money.zero(currency)
    for entry in entries { sum = try sum + Money(minor: entry.amount, currency) }
    return sum
  }

  /// What was banked in January for two months is gone in April.
  private mutating func expire(in month: BillingMonth) {
    entries.removeAll { $0.month.advanced(by: monthCount) < month }
  }
}
