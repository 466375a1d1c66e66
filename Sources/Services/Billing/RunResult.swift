package import Base
import Contracts
package import Settlement
import Workflow

/// What a run made of one contract.
package struct RunResult: Sendable {
  package enum Outcome: String, Sendable {
    /// A draft was written, or written anew.
    case drafted
    /// The draft stands as it was.
    case unchanged
    /// The draft, written now or before, was given its number by this run.
    case finalised
    /// The invoice is final. Where something has changed since that no other invoice carries yet,
    /// `difference` says what the next one corrects.
    case final
    /// Something stands in the way; the other contracts went on.
    case parked
    /// There was a draft, and there is nothing left to settle with it.
    case withdrawn
  }

  package let contract: ContractKey
  /// Nil where the contract cannot be read, and nothing else names it.
  package let customer: CustomerKey?
  package let month: BillingMonth
  package let outcome: Outcome
  package let invoice: InvoiceKey?
  package let total: Money?
  package let difference: Money?
  /// Why it is parked, or was left open.
  package let faults: [Fault]
  /// What somebody should look at, or must before the draft is finalised.
  package var reasons: [HoldReason] = []
  package var isHeld = false
  /// What else there is to say of the period, and stands in nobody's way.
  package var notes: [Fault] = []
  /// What the invoice says and, once it is final, its number and when it is due.
  package var net: Money?
  package var tax: Money?
  package var number: InvoiceNumber?
  package var due: CivilDate?
}

extension RunResult.Outcome {
  init(_ outcome: StoredDraft.Outcome) {
    switch outcome {
    case .drafted: self = .drafted
    case .unchanged: self = .unchanged
    case .final: self = .final
    }
  }
}

extension RunResult {
  init(
    _ contract: Contract, _ month: BillingMonth, _ outcome: Outcome, _ invoice: InvoiceKey? = nil,
    total: Money? = nil, faults: [Fault] = [], reasons: [HoldReason] = [], isHeld: Bool = false
  ) {
    self.init(
      contract: contract.key, customer: contract.customer, month: month, outcome: outcome,
      invoice: invoice, total: total, difference: nil, faults: faults, reasons: reasons,
      isHeld: isHeld)
  }

  /// The same, with what kept the draft from being finalised.
  func with(_ fault: Fault) -> RunResult {
    copy(as: outcome, faults: [fault])
  }

  /// The same, now that the draft is final.
  func with(_ final: StoredInvoice) -> RunResult {
    var result = copy(as: .finalised, faults: [])
    (result.number, result.due) = (final.number, final.account.due)
    return result
  }

  private func copy(as outcome: Outcome, faults: [Fault]) -> RunResult {
    Self(
      contract: contract, customer: customer, month: month, outcome: outcome, invoice: invoice,
      total: total, difference: difference, faults: faults, reasons: reasons, isHeld: isHeld,
      notes: notes, net: net, tax: tax, number: number, due: due)
  }

  /// What a final invoice says.
  mutating func show(_ final: StoredInvoice) throws {
    let billed = try final.billed()
    (net, tax) = (try final.net(), billed.tax)
    (number, due) = (final.number, final.account.due)
  }
}
