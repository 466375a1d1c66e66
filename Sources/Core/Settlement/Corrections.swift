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
  /// What later final invoices have carried already, by the line they correct.
  private var carried: [String: RatedLine.Billed] = [:]

  /// `later` are the final invoices of the contract that may have carried corrections of it.
  package init(of invoice: BilledInvoice, later: [BilledInvoice]) throws(Fault) {
    self.invoice = invoice
    for line in later.flatMap(\.lines) {
      guard let corrects = line.corrects, corrects.invoice == invoice.key.text else { continue }
      carried[corrects.line] =
        try carried[corrects.line].map { (before) throws(Fault) in
          try before.adding(line.billed)
        } ?? line.billed
    }
  }

  /// What has been billed for a line so far, wherever that stands.
  package func billed(_ line: String) throws(Fault) -> RatedLine.Billed {
    let none = RatedLine.Billed(quantity: .zero, amount: .zero(invoice.currency))
    let own = invoice.ownLines.first { $0.key == line }?.billed ?? none
    return try carried[line]?.adding(own) ?? own
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
    for line in invoice.ownLines where !recomputed.contains(where: { $0.rated.key == line.key }) {
      let billed = try billed(line.key)
      let moved = try QuietMovement.difference(nil, billed.moves)
      guard billed.amount.amountMinor != 0 || moved != nil else { continue }
      let rated = try RatedLine.withdrawing(
        billed, key: key(line.key), clause: line.clause, unit: line.unit,
        description: description(line.description))
      lines.append(self.line(rated, of: line.key, line.stage, billed, evidence: []))
    }
    return lines
  }

  private func line(
    _ rated: RatedLine, of key: String, _ stage: Stage, _ billed: RatedLine.Billed,
    evidence: [Evidence]
  ) -> InvoiceLine {
    let origin = InvoiceLine.Origin.correction(
      invoice.key, invoice.number, line: key, stage, invoice.month, billed: billed.amount)
    guard let before = invoice.ownLines.first(where: { $0.key == key }) else {
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
