import Base
import Contracts
import Metering
import Rating
import Settlement
import Workflow

/// What a line of an invoice rests on: the events that its meters counted, of those whom it is for,
/// in the time and the group that it is for, as they stood when the invoice was rated; and what
/// still held from before. What a correction line rests on is what the line that it corrects does
/// now. A line that cannot be rated any more is told by what its document says of it.
struct LineBasis {
  /// What became of an event between a line and its correction.
  enum Change: String {
    case came, changed, went
  }

  /// A meter, and what of it counts.
  private struct Part {
    let meter: MeterDefinition
    let stretches: [SubjectStretch]
    let times: [Period]?
    let group: String?
    let events: Set<Evidence.Reference>?
    /// The samples that it rests on, by the subjects, where the meter remembers some.
    let samples: [String: Set<Sample>]
  }

  let key: String
  var stretches: [SubjectStretch] { parts.flatMap(\.stretches) }
  /// The last event of the log that it may rest on.
  let last: Int64
  /// Of a correction line, the last that had been settled before; nil of every other line.
  let since: Int64?
  private var parts: [Part] = []
  private let state: CatalogState

  /// Nil where the line rests on no events. `rated` is what the lines of its period rest on now.
  init?(
    _ line: JSON, _ origin: LineOrigin, of invoice: StoredInvoice,
    _ rated: (period: Period, bases: [String: [Evidence.Basis]])?, _ state: CatalogState,
    _ snapshot: any Snapshot
  ) throws {
    guard let key = line["key"]?.stringValue,
      let contract = state.catalog.contracts[invoice.contract]
    else { return nil }
    let meters = LineBasis.meters(line, origin)
    guard !meters.isEmpty, let period = origin.period else { return nil }
    self.key = key
    self.state = state
    last = invoice.lastEvent ?? .max
    since = origin.since
    var bases = rated?.bases[origin.key] ?? []
    // What events a correction came of, the time says; those that count now are only some of them.
    if origin.since != nil {
      bases = bases.map { $0.events == nil ? $0 : Evidence.Basis($0.meter, assets: $0.assets) }
    }
    if bases.isEmpty {
      let assets = LineBasis.assets(origin, contract.key, state)
      bases = meters.compactMap { try? MeterKey($0) }.sorted()
        .map { Evidence.Basis($0, assets: assets, in: period) }
    }
    parts = try bases.compactMap { basis in
      try LineBasis.part(basis, contract, rated?.period ?? period, state, snapshot)
    }
  }

  /// Those of which the documents say that the line rests on their events.
  static func meters(_ line: JSON, _ origin: LineOrigin) -> Set<String> {
    let named = (line["evidence"]?.elements ?? []) + (origin.line["evidence"]?.elements ?? [])
    return Set(named.compactMap { $0["meter"]?.stringValue })
  }

  private static func part(
    _ basis: Evidence.Basis, _ contract: Contract, _ period: Period, _ state: CatalogState,
    _ snapshot: any Snapshot
  ) throws -> Part? {
    guard let meter = state.meters[basis.meter] else { return nil }
    let stretches = state.catalog.stretches(of: basis, contract, in: period)
    var samples: [String: Set<Sample>] = [:]
    if meter.aggregation.memory != nil {
      for stretch in stretches {
        let times = stretch.parts(of: basis.times)
        guard !times.isEmpty else { continue }
        samples[stretch.subject, default: []].formUnion(
          try snapshot.samples(
            of: meter, subject: stretch.subject, group: basis.group, in: times))
      }
    }
    return Part(
      meter: meter, stretches: stretches, times: basis.times, group: basis.group,
      events: basis.events.map { Set($0) }, samples: samples)
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
    let now = event.content(inLogThrough: last).flatMap { counts($0, event) ? $0 : nil }
    guard let since else { return (now != nil, nil) }
    let before = event.content(inLogThrough: since).flatMap { counts($0, event) ? $0 : nil }
    switch (before, now) {
    case (nil, nil): return (false, nil)
    case (nil, _): return (true, .came)
    case (_, nil): return (true, .went)
    case (let before, let now): return (true, before == now ? nil : .changed)
    }
  }

