package import Base
import Contracts
package import Rating

/// What an earlier invoice would say today, less what has been billed for it: one line for each of
/// its lines that changed.
///
///     correction = recomputed - (line of the final invoice + corrections of it in later ones)
///
/// The final invoice itself stays as it is. Source: domain, section 3, late data.
package struct Corrections {
  private let invoice: BilledInvoice
  /// What later final invoices have carried already, by the line they correct, and the first line
  /// that did.
  private var settled: [String: (billed: RatedLine.Billed, line: BilledInvoice.Line)] = [:]

  /// `later` are the final invoices of the contract that may have carried corrections of it.
  package init(of invoice: BilledInvoice, later: [BilledInvoice]) throws(Fault) {
    self.invoice = invoice
    for line in later.flatMap(\.lines) {
      guard let corrects = line.corrects, corrects.invoice == invoice.key.text else { continue }
      let before = settled[corrects.line]
      let billed = try before?.billed.adding(line.billed) ?? line.billed
      settled[corrects.line] = (billed, before?.line ?? line)
    }
  }

  /// What has been billed for a line so far, wherever that stands.
  package func billed(_ line: String) throws(Fault) -> RatedLine.Billed {
    let none = RatedLine.Billed(quantity: .zero, amount: .zero(invoice.currency))
    let own = invoice.ownLines.first { $0.key == line }?.billed ?? none
    return try settled[line]?.billed.adding(own) ?? own
  }

  /// `recomputed` are the lines of the period as its clauses make them now.
  package func lines(_ recomputed: [InvoiceLine]) throws(Fault) -> [InvoiceLine] {
    var lines: [InvoiceLine] = []
    for line in recomputed {
      let billed = try billed(line.rated.key)
      let moved = try QuietMovement.difference(line.rated.moves, billed.moves)
      guard line.rated.amount != billed.amount || moved != nil else { continue }
      let rated = try line.rated.correcting(
        billed, key: key(line.rated.key), description: description(line.rated.description))
      lines.append(
        self.line(
          rated, of: line.rated.key, line.rated.stage, billed, evidence: line.evidence))
    }
    let standing = Set(recomputed.map(\.rated.key))
    for (name, line, description) in everBilled where !standing.contains(name) {
      let withdrawn = try withdrawal(
        of: name, line, description, because: "The line is no longer there.")
      if let withdrawn { lines.append(withdrawn) }
    }
    return lines
  }

  /// Takes off what the invoice left to the next one; nil where that is nothing, or done.
  package func carriedOn() throws(Fault) -> InvoiceLine? {
    guard let line = invoice.lines.first(where: { $0.stage == .carried }) else { return nil }
    return try withdrawal(
      of: line.key, line, "Carried from \(invoice.month), \(invoice.number)",
      because: "What it owes to the customer is taken off here.")
  }

  private func withdrawal(
    of name: String, _ line: BilledInvoice.Line, _ description: String, because reason: String
  ) throws(Fault) -> InvoiceLine? {
    let billed = try billed(name)
    let moved = try QuietMovement.difference(nil, billed.moves)
    guard billed.amount.amountMinor != 0 || moved != nil else { return nil }
    let rated = try RatedLine.withdrawing(
      billed, key: key(name), clause: line.clause, unit: line.unit, description: description,
      because: reason)
    return self.line(
      rated, of: name, line.corrects?.stage ?? line.stage, billed, evidence: [])
  }

  /// The lines that clauses made for it, and those that it had not but a later invoice brought.
  private var everBilled: [(key: String, line: BilledInvoice.Line, description: String)] {
    let own = Set(invoice.ownLines.map(\.key))
    let brought = settled.filter { !own.contains($0.key) }.sorted { $0.key < $1.key }
    return invoice.ownLines.filter { !$0.isCarried }
      .map { ($0.key, $0, description($0.description)) }
      + brought.map { ($0.key, $0.value.line, $0.value.line.description) }
  }

  private func line(
    _ rated: RatedLine, of key: String, _ stage: Stage, _ billed: RatedLine.Billed,
    evidence: [Evidence]
  ) -> InvoiceLine {
    let origin = InvoiceLine.Origin.correction(
      invoice.key, invoice.number, line: key, stage, invoice.month, billed: billed.amount)
    let own = invoice.ownLines.first { $0.key == key }
    guard let before = own ?? settled[key]?.line else {
      return InvoiceLine(rated, evidence: evidence, origin: origin)
    }
    return InvoiceLine(rated, evidence: evidence, origin: origin, keeping: before.tax)
  }

  private func key(_ line: String) -> String { "correction/\(invoice.key)/\(line)" }

  private func description(_ text: String) -> String {
    "Correction of \(invoice.month), \(invoice.number): \(text)"
  }
}

extension RatedLine.Billed {
  fileprivate func adding(_ other: Self) throws(Fault) -> Self {
    Self(
      quantity: try quantity + other.quantity, amount: try amount + other.amount,
      moves: try moves?.adding(other.moves) ?? other.moves)
  }
}
