import Base
import Contracts
import Metering
import Rating
import Settlement
import Workflow
import YAML

/// The tables of a chapter that say what its clause comes to under every billing cycle, and where
/// something begins, ends or changes inside a period.
///
///     block `periods`   meters, clauses, and `use`, a list of "day meter value [@asset] [#group]",
///                       or of "day meter transition outcome [@asset]"; the table is about the
///                       first clause of the kind of the chapter. `EVERY` is the cycle of the row,
///                       or what `span` says inside it
///
/// The first table has a row for each cycle, and a column for all that may happen inside its first
/// period (`Column`). What a block has under `table` holds for it alone: `use`, and `version`, the
/// terms from 11 January on. The row `week` is a contract that runs from 8 to 15 January and is
/// billed by the month; of a recurring fee, which is for weeks, the first month.
///
/// The second one has what else there is to say:
///
///     every             week, month, quarter, halfYear or year, and the month that names the
///                       period where it is not 2026-01; `week` is that of the fee, by the month
///     inside            - · from DAY · until DAY · version DAY {terms} · without DAY · silent ·
///                       asset DAY [DAY] · elsewhere DAY [DAY] · terms {of the clause} ·
///                       span WORD · through DAY: as if only the time before had passed ·
///                       credited MONTH: all that is left of that period goes back; `;` between
///                       several
///     comes to          the sum of the period's lines, or `unbilled`
///     because           how that figure is found by hand
///
/// In euros and on the calendar of UTC; the contract starts on 2026-01-01 where nothing else is
/// said.
struct PeriodTable {
  /// What happens inside the period, of all that the table of cycles tells.
  enum Column: String, CaseIterable {
    case whole
    case starts = "starts 11 January"
    case ends = "ends 11 January"
    case changes = "changes 11 January"
    case asset = "asset from 11 January"
    case noData = "no data"
    /// What the clause's own lines come to once half of what is left of each charge is credited,
    /// with what the next invoice then corrects; `-` where there is no charge.
    case credited = "half credited"
  }

  struct Row: CustomStringConvertible {
    let every: String
    let month: BillingMonth
    let inside: [[String]]
    let comesTo: String
    fileprivate let use: [Use]

    var description: String {
      "\(every) \(month), " + inside.map { $0.joined(separator: " ") }.joined(separator: "; ")
    }
  }

  fileprivate struct Use {
    let meter: MeterKey
    let time: Instant
    let value: Fixed
    let data: JSON
    let asset: String?
    let group: String
  }

  let rows: [Row]
  /// The table of cycles: in each row a cell for each column.
  let cycles: [[Row]]
  private let meters: [MeterKey: MeterDefinition]
  private let clauses: [JSON]
  /// Which of the clauses it is about.
  private let place: Int

  init(_ chapter: ChapterText, about kind: String) throws {
    let agreed = try YAMLDocument(chapter.block("periods").joined(separator: "\n")).json
    var meters: [MeterKey: MeterDefinition] = [:]
    if case .object(let members)? = agreed["meters"] {
      for member in members {
        let key = try MeterKey(member.name)
        meters[key] = try MeterDefinition(Node(member.value), key: key)
      }
    }
    self.meters = meters
    clauses = agreed["clauses"]?.elements ?? []
    place = clauses.firstIndex { $0["kind"]?.stringValue == kind } ?? 0
    let use = try PeriodTable.use(agreed["use"])
    rows = try chapter.table("every", "inside", "comes to", "because").map { cells in
      let every = cells[0].split(separator: " ").map(String.init)
      return Row(
        every: every[0], month: try BillingMonth(every.count > 1 ? every[1] : "2026-01"),
        inside: cells[1].split(separator: ";").map {
          $0.split(separator: " ", maxSplits: 2).map(String.init)
        }, comesTo: cells[2], use: use)
    }
    let own = try agreed["table"]?["use"].map { try PeriodTable.use($0) } ?? use
    let version = agreed["table"]?["version"]?.text ?? "{}"
    cycles = chapter.table(["every"] + Column.allCases.map(\.rawValue)).map { cells in
      zip(Column.allCases, cells.dropFirst()).map { column, cell in
        Row(
          every: cells[0], month: BillingMonth(year: 2026, month: 1)!,
          inside: PeriodTable.inside(column, of: cells[0], kind, version), comesTo: cell, use: own)
      }
    }
  }

  private static func inside(
    _ column: Column, of every: String, _ kind: String, _ version: String
  ) -> [[String]] {
    let day = "2026-01-11"
    let week =
      every == "week" && kind != "recurringFee"
      ? [["from", "2026-01-08"], ["until", "2026-01-15"]] : []
    return switch column {
    case .whole: week
    case .starts: [["from", day]] + week.dropFirst()
    case .ends: week.dropLast() + [["until", day]]
    case .changes: week + [["version", day, version]]
    case .asset: week + [["asset", day], ["each"]]
    case .noData: week + [["silent"]]
    case .credited: week + [["half"]]
    }
  }

