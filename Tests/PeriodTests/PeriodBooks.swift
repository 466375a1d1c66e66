import Base
import Contracts
import Foundation
import Storage
import TestSupport

/// A workspace that is told a history and bills it, beside the model that is told the same.
struct PeriodBooks {
  private let history: PeriodHistory
  private var workspace: PeriodWorkspace
  /// What has been told so far.
  private(set) var model: NaiveModel
  private var told: Set<Int> = []
  private var retracted: Set<Int> = []
  private(set) var closed: Set<Month> = []
  /// What was closed, by its period.
  private(set) var finals: [Month: JSON] = [:]
  /// What credit notes took back, by period and line, in cents.
  private(set) var credited: [Month: [String: Int]] = [:]

  init(_ history: PeriodHistory, _ zones: Zones) throws {
    self.history = history
    workspace = try PeriodWorkspace(zones)
    model = NaiveModel(
      terms: history.terms, versions: [history.terms.versions[0]], uses: [], served: history.served,
      local: LocalTime(history.terms.zone))
    try agree()
  }

  // MARK: - What is told

  private mutating func agree() throws {
    try workspace.put(.customer, "acme", ["name": "Acme"])
    for (key, rate) in [("t20", "0.20"), ("t10", "0.10")] {
      try workspace.put(
        .tax, key,
        [
          "name": .string(key), "category": "S",
          "rates": [["from": "2020-01-01", "rate": .string(rate)]],
        ])
    }
    for (key, aggregation) in NaiveModel.meters.sorted(by: { $0.key < $1.key }) {
      try workspace.put(
        .meter, key,
        .object([
          "aggregation": .string(aggregation), "eventTypes": .array([.string(key)]),
          "unit": "units", "value": aggregation == "count" ? nil : "/n",
          "places": ["count", "unique"].contains(key) ? nil : 1,
        ]))
    }
    try workspace.put(.contract, "c", history.terms.document(history.terms.versions[0]))
    for (asset, days) in history.served.sorted(by: { $0.key < $1.key }) {
      let assignments = days.map { days -> JSON in
        [
          "contract": "c", "from": time(model.local.midnight(days.lowerBound)),
          "until": time(model.local.midnight(days.upperBound)),
        ]
      }
      try workspace.put(.asset, asset, ["assignments": .array(assignments)])
    }
  }

  private func time(_ seconds: Int) -> JSON {
    .text(Instant(clampingSeconds: Int64(seconds)))
  }

  /// The next version of the contract, if there is one.
  mutating func change() throws {
    guard model.versions.count < history.terms.versions.count else { return }
    let next = history.terms.versions[model.versions.count]
    try workspace.put(.contract, "c", history.terms.document(next))
    model.versions.append(next)
  }

  /// Every version that takes effect before a day: once it is closed, none can.
  mutating func change(before day: Day) throws {
    while model.versions.count < history.terms.versions.count,
      history.terms.versions[model.versions.count].effective < day
    {
      try change()
    }
  }

  mutating func tell(_ places: [Int]) async throws {
    let uses = places.filter { !history.dropped.contains($0) }
    try await workspace.post(uses.map { event(history.uses[$0]) })
    told.formUnion(uses)
    recount()
  }

  mutating func retract(_ place: Int) async throws {
    guard told.contains(place), retracted.insert(place).inserted else { return }
    try await workspace.retract(history.uses[place].id)
    recount()
  }

  /// Everything that is still untold.
  mutating func tellRest() async throws {
    while model.versions.count < history.terms.versions.count { try change() }
    try await tell(history.uses.indices.filter { !told.contains($0) })
  }

  private mutating func recount() {
    model.uses = history.uses.indices.filter { told.contains($0) && !retracted.contains($0) }
      .map { history.uses[$0] }
  }

  private func event(_ use: NaiveModel.Use) -> JSON {
    [
      "specversion": "1.0", "id": .string(use.id), "source": "//test", "type": .string(use.meter),
      "subject": .string(use.subject), "time": time(use.time),
      "data": ["n": .string(Fixed(units: Int128(use.tenths), places: 1).description)],
    ]
  }

  // MARK: - What is billed

  /// Rates a period that is open; its document.
  mutating func run(_ period: Month) throws -> JSON? { try workspace.run(period)["c"] }

  mutating func close(_ period: Month) throws -> JSON? {
    try change(before: history.terms.nextDay(of: period))
    guard let final = try workspace.close(period)["c"] else { return nil }
    closed.insert(period)
    finals[period] = final
    return final
  }

  // MARK: - What goes back

  /// One of the lines that the period itself made.
  private func line(_ period: Month, _ place: Int) -> JSON? {
    let lines = (finals[period]?["lines"]?.elements ?? []).filter { $0["corrects"] == nil }
    return lines.isEmpty ? nil : lines[place % lines.count]
  }

  mutating func credit(_ period: Month, line place: Int, permille: Int) throws {
    guard let line = line(period, place), let key = line["key"]?.stringValue else { return }
    let cents = PeriodTrial.cents(line["amount"]) * permille / 1000
    guard let note = try workspace.credit("c~\(period)", line: key, cents: cents) else { return }
    take(note, period)
  }

  private mutating func take(_ note: JSON, _ period: Month) {
    for line in note["lines"]?.elements ?? [] {
      credited[period, default: [:]][line["key"]?.stringValue ?? "", default: 0] -=
        PeriodTrial.cents(line["amount"])
    }
  }

  mutating func dispute(_ period: Month, line place: Int) throws {
    guard let key = line(period, place)?["key"]?.stringValue else { return }
    try workspace.dispute("c~\(period)", line: key)
  }

  mutating func resolve(_ period: Month, line place: Int, credited isCredited: Bool) throws {
    guard let key = line(period, place)?["key"]?.stringValue else { return }
    let name = "c~\(period)"
    let before = try workspace.notes(name).count
    guard try workspace.resolve(name, line: key, credited: isCredited), isCredited else { return }
    for note in try workspace.notes(name).dropFirst(before) { take(note, period) }
  }

  /// What is wrong with what a period gave back: no more than it was owed, and never less than
  /// nothing.
  func complaint(about period: Month) throws -> String? {
    guard closed.contains(period) else { return nil }
    let (total, credited, disputed) = try workspace.account("c~\(period)")
    guard total >= 0 else { return nil }
    if credited < 0 { return "\(period): credit notes charge \(-credited) cents" }
    if credited > total { return "\(period): \(credited) of \(total) cents were given back" }
    if disputed < 0 || disputed > total - credited {
      return "\(period): \(disputed) of \(total - credited) open cents are in dispute"
    }
    return nil
  }
}
