import Base
import Console

/// What a billing run came to, as finance reads it: what was issued, under which numbers, and what
/// was not, and why.
struct BillReport {
  private(set) var results: [JSON] = []
  private(set) var neverBilled: [JSON] = []
  /// Events that count nowhere, and whether there are more than were looked at.
  var unmatched: [JSON] = []
  var hasMoreUnmatched = false

  private static let issued = "finalised"

  /// Adds a part of the run.
  mutating func add(_ run: JSON) {
    results += run["results"]?.elements ?? []
    neverBilled += run["neverBilled"]?.elements ?? []
  }

  /// Whether something waits for a person; the run ends with 1.
  var isHeldUp: Bool { results.contains { ["parked", "held"].contains(Self.outcome($0)) } }

  /// `acme-pbh  2013-01  drafted  acme-pbh~2013-01  110.00  USD`, and what there is to say of it.
  static func row(_ result: JSON) -> String {
    let cells = [word(result, "contract"), word(result, "month"), outcome(result)]
    let figures = ["invoice", "total", "currency"].map { word(result, $0) }
    return (cells + figures + reasons(result)).joined(separator: "  ")
  }

  /// Draft by draft, then what stands beside them.
  var drafts: String {
    let held = count("held")
    let last =
      "\(results.count.counted("period")), \(count("parked")) parked"
      + (held > 0 ? ", \(held) held." : ".")
    return (missing + notCounted + [last]).joined(separator: "\n")
  }

  /// The documents with their numbers, sums by currency, and what was not issued.
  var finalised: String {
    let documents = results.filter { Self.word($0, "outcome") == Self.issued }
    let before = results.filter { Self.word($0, "outcome") == "final" }
    let open = results.filter { !["final", Self.issued].contains(Self.word($0, "outcome")) }
    let sections =
      [documents.isEmpty ? nil : Self.table(documents)].compactMap(\.self) + Self.sums(documents)
      + Self.section("Final before:", before.map(Self.finalBefore))
      + Self.section("Not issued:", open.map(Self.openRow)) + missing + notCounted
    let tallies = ["parked", "held", "withdrawn"].map { ($0, count($0)) }
    let left = open.count - tallies.map(\.1).reduce(0, +)
    let words =
      ["\(documents.count) finalised", "\(left) left open"]
      + tallies.filter { $0.1 > 0 || $0.0 == "parked" }.map { "\($0.1) \($0.0)" }
    return (sections + [words.joined(separator: ", ") + "."]).joined(separator: "\n")
  }

  var json: JSON {
    [
      "results": .array(results), "neverBilled": .array(neverBilled),
      "unmatched": .array(unmatched),
    ]
  }
}

extension BillReport {
  private static let columns = [
    "number", "customer", "contract", "month", "net", "tax", "total", "currency", "due",
  ]

  private static func table(_ documents: [JSON]) -> String {
    ConsoleTable(
      columns.map { $0 == "month" ? "period" : $0 },
      documents.map { document in columns.map { word(document, $0) } },
      figures: ["net", "tax", "total"]
    ).text
  }

  /// `2 documents: net 200.00, tax 38.00, total 238.00 EUR`, a line for each currency.
  private static func sums(_ documents: [JSON]) -> [String] {
    let byCurrency = Dictionary(grouping: documents) { word($0, "currency") }
    return byCurrency.sorted { $0.key < $1.key }.map { currency, documents in
      let sums = ["net", "tax", "total"].map { "\($0) \(sum($0, of: documents))" }
      return "\(documents.count.counted("document")): \(sums.joined(separator: ", ")) \(currency)"
    }
  }

  private static func sum(_ name: String, of documents: [JSON]) -> String {
    let amounts = documents.compactMap { $0[name]?.stringValue.flatMap { try? Fixed($0) } }
    let places = amounts.first?.places ?? 0
    return Fixed(units: amounts.map(\.units).reduce(0, +), places: places).description
  }

  private static func section(_ title: String, _ rows: [String]) -> [String] {
    rows.isEmpty ? [] : [title] + rows.map { "  " + $0 }
  }

  private static func openRow(_ result: JSON) -> String {
    let outcome = outcome(result)
    let isOpen = !["parked", "held", "withdrawn"].contains(outcome)
    let cells = [word(result, "contract"), word(result, "month"), isOpen ? "left open" : outcome]
    return (cells + reasons(result)).joined(separator: "  ")
  }

  private static func finalBefore(_ result: JSON) -> String {
    let names = ["number", "contract", "month", "total", "currency"]
    let later = result["difference"]?.stringValue.map { ["to correct on a later one: \($0)"] }
    return (names.map { word(result, $0) } + (later ?? [])).joined(separator: "  ")
  }

  private var missing: [String] {
    BillReport.section(
      "Earlier periods that nobody was billed for:",
      neverBilled.map { "\(BillReport.word($0, "contract"))  \(BillReport.word($0, "detail"))" })
  }

  /// By reason, type and subject: how many there are, and of which days.
  private var notCounted: [String] {
    guard !unmatched.isEmpty else { return [] }
    let groups = Dictionary(grouping: unmatched) { event in
      ["reason", "type", "subject"].map { BillReport.word(event, $0) }.joined(separator: "  ")
    }
    let rows = groups.sorted { $0.key < $1.key }.map { group, events in
      let days = events.map { String(BillReport.word($0, "time").prefix(10)) }.sorted()
      let span = days[0] == days[days.count - 1] ? days[0] : "\(days[0]) to \(days.last!)"
      return "\(group)  \(events.count), of \(span)"
    }
    let more = hasMoreUnmatched ? " or more" : ""
    return BillReport.section(
      "Events that count nowhere, \(unmatched.count)\(more) (usance events --unmatched):", rows)
  }

  private func count(_ outcome: String) -> Int {
    results.count { BillReport.outcome($0) == outcome }
  }

  /// A draft that waits for a release is held, whatever else the run made of it.
  private static func outcome(_ result: JSON) -> String {
    result["held"] == true ? "held" : word(result, "outcome")
  }

  private static func word(_ json: JSON, _ name: String) -> String {
    json[name]?.stringValue ?? "-"
  }

  private static func reasons(_ result: JSON) -> [String] {
    (result["reasons"]?.elements ?? []).compactMap { $0["detail"]?.stringValue }
  }
}
