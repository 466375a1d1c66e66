package import Base
import Contracts
import Rating

/// What usage and each fee of a period came to, which the periods after it are held against.
package struct PeriodCharges: Hashable, Sendable {
  package let month: BillingMonth
  /// How long the contract was in force in it.
  package let seconds: Int64
  /// Of all that meters count, in minor units, before any credit.
  package let usage: Int128
  /// Of usage of earlier periods that came late: corrections. Zero in what is kept.
  package let late: Int128
  /// By the key of the clause.
  package let fees: [String: Int128]

  package init(
    _ month: BillingMonth, seconds: Int64, usage: Int128, late: Int128 = 0,
    fees: [String: Int128] = [:]
  ) {
    self.month = month
    self.seconds = seconds
    self.usage = usage
    self.late = late
    self.fees = fees
  }

  package init(_ invoice: Invoice) {
    var (usage, late, fees) = (Int128(0), Int128(0), [String: Int128]())
    for line in invoice.lines {
      let (rated, minor) = (line.rated, line.rated.amount.amountMinor)
      switch line.origin {
      case .correction(_, _, _, .usage, _, _) where !rated.meters.isEmpty: late += minor
      case nil where rated.stage == .usage && !rated.meters.isEmpty: usage += minor
      case nil where rated.stage == .usage: fees[rated.clause, default: 0] += minor
      default: break
      }
    }
    self.init(
      invoice.month, seconds: invoice.period.microseconds / 1_000_000, usage: usage, late: late,
      fees: fees)
  }

  /// As it is kept beside an invoice.
  package var json: JSON {
    .object([
      "month": .text(month), "seconds": .integer(Int(seconds)), "usage": .string("\(usage)"),
      "fees": .object(
        fees.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string("\($0.value)")) }),
    ])
  }

  /// Reads what `json` writes.
  package init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let month = fields.required("month", Node.month)
    let seconds = fields.required("seconds", Node.integer(in: 0...Int.max))
    let usage = fields.required("usage", Node.decimal)
    var fees: [String: Int128] = [:]
    _ = fields.required("fees") { (node) throws(Fault) in
      guard case .object(let members) = node.json else { throw node.fault("an object") }
      for member in members { fees[member.name] = try Node.decimal(Node(member.value)).units }
    }
    guard fields.isValid, let month, let seconds, let usage else { throw fields.failure }
    self.init(month, seconds: Int64(seconds), usage: usage.units, fees: fees)
  }
}
