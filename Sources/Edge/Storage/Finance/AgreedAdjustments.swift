package import Base
import Contracts
import GRDB
import Settlement

extension SettlementDesk {
  /// Reads what an adjustment says, against what is agreed.
  package func adjustment(
    _ node: Node, _ transaction: MoneyTransaction
  ) throws -> KeptAdjustment {
    var fields = try FieldReader(node)
    let key = fields.required("contract", ContractKey.read)
    let month = fields.required("month", Node.month)
    let kind: KeptAdjustment.Kind? = fields.required("kind", Node.word)
    let amount = fields.required("amount", Node.decimal)
    let reason = fields.required("reason", Node.label)
    let clause = fields.optional("clause", Node.label)
    guard fields.areSound, let key, let month, let kind, let amount, let reason else {
      throw fields.failure
    }
    let state = catalogs.current
    try state.unreadable.check(key)
    let stretches = state.catalog.histories[key]?.inForce(in: month) ?? []
    guard let contract = stretches.last?.contract,
      contract.isBilled(in: month) || contract.isOver(before: month)
    else {
      throw Fault(
        .danglingReference, "there is no contract `\(key)` in \(month)", at: "/contract")
    }
    if let clause, !contract.clauses.contains(where: { $0.key == clause }) {
      throw Fault(.danglingReference, "the contract has no clause `\(clause)`", at: "/clause")
    }
    return KeptAdjustment(
      contract: key, month: month, kind: kind, clause: clause,
      amount: try money(amount, contract.currency), reason: reason,
      author: transaction.author(nil))
  }
}
