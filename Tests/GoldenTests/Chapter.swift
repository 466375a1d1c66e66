import Base
import Contracts
import Foundation
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
  /// As they stand in the text, each with single spaces.
  let expected: [String]

  init(_ text: String) throws {
    let yaml = try YAMLDocument(try Chapter.block("yaml", of: text).joined(separator: "\n")).json
    contract = try Chapter.contract(yaml)
    var readings: [Reading] = []
    var assignments: [AssetKey: [Period]] = [:]
    for row in try Chapter.block("usage", of: text) {
      let words = row.split(separator: " ").map(String.init)
      guard let first = words.first else { continue }
      if first == "assigned" {
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
    expected = try Chapter.block("lines", of: text).map {
      $0.split(separator: " ").joined(separator: " ")
    }.filter { !$0.isEmpty }
  }

  /// The first block that is fenced with that word behind its fence.
  private static func block(_ word: String, of text: String) throws -> [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let start = lines.firstIndex(of: "```\(word)"),
      let length = lines[(start + 1)...].firstIndex(of: "```")
    else { throw Unreadable(text: "no block of \(word)") }
    return Array(lines[(start + 1)..<length])
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
  private func run(_ month: BillingMonth) -> BillingRun {
    let period = month.period(in: .utc)
    let assets = assignments.filter { _, stretches in
      stretches.contains { !$0.intersection(period).isEmpty }
    }
    return BillingRun(
      contract, month, zone: .utc, assets: assets.keys.sorted(), assignments: assignments)
  }

  /// Each month from the first one of the contract on, rated on all that was read.
  func months(through last: BillingMonth) throws -> [RatedMonth] {
    let first = BillingMonth(year: contract.from.year, month: contract.from.month)!
    var months: [RatedMonth] = []
    for month in BillingMonth.all(in: first...last) {
      let run = self.run(month)
      let table = UsageTable(try answers(run.requests))
      months.append(
        try run.rate(table, before: months.filter { $0.month >= run.reach }))
    }
    return months
  }

  /// The lines of the months that the example tells of, written as it does.
  func lines() throws -> [String] {
    let told = Set(expected.compactMap { $0.split(separator: " ").first.map(String.init) })
    guard let last = try told.map({ try BillingMonth($0) }).max() else { return [] }
    return try months(through: last).filter { told.contains("\($0.month)") }.flatMap { month in
      month.lines.map { line in
        (["\(month.month)", line.key, line.amount.fixed.grouped] + line.flags.map(\.rawValue))
          .joined(separator: " ")
      } + month.unbilled.map { "\(month.month) \($0.clause) unbilled" }
    }
  }

  private func answers(_ requests: [UsageRequest]) throws -> [UsageRequest: UsageAnswer] {
    var answers: [UsageRequest: UsageAnswer] = [:]
    for request in requests { answers[request] = try answer(request) }
    return answers
  }

  private func answer(_ request: UsageRequest) throws -> UsageAnswer {
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
    func parts(_ name: (Reading) -> String?) throws -> [UsageAnswer.Part] {
      try Dictionary(grouping: counted) { name($0) ?? "" }.sorted { $0.key < $1.key }
        .map { UsageAnswer.Part($0.key, try series($0.value)) }
    }
    switch request.breakdown {
    case nil: return UsageAnswer(try series(counted))
    case .asset: return UsageAnswer(try series(counted), parts: try parts(\.asset))
    case .group: return UsageAnswer(try series(counted), parts: try parts(\.task))
    }
  }
}