  private static func use(_ list: JSON?) throws -> [Use] {
    try (list?.elements ?? []).map {
      try use(($0.stringValue ?? "").split(separator: " ").map(String.init))
    }
  }

  private static func use(_ words: [String]) throws -> Use {
    func mark(_ sign: Character) -> String? {
      words.dropFirst(3).first { $0.first == sign }.map { String($0.dropFirst()) }
    }
    let day = try Node.date(Node(.string(words[0])))
    let value = try? Fixed(words[2])
    return Use(
      meter: try MeterKey(words[1]), time: ZoneRules.utc.instant(day, secondOfDay: 43_200),
      value: value ?? Fixed(units: 1, places: 0),
      data: value == nil
        ? ["transition": .string(words[2]), "outcome": .string(words[3])] : .null,
      asset: mark("@"), group: mark("#").map { "[\"\($0)\"]" } ?? "")
  }

  /// What the row's period comes to, written as its cell is.
  func outcome(_ row: Row) throws -> String {
    var history = ContractHistory(try contract(row, version: nil))
    for words in row.inside where words[0] == "version" || words[0] == "without" {
      history.append(try contract(row, version: words))
    }
    let billing = history.newest.billing
    var (month, months) = (
      billing.period(holding: billing.month(holding: history.newest.from)), [RatedMonth]()
    )
    while month <= row.month {
      months.append(try rate(history, month, row, before: months))
      if row.inside.contains(["credited", "\(month)"]) {
        let bill = try CreditedBill(history.newest, months[months.count - 1], by: nil)
        months[months.count - 1] = try months[months.count - 1].less(bill.credited)
      }
      month = billing.next(after: month)
    }
    guard let last = months.last, last.month == row.month else { return "no such period" }
    guard !row.inside.contains(["half"]) else {
      return try halfCredited(last, history, row, before: Array(months.dropLast()))
    }
    let sum = try last.sum { _ in true }
    return last.lines.isEmpty && !last.unbilled.isEmpty ? "unbilled" : sum.fixed.grouped
  }

  private func halfCredited(
    _ month: RatedMonth, _ history: ContractHistory, _ row: Row, before: [RatedMonth]
  ) throws -> String {
    guard let bill = try CreditedBill(half: month, history.newest) else { return "-" }
    let known = try rate(
      history, month.month, row, before: before, credited: [month.month: bill.credited])
    let clause = clauses[place]["key"]?.stringValue ?? ""
    return try bill.owed(of: clause, knowing: known).fixed.grouped
  }

  private func rate(
    _ history: ContractHistory, _ month: BillingMonth, _ row: Row, before: [RatedMonth],
    credited: [BillingMonth: Credited] = [:]
  ) throws -> RatedMonth {
    let use = row.inside.contains { $0[0] == "silent" } ? [] : row.use
    let served = try service("asset", row)
    let period = history.newest.billing.period(month, in: .utc)
    let present = served.filter { $0.value.contains { !$0.intersection(period).isEmpty } }
    let cut = row.inside.first { $0[0] == "through" }?[1]
    let run = MonthRating(
      history.inForce(in: month), month, zone: .utc, assets: present.keys.sorted(),
      assignments: served, elsewhere: try service("elsewhere", row), history: history,
      through: month == row.month ? try cut.map { try Node.date(Node(.string($0))) } : nil)
    var answers: [UsageRequest: UsageResult] = [:]
    for request in Set(run.requests) {
      answers[request] = try answer(request, use.filter { counts($0, request.assets, served) })
    }
    let facts = Dictionary(
      uniqueKeysWithValues: Set(run.eventRequests).map { request in
        (request, self.facts(request, use.filter { counts($0, request.assets, served) }))
      })
    return try run.rate(
      UsageTable(answers), EventTable(facts), before: before, credited: credited)
  }

  /// When the one asset that there is serves the contract, or another one.
  private func service(_ word: String, _ row: Row) throws -> [AssetKey: [Period]] {
    var service: [AssetKey: [Period]] = [:]
    for words in row.inside where words[0] == word {
      let days = try words.dropFirst().map { try Node.date(Node(.string($0))) }
      service[try AssetKey("e"), default: []].append(
        Period(
          start: ZoneRules.utc.startOfDay(days[0]),
          end: days.count > 1 ? ZoneRules.utc.startOfDay(days[1]) : .latest))
    }
    return service
  }

