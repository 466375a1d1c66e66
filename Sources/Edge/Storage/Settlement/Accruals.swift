package import Base
import Contracts
import GRDB
import Rating
import Settlement
import Workflow

/// What a contract has earned in a month and nobody has been billed for yet, before tax.
package struct Accrual: Sendable {
  package let contract: ContractKey
  package let customer: CustomerKey
  package let month: BillingMonth
  /// The draft as it would be now; of a final invoice, what is still to be corrected.
  package let unbilled: Money
  /// Of that, lines that wait for something, such as an index.
  package let provisional: Money
  /// Held back by final invoices up to that month, until the scorecard is settled.
  package let heldBack: Money
}

extension BillingDesk {
  /// For every contract in force in a month, or for one customer's, in the order of their keys; and
  /// for those that have ended and have something left to settle. A contract that cannot be rated
  /// is a fault: an accrual must not leave anything out.
  package func accruals(
    _ month: BillingMonth, customer: CustomerKey? = nil
  ) throws -> [Accrual] {
    let state = catalogs.current
    return try store.pool.read { db in
      let look = Look(state, db)
      return try state.catalog.contracts.values.sorted { $0.key < $1.key }
        .filter { customer == nil || $0.customer == customer }
        .compactMap { contract in
          guard let lines = try unbilled(contract, month, look) else { return nil }
          let currency = contract.currency
          let held = try BillingDesk.heldBack(contract.key, through: month, currency, db)
          guard !contract.isOver(before: month) || !lines.isEmpty || held.amountMinor != 0 else {
            return nil
          }
          return Accrual(
            contract: contract.key, customer: contract.customer, month: month,
            unbilled: try BillingDesk.sum(lines, currency),
            provisional: try BillingDesk.sum(
              lines.filter { $0.rated.flags.contains(.indexProvisional) }, currency),
            heldBack: held)
        }
    }
  }

  private func unbilled(
    _ contract: Contract, _ month: BillingMonth, _ look: Look
  ) throws -> [InvoiceLine]? {
    let newest = try Invoices.newest(contract.key, month, look.db)
    guard let rated = try rate(contract.key, month, look) else {
      guard contract.isOver(before: month) else { return nil }
      guard newest?.status != .final else { return [] }
      return try closing(contract.key, month, look)?.lines ?? []
    }
    guard let newest, newest.status == .final else {
      return try invoice(rated, look).lines
    }
    let later = try Invoices.finals(newest.contract, look.db).filter { $0.key != newest.key }
    return try Corrections(of: newest.billed(), later: later.map { try $0.billed() })
      .lines(rated.invoiceLines)
  }

  private static func sum(_ lines: [InvoiceLine], _ currency: Currency) throws -> Money {
    try lines.filter { !$0.isCarried }.reduce(.zero(currency)) { try $0 + $1.rated.amount }
  }

  private static func heldBack(
    _ contract: ContractKey, through month: BillingMonth, _ currency: Currency, _ db: Database
  ) throws -> Money {
    let minor = try Int64.fetchOne(
      db,
      sql: """
        SELECT coalesce(sum(debit - credit), 0)
        FROM ledger_posting JOIN ledger_entry ON ledger_entry.sequence = entry
          JOIN invoice ON invoice.key = ledger_entry.invoice
        WHERE account = 'contractAsset' AND contract = ? AND month <= ?
        """, arguments: [contract.text, month.description])!
    return Money(minor: Int128(minor), currency)
  }
}
