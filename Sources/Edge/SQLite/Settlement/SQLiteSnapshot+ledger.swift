import Base
import GRDB
import Settlement
import Workflow

extension SQLiteSnapshot: LedgerSource {
  func creditNotes(_ query: CreditNoteQuery) throws(Fault) -> [StoredCreditNote] {
    try asked {
      switch query {
      case .number(let number): return try CreditNotes.find(number, db).map { [$0] } ?? []
      case .inForce(let contract): return try CreditNotes.inForce(of: contract, db)
      case .list(let number, let invoice, let customer, let after, let limit):
        return try CreditNotes.list(
          number: number, invoice: invoice, customer: customer, after: after, limit: limit, db)
      }
    }
  }

  func lastCreditNotes() throws(Fault) -> [ContractKey: Int64] {
    try asked { try CreditNotes.last(db) }
  }

  func hasCreditNote(
    on contract: ContractKey, afterDraftOf invoice: InvoiceKey
  ) throws(Fault) -> Bool {
    try asked { try InvoiceEvents.hasNote(on: contract, behindDraftOf: invoice, db) }
  }

  func adjustments(_ query: AdjustmentQuery) throws(Fault) -> [StoredAdjustment] {
    try asked {
      switch query {
      case .number(let number): return try Adjustments.find(number, db).map { [$0] } ?? []
      case .period(let contract, let month): return try Adjustments.all(of: contract, month, db)
      case .list(let contract, let month, let after, let limit):
        return try Adjustments.list(
          contract: contract, month: month, after: after, limit: limit, db)
      }
    }
  }

  func payments(of invoice: StoredInvoice) throws(Fault) -> [StoredPayment] {
    try asked { try Payments.all(of: invoice, db) }
  }

  func payment(
    like payment: PaymentEntry, _ amount: Money, as invoice: StoredInvoice
  ) throws(Fault) -> (invoice: String, payment: Int)? {
    try asked { try Payments.same(payment, amount, as: invoice, db) }
  }

  func ledger(_ query: LedgerQuery) throws(Fault) -> [StoredLedgerEntry] {
    try asked { try Ledger.list(query, db) }
  }

  func heldBack(_ contract: ContractKey, through month: BillingMonth) throws(Fault) -> Int64 {
    try asked { try Ledger.heldBack(contract, through: month, db) }
  }
}