  private func counts(_ use: Use, _ assets: [AssetKey]?, _ served: [AssetKey: [Period]]) -> Bool {
    guard let asset = use.asset else { return assets == nil }
    let serves = served.contains { key, stretches in
      key.text == asset && stretches.contains { $0.contains(use.time) }
    }
    return serves && assets.map { $0.contains { $0.text == asset } } ?? true
  }

  private func contract(_ row: Row, version words: [String]?) throws -> Contract {
    func day(_ word: String) -> JSON? {
      row.inside.first { $0[0] == word }.map { .string($0[1]) }
    }
    let every = row.every == "week" ? "month" : row.every
    let span = row.inside.first { $0[0] == "span" }?[1] ?? every
    var clauses = clauses.map { PeriodTable.saying($0, span) }
    if row.inside.contains(["each"]) {
      for place in clauses.indices { merge(["perAsset": true], &clauses, at: place) }
    } else if row.inside.contains(where: { $0[0] == "asset" }) {
      merge(["perAsset": true], &clauses)
    }
    let isFee = clauses[place]["kind"] == "recurringFee"
    if row.every == "week", isFee { merge(["every": "week"], &clauses) }
    for words in row.inside where words[0] == "terms" {
      merge(try YAMLDocument(words.dropFirst().joined(separator: " ")).json, &clauses)
    }
    if let words {
      if words[0] == "without" {
        clauses.remove(at: place)
      } else {
        merge(PeriodTable.saying(try YAMLDocument(words[2]).json, span), &clauses)
      }
    }
    return try Contract(
      Node(
        .object([
          "customer": "acme", "currency": "EUR", "zone": "UTC",
          "billing": ["every": .string(every)], "from": day("from") ?? "2026-01-01",
          "until": day("until"), "effective": words.map { .string($0[1]) },
          "clauses": .array(clauses),
        ])), key: ContractKey("c"))
  }

  /// Puts members in the place of those of a clause; of the one it is about, where none is named.
  private func merge(_ members: JSON, _ clauses: inout [JSON], at place: Int? = nil) {
    let place = place ?? self.place
    guard case .object(let old) = clauses[place], case .object(let new) = members else { return }
    let names = Set(new.map(\.name))
    clauses[place] = .object(old.filter { !names.contains($0.name) } + new)
  }

  /// The same with the cycle of a row in the place of `EVERY`.
  private static func saying(_ json: JSON, _ every: String) -> JSON {
    switch json {
    case .string("EVERY"): .string(every)
    case .array(let elements): .array(elements.map { saying($0, every) })
    case .object(let members):
      .object(members.map { .init($0.name, saying($0.value, every)) })
    default: json
    }
  }

  private func facts(_ request: EventRequest, _ use: [Use]) -> [EventFact] {
    use.enumerated().filter { $1.meter == request.meter && request.period.contains($1.time) }
      .map { place, use in
        EventFact(
          Evidence.Reference(source: "//table", id: "\(place)", occurred: use.time), type: "used",
          subject: use.asset ?? "acme", value: use.value, data: use.data)
      }
  }

  private func answer(_ request: UsageRequest, _ use: [Use]) throws -> UsageResult {
    guard let meter = meters[request.meter] else {
      throw Fault(.unknownReference, "there is no meter `\(request.meter)`")
    }
    let counted = use.filter { $0.meter == request.meter }
    func series(_ use: [Use]) throws -> UsageSeries {
      UsageSeries(
        meter,
        try request.windows.map { window in
          try use.filter { window.contains($0.time) }
            .reduce(into: Usage()) { try $0.add(usage($1, meter)) }
        })
    }
    func parts(_ name: (Use) -> String) throws -> [UsageResult.Part] {
      try Dictionary(grouping: counted, by: name).sorted { $0.key < $1.key }
        .map { .init($0.key, try series($0.value)) }
    }
    switch request.breakdown {
    case nil: return UsageResult(try series(counted))
    case .asset: return UsageResult(try series(counted), parts: try parts { $0.asset ?? "" })
    case .group: return UsageResult(try series(counted), parts: try parts(\.group))
    }
  }

  private func usage(_ use: Use, _ meter: MeterDefinition) throws -> Usage {
    let units = try use.value.ratio.rounded(to: meter.places).units
    func sample(_ rule: SampleSet.Rule, time: Int64 = 0, text: String = "") -> Usage {
      let sample = Sample(time: time, number: Int64(units), text: Array(text.utf8))
      return Usage(Tally(count: 1), .samples(SampleSet(rule, [sample])))
    }
    switch meter.aggregation {
    case .count: return Usage(count: 1)
    case .minimum: return sample(.least)
    case .maximum: return sample(.greatest)
    case .latest: return sample(.latest, time: use.time.microsecondsSinceEpoch)
    case .uniqueCount: return sample(.all, text: use.value.description)
    default: return Usage(count: 1, units: units)
    }
  }
}
