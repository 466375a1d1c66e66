import Base
import Contracts
import Metering
import Rating
import Settlement
import Workflow

/// One snapshot, by what is agreed, and what all that are rated in it have in common: that is read
/// once. What is agreed may be a draft of the catalog, which nobody has agreed on yet.
final class RatingContext {
  /// Months that others rest on: some years of a contract with all its lines.
  private static let ratedMax = 100

  let state: CatalogState
  let late: LateEvents
  let snapshot: any Snapshot
  /// Final invoices whose periods are counted by the meters that serve, though they name others.
  let recounted: Set<InvoiceKey>
  private var rated: [PeriodOfContract: RatedMonth] = [:]
  private var reasons: [PeriodOfContract: [HoldReason]] = [:]
  /// When a credit note on a contract's invoices was last issued or taken back, in microseconds.
  private lazy var lastNotes = Result { try snapshot.lastCreditNotes() }
  private var documents: [ContractKey: FinalDocuments] = [:]

  private struct PeriodOfContract: Hashable {
    let contract: ContractKey
    let month: BillingMonth
  }

  init(
    _ state: CatalogState, _ snapshot: any Snapshot, late: LateEvents? = nil,
    recounting recounted: Set<InvoiceKey> = []
  ) {
    self.state = state
    self.recounted = recounted
    self.late = late ?? LateEvents(state)
    self.snapshot = snapshot
  }

  /// What a whole period came to, which periods behind it rest on: rated once for all of them.
  func rated(
    _ contract: ContractKey, _ month: BillingMonth, _ rate: () throws -> RatedMonth
  ) throws -> RatedMonth {
    let place = PeriodOfContract(contract: contract, month: month)
    if let known = rated[place] { return known }
    let made = try rate()
    if rated.count >= RatingContext.ratedMax { rated = [:] }
    rated[place] = made
    return made
  }

  /// What the events of a period say that somebody must look at; found where its evidence is read.
  func note(_ found: [HoldReason], _ contract: ContractKey, _ month: BillingMonth) {
    reasons[PeriodOfContract(contract: contract, month: month)] = found
  }

  func reasons(_ contract: ContractKey, _ month: BillingMonth) -> [HoldReason] {
    reasons[PeriodOfContract(contract: contract, month: month)] ?? []
  }

  /// Whether anything came behind an invoice that may change it.
  func mayAffect(_ invoice: StoredInvoice) throws -> Bool {
    // A credit note on another month may change what a month comes to as well. One that came while
    // a run was rating is told by its time; of a clock that stepped back since, the order tells.
    if let last = try lastNotes.get()[invoice.contract],
      try last >= invoice.rated.microsecondsSinceEpoch
        || snapshot.hasCreditNote(on: invoice.contract, afterDraftOf: invoice.key)
    {
      return true
    }
    // What a month comes to may rest on those before it.
    if recounted.contains(where: { $0.text.hasPrefix("\(invoice.contract)~") }) { return true }
    switch try late.reason(toLookAt: invoice, snapshot) {
    case nil: return false
    case .other: return true
    // Where the log is to be read for it, it had better be about one of its subjects.
    case .event(let end):
      guard try !pins(invoice.contract, invoice.month).areServing else { return true }
      return try isLate(behind: invoice, before: end)
    }
  }

  private func isLate(behind invoice: StoredInvoice, before end: Instant) throws -> Bool {
    guard let last = invoice.lastEvent, let contract = state.catalog.contracts[invoice.contract]
    else { return true }
    let subjects = state.catalog.stretches(of: contract, in: .always).map(\.subject)
    return try snapshot.isLate(subjects, after: last, before: end)
  }

  /// The final documents of a contract.
  func documents(of contract: ContractKey) throws -> FinalDocuments {
    try credited(contract) ?? FinalDocuments(contract, hasNotes: false, snapshot)
  }

  /// The final documents of a contract that credit notes are on; nil where there are none.
  func credited(_ contract: ContractKey) throws -> FinalDocuments? {
    guard try lastNotes.get()[contract] != nil else { return nil }
    if let known = documents[contract] { return known }
    let made = try FinalDocuments(contract, snapshot)
    documents[contract] = made
    return made
  }
}

extension RatingContext {
  /// Those of a period of a contract.
  func pins(_ contract: ContractKey, _ month: BillingMonth) throws -> MeterPins {
    guard state.hasNewMeters else { return .serving }
    guard let named = try snapshot.meterVersions(contract, month),
      !recounted.contains(named.invoice), named.versions != .null
    else { return .serving }
    return try MeterPins(named.versions, state)
  }

  /// Whether all meters that a draft rests on are the versions that serve.
  func hasServingMeters(_ draft: StoredInvoice) throws -> Bool {
    guard state.hasNewMeters else { return true }
    let document = try JSON(parsing: Array(draft.document.utf8))
    return try MeterPins(document["meters"] ?? .null, state).areServing
  }

  /// The meter as it serves, or as it was in the version that is pinned.
  func meter(_ key: MeterKey, _ pins: MeterPins) throws -> MeterDefinition {
    guard let version = pins.versions[key] else { return try state.meter(key) }
    guard let entry = try snapshot.catalog(.version(.meter, key.text, version)).first else {
      throw Fault(.unknownReference, "there is no version \(version) of meter `\(key)`")
    }
    return try MeterDefinition(Node(entry.document), key: key)
  }

  /// All meters, those that are pinned as they were.
  func meters(_ pins: MeterPins) throws -> MeterSet {
    guard !pins.areServing else { return state.meters }
    let others = state.meters.meters.filter { pins.versions[$0.key] == nil }
    return MeterSet(try others + pins.versions.keys.sorted().map { try meter($0, pins) })
  }
}
