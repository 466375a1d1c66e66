package import Base
import Contracts
package import Settlement
package import Workflow

/// Rates months under other rules than those that were agreed, and keeps nothing of it.
package struct SimulationService: Sendable {
  /// Contracts and months that one simulation rates.
  package static let invoicesMax = 1000

  package struct Question: Sendable {
    package let months: ClosedRange<BillingMonth>
    package var customer: CustomerKey?
    package var contract: ContractKey?
    /// Versions of contracts that are to hold throughout.
    package var versions: [ContractKey: Int] = [:]
    /// What a draft of the catalog says.
    package var draft: ProposedObjects?

    package init(_ months: ClosedRange<BillingMonth>) { self.months = months }
  }

  /// What became of one contract in one month.
  package enum Result: Sendable {
    case compared(InvoiceDifference)
    /// One side cannot be rated: which, and why not.
    case parked(ContractKey, BillingMonth, isDraft: Bool, Fault)
  }

  private let home: any Home
  private let zones: any ZoneSource
  private let billing: BillingService

  package init(_ home: any Home, _ zones: any ZoneSource, _ billing: BillingService) {
    self.home = home
    self.zones = zones
    self.billing = billing
  }

  /// The database is only read, in one transaction, so that both sides see the same events.
  package func run(_ question: Question) throws -> [Result] {
    let before = home.agreements
    if question.draft == nil, let contract = question.contract {
      try before.unreadable.check(contract)
    } else {
      try before.unreadable.check(customer: question.draft == nil ? question.customer : nil)
    }
    return try home.read { snapshot in
      let after = try simulated(question, before, snapshot)
      let months = BillingMonth.all(in: question.months)
      let contracts = try contracts(question, after)
      guard contracts.count * months.count <= Self.invoicesMax else {
        throw Fault(
          .limitExceeded,
          "\(contracts.count.counted("contract")) in \(months.count.counted("month")) are more "
            + "than \(Self.invoicesMax) invoices; ask for fewer")
      }
      return try contracts.flatMap { contract in
        try months.compactMap { try compare(contract, $0, before, after, snapshot) }
      }
    }
  }

  private func contracts(
    _ question: Question, _ after: CatalogState
  ) throws(Fault) -> [ContractKey] {
    if let customer = question.customer, after.catalog.customers[customer] == nil {
      throw Fault(.unknownReference, "there is no customer `\(customer)`", at: "/customer")
    }
    if let contract = question.contract, after.catalog.contracts[contract] == nil {
      throw Fault(.unknownReference, "there is no contract `\(contract)`", at: "/contract")
    }
    return after.catalog.contracts.values.filter {
      (question.contract ?? $0.key) == $0.key && (question.customer ?? $0.customer) == $0.customer
    }.map(\.key).sorted()
  }

  /// The catalog as the question would have it.
  private func simulated(
    _ question: Question, _ before: CatalogState, _ snapshot: any Snapshot
  ) throws -> CatalogState {
    var after = before
    if let proposals = question.draft {
      let draft = try CatalogCheck(proposals, before, zones, mayChangeFinal: true, snapshot)
      let meters = zip(proposals.list, draft.changes).filter { proposal, change in
        proposal.kind == .meter && change.effect != .unchanged
      }
      guard meters.isEmpty else {
        throw Faults(
          meters.map { proposal, _ in
            Fault(
              .invalidValue,
              "a simulation counts by the meters as they serve: apply this one before",
              at: proposal.pointer)
          })
      }
      after = draft.after
    }
    for (key, version) in question.versions.sorted(by: { $0.key < $1.key }) {
      do throws(Fault) {
        try after.hold(version, of: key)
      } catch {
        throw error.nested(under: "/versions" + JSON.pointerStep(key.text))
      }
    }
    return after
  }

  /// Nil where neither side has the contract in force.
  private func compare(
    _ contract: ContractKey, _ month: BillingMonth, _ before: CatalogState,
    _ after: CatalogState, _ snapshot: any Snapshot
  ) throws -> Result? {
    var invoices: [Invoice?] = []
    for (isDraft, state) in [(false, before), (true, after)] {
      do {
        let isAgreed = state.catalog.histories[contract] != nil
        invoices.append(
          isAgreed ? try billing.charges(contract, month, RatingContext(state, snapshot)) : nil)
      } catch {
        guard let fault = Fault(parking: error) else { throw error }
        return .parked(contract, month, isDraft: isDraft, fault)
      }
    }
    guard invoices.contains(where: { $0 != nil }) else { return nil }
    do throws(Fault) {
      return .compared(
        try InvoiceDifference(contract, month, before: invoices[0], after: invoices[1]))
    } catch {
      return .parked(contract, month, isDraft: true, error)
    }
  }
}
