package import Base

/// The lines of an invoice as CSV (RFC 4180), a row each, without sums.
package enum InvoiceCSV {
  /// `document` is what the invoice says, with `lines` and `currency`. A quantity is a decimal, and
  /// exact once more, for that may be a fraction.
  package static func lines(of document: JSON) -> String {
    let columns: [(name: String, cell: (JSON) -> JSON?)] = [
      ("key", { $0["key"] }), ("description", { $0["description"] }),
      ("quantity", { $0["quantityDecimal"] ?? $0["quantity"] }), ("unit", { $0["unit"] }),
      ("amount", { $0["amount"] }), ("currency", { _ in document["currency"] }),
      ("quantity_exact", { $0["quantity"] }), ("tax", { $0["tax"]?["key"] }),
      ("tax_rate", { $0["tax"]?["rate"] }), ("clause", { $0["clause"] }),
      ("stage", { $0["stage"] }), ("asset", { $0["asset"] }),
      ("corrects", { $0["corrects"]?["number"] }), ("corrects_line", { $0["corrects"]?["line"] }),
    ]
    return CSVTable.text(columns, of: document["lines"]?.elements ?? [])
  }
}
