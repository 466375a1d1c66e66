package import Base
import Rating

/// A credit note as its document says it.
package struct IssuedCreditNote: Sendable {
  package struct Line: Sendable {
    let key: String
    /// What it adds to what the customer owes: negative where a charge is taken back.
    let amount: Money
    let shares: [(line: String, amount: Money)]
    /// What it changes of grants: negative where what was drawn comes back.
    let grants: [GrantMovement]

    /// What it takes back of which line.
    func pieces(in invoice: BilledInvoice) -> [(root: LineName, amount: Money)] {
      guard let line = invoice.lines.first(where: { $0.key == key }) else { return [] }
      let name = line.name(in: invoice.key)
      guard !shares.isEmpty else { return [(name, amount)] }
      return shares.map { (LineName(invoice: name.invoice, line: $0.line), $0.amount) }
    }
  }

  package let lines: [Line]
  package let tax: Money
  package let total: Money
  package let document: JSON

  package init(_ document: JSON, in currency: Currency) throws {
    func money(_ json: JSON?) throws -> Money {
      Money(minor: try Fixed(json?.stringValue ?? "").units, currency)
    }
    self.document = document
    lines = try (document["lines"]?.elements ?? []).map { line in
      Line(
        key: line["key"]?.stringValue ?? "", amount: try money(line["amount"]),
        shares: try (line["shares"]?.elements ?? []).map {
          ($0["line"]?.stringValue ?? "", try money($0["amount"]))
        },
        grants: try (line["grants"]?.elements ?? []).map { try GrantMovement($0, currency) })
    }
    tax = try money(document["tax"])
    total = try money(document["total"])
  }
}
