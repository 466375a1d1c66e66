import Base
import GRDB
import Settlement
import Workflow

extension SQLiteSnapshot: InvoiceSource {
  func invoices(_ query: InvoiceQuery) throws(Fault) -> [StoredInvoice] {
    try asked {
      switch query {
      case .keys(let keys): return try keys.compactMap { try Invoices.find($0, db) }
      case .newest(let contract, let month):
        return try Invoices.newest(contract, month, db).map { [$0] } ?? []
      case .finals(let contract): return try Invoices.finals(contract, db)
      case .endingAfter(let contract, let moment, let onlyCorrecting, let limit):
        return try Invoices.ending(
          after: moment, contract, onlyCorrecting: onlyCorrecting, limit: limit, db)
      case .list(let filter, let after, let limit):
        return try Invoices.list(filter, after: after, limit: limit, db)
      }
    }
  }

  func history(_ key: InvoiceKey) throws(Fault) -> [JSON] {
    try asked { try InvoiceEvents.bodies(of: key, db) }
  }

  func outlines(_ contract: ContractKey) throws(Fault) -> [InvoiceOutline] {
    try asked { try Invoices.outlines(contract, db) }
  }

  func statuses(_ contract: ContractKey) throws(Fault) -> [BillingMonth: InvoiceStatus] {
    try asked { try Invoices.statuses(contract, db) }
  }

  func isClosed(_ contract: ContractKey, _ month: BillingMonth) throws(Fault) -> Bool {
    try asked { try Invoices.isClosed(contract, month, db) }
  }

  func charges(
    of contract: ContractKey, before month: BillingMonth
  ) throws(Fault) -> [PeriodCharges] {
    try asked { try Invoices.charges(of: contract, before: month, db) }
  }

  func meterVersions(
    _ contract: ContractKey, _ month: BillingMonth
  ) throws(Fault) -> (invoice: InvoiceKey, versions: JSON)? {
    try asked { try Invoices.meterVersions(contract, month, db) }
  }

  func recounted() throws(Fault) -> [ContractKey: BillingMonth] {
    try asked { try InvoiceEvents.recounted(db) }
  }

  func heldCount() throws(Fault) -> Int {
    try asked { try Int.fetchOne(db, sql: "SELECT count(*) FROM invoice WHERE is_held")! }
  }
}
