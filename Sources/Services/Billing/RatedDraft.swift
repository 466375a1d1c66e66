import Base
import Contracts
import Rating
import Settlement
import Workflow

/// What the clauses of a contract make of one month, as things stand.
struct RatedDraft {
  let run: MonthRating
  let contract: Contract
  let customer: Customer
  let lines: [RatedLine]
  let rules: Invoice.Rules
  let unbilled: [UnbilledClause]
  let silent: [SilentMeter]
  let pins: MeterPins
  var evidence: [Evidence.Basis: Evidence] = [:]
  var silentAssets: [SilentAssets] = []

  var invoiceLines: [InvoiceLine] { MonthRating.lines(lines, evidence: evidence) }
}
