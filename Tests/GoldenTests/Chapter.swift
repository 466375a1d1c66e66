import Base
import Contracts
import Metering
import Rating
import Workflow
import YAML

/// The worked example of a chapter of Documentation/Clauses, or one written the same way: clauses
/// in YAML, what the meters read, and the lines that come of it.
///
///     usage     meter unit when value [@asset] [#task]   `2026-04 daily` is a reading a day
///               assigned asset from [until]              when an asset serves the contract
///     lines     month key amount [flags]
struct Chapter {
  struct Reading {
    let meter: String
    let unit: String
    let occurred: Instant
    let value: Fixed
    let asset: String?
    let task: String?
  }

  struct Unreadable: Error { let text: String }

  let contract: Contract
  let readings: [Reading]
  let assignments: [AssetKey: [Period]]
  /// Month, line, amount and flags.
  let expected: [[String]]

  init(_ text: String) throws { try self.init(ChapterText(text)) }

  init(_ text: ChapterText) throws {
    contract = try Chapter.contract(
      YAMLDocument(text.block("yaml").joined(separator: "\n")).json)
    var readings: [Reading] = []
    var assignments: [AssetKey: [Period]] = [:]
    for words in text.rows("usage") {
      if words[0] == "assigned" {
        let days = try words.dropFirst(2).map { try Node.date(Node(.string($0))) }
        assignments[try AssetKey(words[1]), default: []].append(
          Period(
            start: ZoneRules.utc.startOfDay(days[0]),
            end: days.count > 1 ? ZoneRules.utc.startOfDay(days[1]) : .latest))
      } else {
        readings += try Chapter.readings(words)
      }
    }
    self.readings = readings
    self.assignments = assignments
    expected = text.rows("lines")
  }

  /// In euros and on the calendar of UTC, where nothing else is said.
  private static func contract(_ yaml: JSON) throws -> Contract {
    guard case .object(let members) = yaml else { throw Unreadable(text: yaml.text) }
    let names = Set(members.map(\.name))
    let usual: [JSON.Member] = [
      .init("customer", "acme"), .init("currency", "EUR"), .init("zone", "UTC"),
    ]
    let document = JSON.object(usual.filter { !names.contains($0.name) } + members)
    return try Contract(Node(document), key: ContractKey("acme-1"))
  }

  private static func readings(_ words: [String]) throws -> [Reading] {
    let isDaily = words.count > 3 && words[3] == "daily"
    let value = words.indices.contains(isDaily ? 4 : 3) ? words[isDaily ? 4 : 3] : ""
    let marks = words.dropFirst(isDaily ? 5 : 4)
    func mark(_ sign: Character) -> String? {
      marks.first { $0.first == sign }.map { String($0.dropFirst()) }
    }
    var days: [CivilDate] = []
    if isDaily {
      let month = try BillingMonth(words[2])
      let first = month.firstDay.daysSinceEpoch
      days = (first..<month.next.firstDay.daysSinceEpoch).map(CivilDate.init(daysSinceEpoch:))
    } else {
      days = [try Node.date(Node(.string(words[2])))]
    }
    let fixed = try Fixed(value.replacing(",", with: ""))
    return days.map { day in
      Reading(
        meter: words[0], unit: words[1], occurred: ZoneRules.utc.instant(day, secondOfDay: 43_200),
        value: fixed, asset: mark("@"), task: mark("#"))
    }
  }
}

extension Chapter {
  private func run(_ month: BillingMonth) -> MonthRating {
    let period = month.period(in: .utc)
    let assets = assignments.filter { _, stretches in
      stretches.contains { !$0.intersection(period).isEmpty }
    }
    return MonthRating(
      contract, month, zone: .utc, assets: assets.keys.sorted(), assignments: assignments)
  }

  /// Each month from the first one of the contract on, rated on all that was read; `credited` is
  /// what credit notes took back.
  func months(
    through last: BillingMonth, credited: [BillingMonth: Credited] = [:]
  ) throws -> [RatedMonth] {
    let first = BillingMonth(year: contract.from.year, month: contract.from.month)!
    var months: [RatedMonth] = []
    for month in BillingMonth.all(in: first...last) {
      let run = self.run(month)
      let table = UsageTable(try answers(run.requests))
      months.append(
        try run.rate(
          table, before: months.filter { $0.month >= run.reach },
          credited: credited.filter { $0.key <= month }))
    }
    return months
  }

  /// The lines of the months that the example tells of, written as it does.
  func lines() throws -> [[String]] {
    let told = try Set(expected.map { try BillingMonth($0[0]) })
    guard let last = told.max() else { return [] }
    return ChapterText.rows(of: try months(through: last).filter { told.contains($0.month) })
  }

  private func answers(_ requests: [UsageRequest]) throws -> [UsageRequest: UsageResult] {
    var answers: [UsageRequest: UsageResult] = [:]
    for request in requests { answers[request] = try answer(request) }
    return answers
  }

  private func answer(_ request: UsageRequest) throws -> UsageResult {
    let all = readings.filter { $0.meter == request.meter.text }
    let meter = MeterDefinition(
      key: request.meter, eventTypes: ["read"],
      aggregation: .sum(try NumberTerms(value: "/value", places: 6)),
      unit: MeasureUnit(all.first?.unit ?? "h"))
    let counted = all.filter { reading in
      let serves =
        reading.asset.map { asset in
          assignments.contains { key, stretches in
            key.text == asset && stretches.contains { $0.contains(reading.occurred) }
          }
        } ?? true
      let isAsked = request.assets?.contains { $0.text == reading.asset } ?? true
      return serves && isAsked
    }
    func series(_ readings: [Reading]) throws -> UsageSeries {
      UsageSeries(
        meter,
        try request.windows.map { window in
          try readings.filter { window.contains($0.occurred) }.reduce(into: Usage()) {
            let units = try $1.value.ratio.rounded(to: 6).units
            $0.add(Usage(count: 1, units: units))
          }
        })
    }
    func parts(_ name: (Reading) -> String?) throws -> [UsageResult.Part] {
      try Dictionary(grouping: counted) { name($0) ?? "" }.sorted { $0.key < $1.key }
        .map { UsageResult.Part($0.key, try series($0.value)) }
    }
    switch request.breakdown {
    case nil: return UsageResult(try series(counted))
    case .asset: return UsageResult(try series(counted), parts: try parts(\.asset))
    case .group: return UsageResult(try series(counted), parts: try parts(\.task))
    }
  }
}
