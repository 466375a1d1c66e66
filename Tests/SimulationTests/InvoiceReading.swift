import Foundation
import Settlement

/// The figures of an invoice's document, read without the product's own types.
struct InvoiceReading {
  struct Unreadable: Error { let document: String }

  private let hours: [String: Any]
  private let runs: [String: Any]
  private let total: String

  init(_ document: String) throws {
    let object = try JSONSerialization.jsonObject(with: Data(document.utf8)) as? [String: Any]
    guard let lines = object?["lines"] as? [[String: Any]], lines.count == 2,
      let total = object?["total"] as? String
    else { throw Unreadable(document: document) }
    (hours, runs, self.total) = (lines[0], lines[1], total)
  }

  func differences(from expected: Model.Invoice) -> [String] {
    let ids = expected.evidence
    let pairs: [(String, String?, String)] = [
      ("hours", hours["amount"] as? String, Telling.decimal(expected.hoursCents, 2)),
      ("runs", runs["amount"] as? String, Telling.decimal(expected.runsCents, 2)),
      ("total", total, Telling.decimal(expected.hoursCents + expected.runsCents, 2)),
      ("number of runs", runs["quantity"] as? String, "\(expected.runs)"),
      ("evidence", evidence("events"), "\(ids.count)"),
      ("first event", evidence("first"), ids.first ?? ""),
      ("last event", evidence("last"), ids.last ?? ""),
    ]
    let differences = pairs.filter { $0.1 != $0.2 }.map {
      "\($0.0) is \($0.1 ?? "missing"), not \($0.2)"
    }
    return differences + (hasHours(expected.tenths) ? [] : ["hours are not \(expected.tenths)"])
  }

  /// The quantity is a decimal or a fraction: both sides are multiplied out.
  private func hasHours(_ tenths: Int) -> Bool {
    guard let text = hours["quantity"] as? String else { return false }
    let parts = text.split(separator: "/")
    let digits = parts[0].split(separator: ".")
    var (number, divisor) = (Int128(0), parts.count == 2 ? Int128(parts[1])! : 1)
    for digit in digits.joined() { number = number * 10 + Int128(digit.wholeNumberValue!) }
    for _ in digits.dropFirst().joined() { divisor *= 10 }
    return number * 36_000 == Int128(tenths) * divisor
  }

  /// Of the running time, the first of the hours line's meters: a count, or the id of an event.
  private func evidence(_ name: String) -> String? {
    let list = hours["evidence"] as? [[String: Any]]
    let time = list?.first { $0["meter"] as? String == "time" }
    guard name != "events" else { return (time?["events"] as? Int).map(String.init) }
    return (time?[name] as? [String: Any])?["id"] as? String ?? ""
  }
}
