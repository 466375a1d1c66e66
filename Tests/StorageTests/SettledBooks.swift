import Base
import Contracts
import Rating
import Settlement
import TestSupport
import Workflow

@testable import SQLite
@testable import Services
@testable import TimeZones

/// A workspace that is told a history, bills it month by month, and can say what all its invoices
/// together come to, line by line.
struct SettledBooks {
  /// Behind everything that happens; it goes on with everything that is done.
  private var clock = Instant("2014-01-01T00:00:00Z")!

  let workspace: Workspace
  private let agreement: SettledAgreement
  private var untoldVersions: [(from: CivilDate, document: JSON)]
  private var issued: [InvoiceKey: String] = [:]

  /// With `countedAtOnceMax` 0 a meter that changes is counted slice by slice.
  init(_ agreement: SettledAgreement, _ zones: ZoneDatabase, countedAtOnceMax: Int = 1000) throws {
    workspace = try Workspace(
      in: TemporaryFolder(inMemory: true), zones: zones, countedAtOnceMax: countedAtOnceMax)
    self.agreement = agreement
    untoldVersions = agreement.versions
    try put(.customer, "airline", ["name": "An airline"])
    for (key, meter) in SettledMeters.all.sorted(by: { $0.key < $1.key }) {
      try put(.meter, key, meter)
    }
    try put(
      .indexSeries, "labour",
      [
        "places": 1,
        "publications": [["month": "2012-10", "published": "2012-12-01", "value": "100.0"]],
      ])
    try tellVersion()
  }

  private mutating func later() -> Instant {
    clock = clock.advanced(bySeconds: 60)
    return clock
  }

  // MARK: What is told

  private mutating func put(_ kind: CatalogKind, _ key: String, _ json: JSON) throws {
    _ = try workspace.catalogs.put(kind, key, json, expecting: nil, now: later())
  }

  /// The next version of the contract, if there is one.
  mutating func tellVersion() throws {
    guard !untoldVersions.isEmpty else { return }
    try put(.contract, "deal", untoldVersions.removeFirst().document)
  }

  mutating func tell(_ words: [SettledHistory.Word]) async throws {
    var events: [JSON] = []
    for word in words {
      switch word {
      case .event(let event): events.append(event)
      case .asset(let key, let asset): try put(.asset, key, asset)
      case .meter(let key, let meter): try put(.meter, key, meter)
      case .publication(let publication):
        _ = try workspace.catalogs.publish(
          [publication], of: IndexSeriesKey("labour"), now: later())
      }
    }
    if !events.isEmpty { _ = try await workspace.post(events, now: later()) }
  }

  /// A slice of what meters still have to count; false where that is nothing.
  func count() throws -> Bool { try workspace.home.countMeters(eventsMax: 5) }

  // MARK: What is billed

  /// The key of the month's draft, or of its final invoice.
  @discardableResult
  mutating func run(_ month: BillingMonth) throws -> InvoiceKey {
    while let next = untoldVersions.first, next.from < agreement.end(of: month) {
      try tellVersion()
    }
    let result = try workspace.billing.run(month, now: later())[0]
    if let fault = result.faults.first { throw fault }
    return result.invoice!
  }

  /// Finalises a month; the draft may be older than what was told since, but not out of date.
  mutating func close(_ month: BillingMonth, _ random: inout SeededRandom) throws {
    let draft = try workspace.home.read { try $0.newest(ContractKey("deal"), month) }
    let final: StoredInvoice
    if let draft, draft.status != .void, random.chance(40) {
      do {
        final = try finalise(draft.key)
      } catch let fault as Fault where fault.code == .draftOutdated {
        final = try finalise(run(month))
      }
    } else {
      final = try finalise(run(month))
    }
    issued[final.key] = final.document
  }

  private mutating func finalise(_ key: InvoiceKey) throws -> StoredInvoice {
    try workspace.finalise(key, now: later())
  }

  /// Has all that is final counted again by the meters as they are now, in a run of that month.
  mutating func recount(in month: BillingMonth) throws {
    let keys = try finals().filter { $0.status == .final }.map(\.key)
    _ = try workspace.billing.run(
      BillingRequest(.month(month), recount: Set(keys)), by: "finance", now: later())
  }

  /// Takes an invoice back and issues it again, unless a later one rests on it.
  mutating func reissue(_ random: inout SeededRandom) throws {
    guard let old = try finals().randomElement(using: &random) else { return }
    do {
      _ = try workspace.settlement.act(by: "finance", at: later()) {
        try workspace.settlement.void(old.key, reason: "again", $0)
      }
    } catch let fault as Fault where fault.code == .wrongInvoiceStatus {
      return
    }
    let again = try finalise(run(old.month))
    issued[again.key] = again.document
  }

  private func finals() throws -> [StoredInvoice] {
    try workspace.settlement.invoices(
      InvoiceFilter(status: .final), after: nil, limit: 100, at: Workspace.now)
  }

  // MARK: What it comes to

  /// Each line by its month and key, with all that corrects it; of drafts where nothing is final.
  /// What is carried from one document to the next is left out.
  func amounts() throws -> [String: Ratio] {
    var amounts: [String: Ratio] = [:]
    for month in agreement.months {
      let newest = try workspace.home.read { try $0.newest(ContractKey("deal"), month) }
      guard let invoice = newest, invoice.status != .void else { continue }
      let document = try JSON(parsing: Array(invoice.document.utf8))
      for line in document["lines"]?.elements ?? [] {
        let corrected = line["corrects"]
        guard (corrected ?? line)["stage"] != "carried" else { continue }
        let name =
          if let corrected {
            "\(Self.month(corrected["invoice"])) \(corrected["line"]?.stringValue ?? "")"
          } else {
            "\(month) \(line["key"]?.stringValue ?? "")"
          }
        let amount = try Fixed(line["amount"]?.stringValue ?? "").ratio
        amounts[name] = try amounts[name].map { try $0 + amount } ?? amount
      }
    }
    return amounts.filter { $0.value != .zero }
  }

  /// `2013-01` of `deal~2013-01~2`.
  private static func month(_ invoice: JSON?) -> Substring {
    invoice?.stringValue?.split(separator: "~")[1] ?? ""
  }

  /// What was issued is what is kept, and comes out again from its events.
  func complaints(verified: Bool) throws -> [String] {
    var complaints = try issued.keys.sorted { $0.text < $1.text }.filter {
      try workspace.settlement.invoice($0).document != issued[$0]
    }.map { "\($0) was issued and is another now" }
    complaints += try carriedComplaints()
    if verified { complaints += try Verification(workspace.folder, workspace.zones).run().findings }
    return complaints
  }

  /// What a document left to the next one was taken off once: only what the last one left stands.
  private func carriedComplaints() throws -> [String] {
    var (open, left): (Int128, Int128) = (0, 0)
    for final in try finals().sorted(by: { $0.month < $1.month }) {
      let carried = try final.billed().lines.filter(\.isCarried)
      open += carried.reduce(0) { $0 + $1.billed.amount.amountMinor }
      left = carried.first { $0.stage == .carried }?.billed.amount.amountMinor ?? 0
    }
    return open == left ? [] : ["\(open) are carried, and the last invoice leaves \(left)"]
  }
}
