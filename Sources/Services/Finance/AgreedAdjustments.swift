package import Base
import Contracts
package import Settlement
package import Workflow

extension FinanceService {
  /// Reads what an adjustment says, against what is agreed.
  package func adjustment(
    _ node: Node, _ books: any Books
  ) throws -> StoredAdjustment {
    var fields = try FieldReader(node)
    let key = fields.required("contract", ContractKey.read)
    let month = fields.required("month", Node.month)
    let kind: StoredAdjustment.Kind? = fields.required("kind", Node.word)
    let amount = fields.required("amount", Node.decimal)
    let reason = fields.required("reason", Node.label)
    let clause = fields.optional("clause", Node.label)
    guard fields.isValid, let key, let month, let kind, let amount, let reason else {
      throw fields.failure
    }
    let state = books.agreements
    try state.unreadable.check(key)
    let stretches = state.catalog.histories[key]?.inForce(in: month) ?? []
    guard let contract = stretches.last?.contract,
      contract.isBilled(in: month) || contract.isOver(before: month)
    else {
      throw Fault(
        .unknownReference, "there is no contract `\(key)` in \(month)", at: "/contract")
    }
    if let clause, !contract.clauses.contains(where: { $0.key == clause }) {
      throw Fault(.unknownReference, "the contract has no clause `\(clause)`", at: "/clause")
    }
    return StoredAdjustment(
      contract: key, month: month, kind: kind, clause: clause,
      amount: try money(amount, contract.currency), reason: reason,
      author: books.author(nil))
  }

  /// Agrees on an amount for a month that is not closed yet. The next run includes it.
  package func adjust(
    _ adjustment: StoredAdjustment, _ books: any Books
  ) throws -> StoredAdjustment {
    try checkOpen(adjustment.contract, adjustment.month, "adjust a later month", books)
    try adjustment.amount.checkSize()
    return try books.grant(adjustment)
  }

  /// Takes an adjustment back before an invoice that has it is final. The next run leaves it out.
  package func withdrawAdjustment(
    _ number: Int, reason: String, _ books: any Books
  ) throws -> StoredAdjustment {
    guard let adjustment = try books.adjustments(.number(number)).first else {
      throw Fault(.notFound, "there is no adjustment \(number)")
    }
    guard adjustment.withdrawn == nil else {
      throw Fault(.wrongInvoiceStatus, "adjustment \(number) was taken back already")
    }
    try checkOpen(
      adjustment.contract, adjustment.month, "credit the line, or adjust a later month",
      books)
    try books.withdraw(adjustment: number, by: books.author(reason))
    return try books.adjustments(.number(number)).first!
  }

  private func checkOpen(
    _ contract: ContractKey, _ month: BillingMonth, _ advice: String,
    _ books: any Books
  ) throws {
    let newest = try books.newest(contract, month)
    guard let newest, newest.status == .final else { return }
    throw Fault(.invoiceFinal, "\(newest.number!) is final; \(advice)", at: "/month")
  }
}
