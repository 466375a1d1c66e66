package import Base

/// The lines of an invoice as CSV (RFC 4180), one line each, with the total last.
package enum InvoiceCSV {
  private static let columns = ["key", "description", "quantity", "unit", "amount", "currency"]

  package static func lines(of document: JSON) -> String {
    let currency = document["currency"]?.stringValue ?? ""
    var rows = [columns]
    for line in document["lines"]?.elements ?? [] {
      rows.append(columns.map { $0 == "currency" ? currency : line[$0]?.stringValue ?? "" })
    }
    rows.append(["total", "Total", "", "", document["total"]?.stringValue ?? "", currency])
    return rows.map { $0.map(cell).joined(separator: ",") + "\r\n" }.joined()
  }

  /// Quoted where it must be. A text that a spreadsheet would take for a formula is made plain
  /// text.
  private static func cell(_ text: String) -> String {
    let isNumber = (try? Fixed(text)) != nil
    let plain = !isNumber && "=+-@\t\r".contains(text.first ?? "a") ? "'" + text : text
    guard plain.contains(where: { ",\"\r\n".contains($0) || $0 == "\r\n" }) else { return plain }
    return "\""
      + plain.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
