import Base
import Console

/// What the demo says about the invoices it made.
enum DemoReport {
  static func json(_ invoices: [JSON], _ posted: PostedEvents) -> JSON {
    .object([
      "invoices": .array(invoices.map { InvoiceFigures($0).json }),
      "events": .object(
        (PostedEvents.outcomes + ["unmatched"]).map { .init($0, .integer(posted[$0])) }),
    ])
  }

  static func text(_ invoices: [JSON], _ posted: PostedEvents, unmatched: [JSON]) -> String {
    let figures = invoices.map(InvoiceFigures.init)
    let table = ConsoleTable(
      ["customer", "month", "hours", "cycles", "h/cycle", "severity", "amount", "invoice"],
      figures.map(\.cells))
    return """
      Posted \(posted.total.counted("event")): \(posted["accepted"]) accepted, \
      \(posted["duplicate"]) duplicates, \(posted["rejected"]) rejected.
      \(notCounted(unmatched))

      \(table.text)

      How the first line came about:
      \(figures.first?.explanation ?? "")
      """
  }

  private static func notCounted(_ events: [JSON]) -> String {
    guard !events.isEmpty else { return "Every event counts." }
    let reasons = Set(events.compactMap { $0["reason"]?.stringValue }).sorted()
    let subjects = Set(events.compactMap { $0["subject"]?.stringValue }).sorted()
    return """
      Stored, not counted: \(events.count) (\(reasons.joined(separator: ", ")): \
      \(subjects.prefix(5).joined(separator: ", "))); \
      they count once these assets are registered.
      """
  }
}

/// The figures of one invoice that a person compares first.
private struct InvoiceFigures {
  private let invoice: JSON
  private let hours: JSON?
  private let cycles: JSON?

  init(_ invoice: JSON) {
    self.invoice = invoice
    let lines = invoice["document"]?["lines"]?.elements ?? []
    hours = lines.first { $0["unit"] == "h" }
    cycles = lines.first { $0["unit"] == "cycles" }
  }

  var json: JSON {
    [
      "customer": member("customer"), "period": member("month"), "currency": member("currency"),
      "total": member("total"), "number": member("number"), "sha256": member("sha256"),
      "cycles": cycles?["quantity"] ?? .null,
      "severity": step("severity")?["rounded"] ?? .null,
    ]
  }

  var cells: [String] {
    let quantities = [hours, cycles].map { $0?["quantity"]?.stringValue.flatMap(ratio) }
    let perCycle = quantities[0].flatMap { hours in quantities[1].flatMap { try? hours / $0 } }
    return [
      text("customer"), text("month"), shown(quantities[0], places: 1),
      shown(quantities[1], places: 0), shown(perCycle, places: 3),
      step("severity")?["rounded"]?.stringValue ?? "-",
      ((try? Fixed(text("total")))?.grouped ?? "-") + " " + text("currency"), text("number"),
    ]
  }

  /// The sentence of the line, then each step of it with its formula and its numbers.
  var explanation: String {
    let steps = hours?["derivation"]?["steps"]?.elements ?? []
    let sentence = hours?["derivation"]?["sentence"]?.stringValue ?? ""
    return (["  " + sentence] + steps.map(explain)).joined(separator: "\n")
  }

  private func explain(_ step: JSON) -> String {
    guard case .object(let inputs) = step["inputs"] else { return "" }
    let values = inputs.map { "\($0.name) \(readable($0.value.stringValue ?? ""))" }
    let result = (step["rounded"] ?? step["exact"])?.stringValue ?? ""
    return "    \(step["formula"]?.stringValue ?? "")  with \(values.joined(separator: ", "))"
      + "  =  \(result)"
  }

  /// An exact fraction is followed by what it comes to.
  private func readable(_ value: String) -> String {
    value.contains("/") ? "\(value) (\(shown(ratio(value), places: 4)))" : value
  }

  private func step(_ name: String) -> JSON? {
    hours?["derivation"]?["steps"]?.elements?.first { $0["name"]?.stringValue == name }
  }

  private func member(_ name: String) -> JSON { invoice[name] ?? .null }
  private func text(_ name: String) -> String { invoice[name]?.stringValue ?? "-" }

  private func shown(_ value: Ratio?, places: Int) -> String {
    value.flatMap { try? $0.rounded(to: places).grouped } ?? "-"
  }

  /// A quantity of an invoice: a decimal, or a fraction.
  private func ratio(_ text: String) -> Ratio? {
    let parts = text.split(separator: "/").compactMap { try? Fixed($0).ratio }
    return parts.count == 2 ? try? parts[0] / parts[1] : parts.first
  }
}
