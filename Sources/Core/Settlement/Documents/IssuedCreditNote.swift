package import Base
package import Rating

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
    func pieces(in invoice: IssuedInvoice) -> [(root: LineName, amount: Money)] {
      guard let line = invoice.lines.first(where: { $0.key == key }) else { return [] }
      let name = line.name(in: invoice.key)
      guard !shares.isEmpty else { return [(name, amount)] }
      return shares.map { (LineName(invoice: name.invoice, line: $0.line), $0.amount) }
    }
  }

  /// What it took back of lines that clauses made: the invoice that billed each of them first, the
  /// piece of it, and how much, positive where a charge was taken back. `invoice` is the one that
  /// the note is on.
  package func takenBack(
    of invoice: IssuedInvoice
  ) throws(Fault) -> [(piece: (invoice: String, piece: Credited.Piece), amount: Money)] {
    var taken: [(piece: (invoice: String, piece: Credited.Piece), amount: Money)] = []
    for line in lines {
      guard let billed = invoice.lines.first(where: { $0.key == line.key }),
        billed.corrects != nil || billed.adjustment == nil
      else { continue }
      let name = billed.name(in: invoice.key)
      for (root, amount) in line.pieces(in: invoice) {
        taken.append(((name.invoice, Credited.Piece(name.line, on: root.line)), try -amount))
      }
    }
    return taken
  }

  /// What it comes to of one tax.
  func tax(_ tax: LineTax) throws(Fault) -> Money {
    var sum = Money.zero(total.currency)
    for one in document["taxes"]?.elements ?? []
    where ["key", "category", "rate"].allSatisfy({ one[$0] == tax.json[$0] }) {
      let fixed = try Fixed(one["amount"]?.stringValue ?? "")
      sum = try sum + Money(minor: fixed.units, total.currency)
    }
    return sum
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
