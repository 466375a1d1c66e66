import Access
import Base
import Testing

/// What finance sees of its documents, as text that can be read aloud.
extension TestService {
  /// Bills all that is over on a day and finalises what may be: `INV-000001 2013-01 110.00` each.
  @discardableResult
  func close(asOf day: String) async throws -> [String] {
    let run = try await settled(
      "billing-runs", ["asOf": .string(day), "finalise": true])
    var rows: [String] = []
    for result in run["results"]?.elements ?? [] {
      let key = try #require(result["invoice"]?.stringValue, "\(result.text)")
      let invoice = try await invoice(key)
      let cells = [invoice["number"], invoice["month"], invoice["total"]]
      rows.append(cells.map { $0?.stringValue ?? "draft" }.joined(separator: " "))
    }
    return rows
  }

  /// Where a document stands, its lines, and what happened to it.
  func statement(_ key: String) async throws -> String {
    let invoice = try await invoice(key)
    func word(_ name: String) -> String { invoice[name]?.stringValue ?? "-" }
    var head = "\(word("number")), \(word("status"))"
    if invoice["open"] != nil {
      head += ", due \(word("due")), paid \(word("paid")), credited \(word("credited"))"
      head += ", in dispute \(word("disputed")), open \(word("open"))"
      head += invoice["overdue"] == true ? ", overdue" : ""
    }
    let lines = (invoice["document"]?["lines"]?.elements ?? []).map {
      [$0["key"]?.stringValue ?? "-", $0["amount"]?.stringValue ?? "-"]
    }
    let events = try await client(.finance).get("/v1/invoices/\(key)/events")
    let history = events.items.map { event in
      let day = String((event["at"]?.stringValue ?? "-").prefix(10))
      let words = ["kind", "amount", "reference", "line", "resolution", "reason"].compactMap {
        event[$0]?.stringValue
      }
      return "\(day) " + words.joined(separator: ", ")
    }
    return ([head] + TestService.aligned(lines + [["total", word("total")]]) + history)
      .joined(separator: "\n")
  }

  /// What each account comes to, debits positive: `receivable 110.00`.
  func balances() async throws -> [String] {
    var sums: [String: Ratio] = [:]
    for entry in try await client(.finance).everything(in: "/v1/ledger") {
      for posting in entry["postings"]?.elements ?? [] {
        let debit = try Fixed(posting["debit"]?.stringValue ?? "0").ratio
        let credit = try Fixed(posting["credit"]?.stringValue ?? "0").ratio
        let account = posting["account"]?.stringValue ?? "-"
        sums[account] = try (sums[account] ?? .zero) + debit - credit
      }
    }
    return try sums.sorted { $0.key < $1.key }.map { "\($0.key) \(try $0.value.rounded(to: 2))" }
  }

  /// Names to the left, amounts to the right.
  private static func aligned(_ rows: [[String]]) -> [String] {
    let widths = (0..<2).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let gap = widths[0] - row[0].count + widths[1] - row[1].count + 2
      return "  " + row[0] + String(repeating: " ", count: gap) + row[1]
    }
  }
}
