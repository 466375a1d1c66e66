import Base
import Contracts
import GRDB
import Metering
import Settlement

/// What a line of an invoice rests on: the events that its meters counted, of those whom it is for
/// and in the time that it is for, as they stood when the invoice was rated. What a correction line
/// rests on is what the line that it corrects does now.
struct LineBasis {
  /// What became of an event between a line and its correction.
  enum Change: String {
    case came, changed, went
  }

  let key: String
  let stretches: [SubjectStretch]
  /// The last event of the log that it may rest on.
  let last: Int64
  /// Of a correction line, the last that had been settled before; nil of every other line.
  let since: Int64?
  private let meters: Set<String>
  private let state: CatalogState

  /// Nil where the line rests on no events.
  init?(_ line: JSON, _ origin: LineOrigin, of invoice: KeptInvoice, _ state: CatalogState) {
    guard let key = line["key"]?.stringValue,
      let contract = state.catalog.contracts[invoice.contract]
    else { return nil }
    let named = (line["evidence"]?.elements ?? []) + (origin.line["evidence"]?.elements ?? [])
    meters = Set(named.compactMap { $0["meter"]?.stringValue })
    guard !meters.isEmpty, let period = origin.period else { return nil }
    self.key = key
    self.state = state
    last = invoice.lastEvent ?? .max
    since = origin.since
    stretches = UsageDesk.stretches(
      contract, period, state.catalog, of: LineBasis.assets(origin, contract.key, state))
  }

  /// Those that the line is for, or that its clause names; nil for all.
  private static func assets(
    _ origin: LineOrigin, _ contract: ContractKey, _ state: CatalogState
  ) -> [AssetKey]? {
    if let asset = origin.line["asset"]?.stringValue { return (try? AssetKey(asset)).map { [$0] } }
    let clauses = state.catalog.histories[contract]?.inForce(in: origin.month)
      .flatMap(\.contract.clauses)
    let clause = clauses?.last { $0.key == origin.line["clause"]?.stringValue }
    return clause.flatMap { $0.assets.isEmpty ? nil : $0.assets }
  }

  /// Whether the line rests on an event, or would not be what it is without it; and what became of
  /// the event since the line that it corrects.
  func holds(_ event: EventHistory) -> (isPart: Bool, change: Change?) {
    let now = event.content(inLogThrough: last).flatMap { counts($0) ? $0 : nil }
    guard let since else { return (now != nil, nil) }
    let before = event.content(inLogThrough: since).flatMap { counts($0) ? $0 : nil }
    switch (before, now) {
    case (nil, nil): return (false, nil)
    case (nil, _): return (true, .came)
    case (_, nil): return (true, .went)
    case (let before, let now): return (true, before == now ? nil : .changed)
    }
  }

  private func counts(_ content: LoggedEvent.Content) -> Bool {
    let periods = stretches.filter { $0.subject == content.subject }.map(\.period)
    guard !periods.isEmpty else { return false }
    var readings = MeterReadings()
    Array(content.type.utf8).withUnsafeBytes { type in
      Array((content.data ?? "").utf8).withUnsafeBytes { data in
        _ = state.meters.read(type: type, data: data, at: content.occurred, into: &readings)
      }
    }
    return readings.all(at: content.occurred).contains { reading in
      meters.contains(state.meters.meters[reading.meter].key.text)
        && periods.contains { reading.tally(in: $0) != nil }
    }
  }

  /// The UTC hours in which an event may lie that it rests on.
  var hours: ClosedRange<Int64> {
    let reach =
      meters.compactMap { (try? MeterKey($0)).flatMap { state.meters[$0] } }
      .map(\.aggregation.reachSeconds).max() ?? 0
    let bounds = stretches.map { ($0.period.start, $0.period.end) }
    let start = bounds.map(\.0).min() ?? .earliest
    let end = (bounds.map(\.1).max() ?? .latest).advanced(bySeconds: Int64(reach))
    return Period(start: start, end: end).hours
  }
}

/// Where a line comes from: itself, or what it corrects.
struct LineOrigin {
  let line: JSON
  let month: BillingMonth
  let period: Period?
  /// The last event that was settled before a correction; nil where the line is none.
  let since: Int64?
}

/// The lines of an invoice with their origins; what they correct is read once.
struct LineOrigins {
  private let invoice: KeptInvoice
  private let document: JSON
  private var corrected: [String: Corrected?] = [:]

  private struct Corrected {
    let document: JSON
    let month: BillingMonth
    let since: Int64
  }

  init(_ invoice: KeptInvoice) throws {
    self.invoice = invoice
    document = try JSON(parsing: Array(invoice.document.utf8))
  }

  var lines: [JSON] { document["lines"]?.elements ?? [] }

  mutating func origin(of line: JSON, _ db: Database) throws -> LineOrigin {
    guard let corrects = line["corrects"], let key = corrects["invoice"]?.stringValue,
      let other = try corrected(key, db)
    else {
      return LineOrigin(
        line: line, month: invoice.month,
        period: LineOrigins.period(line["period"] ?? document["period"]), since: nil)
    }
    let own = other.document["lines"]?.elements?.first { $0["key"] == corrects["line"] }
    return LineOrigin(
      line: own ?? line, month: other.month,
      period: LineOrigins.period(own?["period"] ?? line["period"] ?? other.document["period"]),
      since: other.since)
  }

  private mutating func corrected(_ key: String, _ db: Database) throws -> Corrected? {
    if let known = corrected[key] { return known }
    let found = try Invoices.find(InvoiceKey(key), db).map { other in
      // Each correction settles what had come until then.
      let settled = try Invoices.finals(invoice.contract, db).filter { final in
        final.key != invoice.key && (final.lastEvent ?? 0) < (invoice.lastEvent ?? .max)
          && final.document.contains("\"corrects\":{\"invoice\":\"\(key)\"")
      }
      return Corrected(
        document: try JSON(parsing: Array(other.document.utf8)), month: other.month,
        since: ([other] + settled).compactMap(\.lastEvent).max() ?? 0)
    }
    corrected[key] = .some(found)
    return found
  }

  private static func period(_ json: JSON?) -> Period? {
    guard let start = json?["start"]?.stringValue.flatMap({ Instant($0) }),
      let end = json?["end"]?.stringValue.flatMap({ Instant($0) })
    else { return nil }
    return Period(start: start, end: end)
  }
}