  private func counts(_ content: LoggedEvent.Content, _ event: EventHistory) -> Bool {
    guard
      parts.contains(where: { part in
        part.stretches.contains { $0.subject == content.subject }
      })
    else { return false }
    var readings = MeterReadings()
    Array(content.type.utf8).withUnsafeBytes { type in
      Array((content.data ?? "").utf8).withUnsafeBytes { data in
        _ = state.meters.read(type: type, data: data, at: content.occurred, into: &readings)
      }
    }
    return readings.all(at: content.occurred).contains { reading in
      parts.contains { part in counts(reading, part, content, event) }
    }
  }

  private func counts(
    _ reading: Reading, _ part: Part, _ content: LoggedEvent.Content, _ event: EventHistory
  ) -> Bool {
    guard state.meters.meters[reading.meter].key == part.meter.key,
      part.group == nil || part.group == reading.group
    else { return false }
    if let events = part.events {
      let reference = Evidence.Reference(
        source: event.source.name, id: event.id, occurred: content.occurred)
      guard events.contains(reference) else { return false }
    }
    // The samples are those that stand now: of what was corrected since, the time must do.
    if part.meter.aggregation.memory != nil,
      let sample = part.meter.sample(of: reading, source: event.source.number),
      let subject = content.subject, event.content(inLogThrough: .max) == content
    {
      return part.samples[subject]?.contains(sample) ?? false
    }
    return part.stretches.contains { stretch in
      stretch.subject == content.subject
        && (part.times ?? [stretch.period]).contains {
          reading.tally(in: $0.intersection(stretch.period)) != nil
        }
    }
  }

  /// The UTC hours in which an event may lie that it rests on.
  var hours: ClosedRange<Int64> {
    let reach = parts.map(\.meter.aggregation.reachSeconds).max() ?? 0
    let bounds = stretches.map { ($0.period.start, $0.period.end) }
    let earlier = parts.flatMap { $0.samples.values.flatMap { $0.map(\.time) } }.min()
      .flatMap { Instant(microsecondsSinceEpoch: $0) }
    let start = ([earlier].compactMap(\.self) + bounds.map(\.0)).min() ?? .earliest
    let end = (bounds.map(\.1).max() ?? .latest).advanced(bySeconds: Int64(reach))
    return Period(start: start, end: end).hours
  }
}

/// Where a line comes from: itself, or what it corrects.
struct LineOrigin {
  let line: JSON
  /// The key of the line that a clause made, of which it may be the part of one tax.
  let key: String
  let month: BillingMonth
  let period: Period?
  /// The last event that was settled before a correction; nil where the line is none.
  let since: Int64?
}

/// The lines of an invoice with their origins; what they correct is read once.
struct LineOrigins {
  private let invoice: StoredInvoice
  private let document: JSON
  private var corrected: [String: Corrected?] = [:]

  private struct Corrected {
    let document: JSON
    let month: BillingMonth
    let since: Int64
  }

  init(_ invoice: StoredInvoice) throws {
    self.invoice = invoice
    document = try invoice.statement()
  }

  var lines: [JSON] { document["lines"]?.elements ?? [] }

  mutating func origin(of line: JSON, _ snapshot: any Snapshot) throws -> LineOrigin {
    guard let corrects = line["corrects"], let key = corrects["invoice"]?.stringValue,
      let other = try corrected(key, snapshot)
    else {
      return LineOrigin(
        line: line, key: LineOrigins.key(line), month: invoice.month,
        period: LineOrigins.period(line["period"] ?? document["period"]), since: nil)
    }
    let own = other.document["lines"]?.elements?.first {
      $0["key"] == corrects["line"] || $0["partOf"] == corrects["line"]
    }
    return LineOrigin(
      line: own ?? line, key: corrects["line"]?.stringValue ?? "", month: other.month,
      period: LineOrigins.period(own?["period"] ?? line["period"] ?? other.document["period"]),
      since: other.since)
  }

  private static func key(_ line: JSON) -> String {
    (line["partOf"] ?? line["key"])?.stringValue ?? ""
  }

  private mutating func corrected(_ key: String, _ snapshot: any Snapshot) throws -> Corrected? {
    if let known = corrected[key] { return known }
    let found = try snapshot.find(InvoiceKey(key)).map { other in
      // Each correction settles what had come until then.
      let settled = try snapshot.invoices(.finals(invoice.contract)).filter { final in
        final.key != invoice.key && (final.lastEvent ?? 0) < (invoice.lastEvent ?? .max)
          && final.document.contains("\"corrects\":{\"invoice\":\"\(key)\"")
      }
      return Corrected(
        document: try other.statement(), month: other.month,
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
