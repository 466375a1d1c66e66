package import Base

/// The lines of an invoice as CSV (RFC 4180), one line each, with the total last.
package enum InvoiceCSV {
  private static let columns = ["key", "description", "quantity", "unit", "amount", "currency"]

  private static let listColumns = [
    "key", "number", "status", "customer", "contract", "month", "currency", "total", "paid",
    "credited", "disputed", "open", "due",
  ]

  /// Invoices without their lines, a row each.
  package static func list(of invoices: [JSON]) -> String {
    CSVTable.text(
      [listColumns]
        + invoices.map { invoice in
          listColumns.map { invoice[$0]?.stringValue ?? "" }
        })
  }

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
