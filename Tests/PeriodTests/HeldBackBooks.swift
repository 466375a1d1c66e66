import Base
import SQLite
import Services
import Settlement
import TimeZones
import Workflow

/// A workspace with one contract of which something is held back, and what its documents and credit
/// notes come to, line by line.
struct HeldBackBooks {
  /// What was billed for a line, wherever that stands, and what notes took back of it.
  struct Line: CustomStringConvertible {
    var billed = 0
    var credited = 0

    var left: Int { billed - credited }
    var description: String { "\(billed) billed, \(credited) credited" }
  }

  private var workspace: PeriodWorkspace
  private var told: Set<Int> = []
  private(set) var retracted: Set<Int> = []
  /// By the months that they are for.
  private var documents: [Month: JSON] = [:]

  init(_ contract: JSON, _ zones: ZoneDatabase) throws {
    workspace = try PeriodWorkspace(zones)
    try workspace.put(.customer, "acme", ["name": "Acme"])
    for (key, aggregation) in [("use", "sum"), ("kpi", "latest")] {
      try workspace.put(
        .meter, key,
        [
          "aggregation": .string(aggregation), "eventTypes": [.string(key)], "unit": "units",
          "value": "/n",
        ])
    }
    try workspace.put(.contract, "c", contract)
  }

  private func event(_ id: String, _ type: String, _ month: Month, _ number: Int) -> JSON {
    [
      "specversion": "1.0", "id": .string(id), "source": "//test", "type": .string(type),
      "subject": "acme", "time": .string("\(month)-10T12:00:00Z"), "data": ["n": .integer(number)],
    ]
  }

  mutating func score(_ score: Int, in months: [Month]) async throws {
    try await workspace.post(months.map { event("kpi-\($0)", "kpi", $0, score) })
  }

  mutating func tell(_ place: Int, _ month: Month, _ count: Int) async throws {
    guard told.insert(place).inserted else { return }
    try await workspace.post([event("use-\(place)", "use", month, count)])
  }

  mutating func retract(_ place: Int) async throws {
    guard told.contains(place), retracted.insert(place).inserted else { return }
    try await workspace.retract("use-\(place)")
  }

  /// The first month that is open.
  mutating func close(_ months: [Month]) throws {
    guard let month = months.first(where: { documents[$0] == nil }) else { return }
    try close(month)
  }

  @discardableResult
  private mutating func close(_ month: Month) throws -> Bool {
    guard let document = try workspace.close(month)["c"] else { return false }
    documents[month] = document
    return true
  }

  /// Tells and closes what is left, and settles what is left after the end.
  mutating func finish(_ units: [(month: Month, count: Int)], _ months: [Month]) async throws {
    for (place, use) in units.enumerated() { try await tell(place, use.month, use.count) }
    for month in months where documents[month] == nil { try close(month) }
    var month = months.last! + 1
    while try close(month) { month = month + 1 }
  }

  mutating func credit(_ month: Month, line place: Int, permille: Int) throws {
    let lines = (documents[month]?["lines"]?.elements ?? []).filter {
      $0["clause"] != "held" && $0["adjustment"] == nil
    }
    guard !lines.isEmpty else { return }
    let line = lines[place % lines.count]
    let cents = PeriodTrial.cents(line["amount"]) * permille / 1000
    _ = try workspace.credit(
      "c~\(month)", line: line["key"]?.stringValue ?? "", cents: cents)
  }

  mutating func takeBack(_ month: Month) throws {
    guard documents[month] != nil else { return }
    let notes = try workspace.notes("c~\(month)").filter { $0.reversal == nil }
    if let note = notes.first { _ = try workspace.takeBack(note) }
  }

  mutating func giveAway(_ month: Month, cents: Int) throws {
    _ = try workspace.giveAway("c", month, cents: cents)
  }

  /// What all documents and notes come to, but for what was given away, by months and lines.
  func account() throws -> [Month: [String: Line]] {
    var account: [Month: [String: Line]] = [:]
    for (month, document) in documents {
      var places: [String: (month: Month, key: String)] = [:]
      for line in document["lines"]?.elements ?? [] where line["adjustment"] == nil {
        let key = line["key"]?.stringValue ?? ""
        let corrects = line["corrects"]
        let place = (
          month: corrects?["month"]?.stringValue.flatMap(Month.init) ?? month,
          key: (corrects?["line"] ?? line["partOf"])?.stringValue ?? key
        )
        places[key] = place
        account[place.month, default: [:]][place.key, default: .init()].billed +=
          PeriodTrial.cents(line["amount"])
      }
      for note in try workspace.notes("c~\(month)") where note.reversal == nil {
        for line in try note.json["lines"]?.elements ?? [] {
          guard let place = places[line["key"]?.stringValue ?? ""] else { continue }
          account[place.month, default: [:]][place.key, default: .init()].credited -=
            PeriodTrial.cents(line["amount"])
        }
      }
    }
    return account
  }
}
