import Base
import Console

/// What a simulation showed, for a person to read: a table for each contract and month.
struct SimulationReport {
  private let answer: JSON

  init(_ answer: JSON) { self.answer = answer }

  var text: String {
    let results = answer["results"]?.elements ?? []
    guard !results.isEmpty else { return "No contract was in force." }
    return results.map(text(of:)).joined(separator: "\n\n")
  }

  private func text(of result: JSON) -> String {
    let name = "\(word(result, "contract")), \(word(result, "month"))"
    if let reason = result["reason"] {
      return "\(name): not rated \(word(reason, "side")): \(word(reason, "detail"))"
    }
    let rows = (result["lines"]?.elements ?? []).map { line in
      [word(line, "key"), word(line, "description")] + amounts(of: line)
    }
    let table = ConsoleTable(
      ["line", "", "before", "after", "difference"],
      rows + [["total", ""] + amounts(of: result)])
    return "\(name), in \(word(result, "currency"))\n\(table.text)"
  }

  private func amounts(of line: JSON) -> [String] {
    ["before", "after", "difference"].map { name in
      guard let text = line[name]?.stringValue, let amount = try? Fixed(text) else { return "-" }
      let sign = name == "difference" && amount.units > 0 ? "+" : ""
      return sign + amount.grouped
    }
  }

  private func word(_ json: JSON, _ name: String) -> String { json[name]?.stringValue ?? "" }
}
