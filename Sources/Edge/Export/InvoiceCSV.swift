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
    return CSVTable.text(rows)
  }
}
