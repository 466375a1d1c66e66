import Base
import Contracts
import GRDB
import Metering
import Rating
import Settlement

/// One look at the database, in one transaction, by what is agreed: what does not change while it
/// lasts is read once for all that are rated in it.
final class Look {
  private struct Place: Hashable {
    let meter: MeterDefinition
    let windows: Windows
    let keepsTimelines: Bool
  }

  private struct LatePlace: Hashable {
    let lastEvent: Int64
    let end: Instant
  }

  /// Contracts of one zone ask for the same few windows.
  private static let bucketsMax = 100
  /// Months that others rest on: some years of a contract with all its lines.
  private static let ratedMax = 100

  let state: CatalogState
  let late: LateEvents
  let db: Database
  /// Final invoices whose periods are counted by the meters that serve, though they name others.
  let recounted: Set<InvoiceKey>
  private var buckets: [Place: BucketsByWindow] = [:]
  private var rated: [PeriodOfContract: RatedMonth] = [:]
  private var reasons: [PeriodOfContract: [HoldReason]] = [:]
  private var lateSubjects: [LatePlace: Set<Int64>] = [:]
  /// When a credit note on a contract's invoices was last issued or taken back, in microseconds.
  private lazy var lastNotes = Result { try CreditNotes.last(db) }
  private var documents: [ContractKey: FinalDocuments] = [:]

  private struct PeriodOfContract: Hashable {
    let contract: ContractKey
    let month: BillingMonth
  }

  init(
    _ state: CatalogState, _ db: Database, late: LateEvents? = nil,
    recounting recounted: Set<InvoiceKey> = []
  ) {
    self.state = state
    self.recounted = recounted
    self.late = late ?? LateEvents(state)
    self.db = db
  }

  /// Of a version that serves no more there are none: the log answers for it.
  func buckets(
    _ meter: MeterDefinition, _ windows: Windows, keepingTimelines: Bool
  ) throws -> BucketsByWindow {
    let place = Place(meter: meter, windows: windows, keepsTimelines: keepingTimelines)
    if let known = buckets[place] { return known }
    let made = try BucketsByWindow(
      meter, windows, keepingTimelines: keepingTimelines,
      fromLog: state.meters[meter.key] != meter, db)
    if buckets.count >= Look.bucketsMax { buckets = [:] }
    buckets[place] = made
    return made
  }

  /// What a whole period came to, which periods behind it rest on: rated once for all of them.
  func rated(
    _ contract: ContractKey, _ month: BillingMonth, _ rate: () throws -> RatedMonth
  ) throws -> RatedMonth {
    let place = PeriodOfContract(contract: contract, month: month)
    if let known = rated[place] { return known }
    let made = try rate()
    if rated.count >= Look.ratedMax { rated = [:] }
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
  func mayTouch(_ invoice: KeptInvoice) throws -> Bool {
    // A credit note on another month may change what a month comes to as well. One that came while
    // a run was rating is told by its time; of a clock that stepped back since, the order tells.
    if let last = try lastNotes.get()[invoice.contract.text],
      try last >= invoice.rated.microsecondsSinceEpoch
        || InvoiceEvents.hasNote(on: invoice.contract, behindDraftOf: invoice.key, db)
    {
      return true
    }
    // What a month comes to may rest on those before it.
    if recounted.contains(where: { $0.text.hasPrefix("\(invoice.contract)~") }) { return true }
    switch try late.reason(toLookAt: invoice, db) {
    case nil: return false
    case .other: return true
    // Where the log is to be read for it, it had better be about one of its subjects.
    case .event(let end):
      guard try !pins(invoice.contract, invoice.month).areServing else { return true }
      return try isLate(behind: invoice, before: end)
    }
  }

  private func isLate(behind invoice: KeptInvoice, before end: Instant) throws -> Bool {
    guard let last = invoice.lastEvent, let contract = state.catalog.contracts[invoice.contract]
    else { return true }
    let place = LatePlace(lastEvent: last, end: end)
    let subjects = try lateSubjects[place] ?? LateEvents.subjects(behind: last, before: end, db)
    lateSubjects[place] = subjects
    return try UsageDesk.stretches(contract, .always, state.catalog).contains { stretch in
      try Names.find(stretch.subject, db).map(subjects.contains) ?? false
    }
  }

  /// The final documents of a contract.
  func documents(of contract: ContractKey) throws -> FinalDocuments {
    try credited(contract) ?? FinalDocuments(contract, hasNotes: false, db)
  }

  /// The final documents of a contract that credit notes are on; nil where there are none.
  func credited(_ contract: ContractKey) throws -> FinalDocuments? {
    guard try lastNotes.get()[contract.text] != nil else { return nil }
    if let known = documents[contract] { return known }
    let made = try FinalDocuments(contract, db)
    documents[contract] = made
    return made
  }
}
