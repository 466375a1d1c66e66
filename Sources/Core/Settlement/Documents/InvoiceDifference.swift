package import Base
import Contracts
import Rating

/// How a month comes out under two sets of rules, line by line; by the keys of the lines.
package struct InvoiceDifference: Hashable, Sendable {
  package struct Line: Hashable, Sendable {
    package let key: String
    package let description: String
    /// Nil where there is no such line.
    package let before: Money?
    package let after: Money?
    /// After less before; a line that is missing counts nothing.
    package let difference: Money
  }

  package let contract: ContractKey
  package let month: BillingMonth
  /// Those of before in their order, then those that are new.
  package let lines: [Line]
  /// The sums of each side, and how they differ.
  package let total: Line

  /// Nil where the contract is not in force; one of them is there.
  package init(
    _ contract: ContractKey, _ month: BillingMonth, before: Invoice?, after: Invoice?
  ) throws(Fault) {
    let currencies = Set([before, after].compactMap { $0?.total.currency })
    guard currencies.count == 1, let currency = currencies.first else {
      throw Fault(.invalidValue, "amounts in two currencies have no difference")
    }
    self.contract = contract
    self.month = month
    let old = before?.lines.map(\.rated) ?? []
    let new = after?.lines.map(\.rated) ?? []
    var lines: [Line] = []
    for line in old {
      let other = new.first { $0.key == line.key }
      let description = other?.description ?? line.description
      lines.append(try Line(line.key, description, line.amount, other?.amount, currency))
    }
    for line in new where !old.contains(where: { $0.key == line.key }) {
      lines.append(try Line(line.key, line.description, nil, line.amount, currency))
    }
    self.lines = lines
    total = try Line("total", "Total", before?.total, after?.total, currency)
  }

  package var json: JSON {
    .object([
      "contract": .text(contract), "month": .text(month),
      "currency": .text(total.difference.currency), "lines": .array(lines.map(\.json)),
      "before": total.before.map { .text($0) }, "after": total.after.map { .text($0) },
      "difference": .text(total.difference),
    ])
  }
}

extension InvoiceDifference.Line {
  fileprivate init(
    _ key: String, _ description: String, _ before: Money?, _ after: Money?, _ currency: Currency
  ) throws(Fault) {
    self.init(
      key: key, description: description, before: before, after: after,
      difference: try (after ?? .zero(currency)) - (before ?? .zero(currency)))
  }

  fileprivate var json: JSON {
    .object([
      "key": .string(key), "description": .string(description),
      "before": before.map { .text($0) }, "after": after.map { .text($0) },
      "difference": .text(difference),
    ])
  }
}
