package import Base
package import Contracts
package import Rating

/// A rated line on an invoice, with the events it rests on.
package struct InvoiceLine: Hashable, Sendable {
  /// Where a line comes from that no clause made for this month.
  package enum Origin: Hashable, Sendable {
    /// A line of an earlier invoice, rated anew, and what was billed for it so far.
    case correction(
      InvoiceKey, InvoiceNumber, line: String, Stage, BillingMonth, billed: Money)
    /// An adjustment, by its number.
    case adjustment(Int)
  }

  package let rated: RatedLine
  package let evidence: [Evidence]
  /// Nil for what a clause made.
  package let origin: Origin?
  package private(set) var tax: LineTax?
  /// Whether the tax is that of an earlier month, whatever the rules of this one say.
  let keepsTax: Bool

  package init(_ rated: RatedLine, evidence: [Evidence], origin: Origin? = nil) {
    self.rated = rated
    self.evidence = evidence
    self.origin = origin
    keepsTax = false
  }

  /// A correction, with the tax of the line that it corrects; or what is carried, which has none.
  init(
    _ rated: RatedLine, evidence: [Evidence], origin: Origin? = nil, keeping tax: LineTax?
  ) {
    self.rated = rated
    self.evidence = evidence
    self.origin = origin
    self.tax = tax
    keepsTax = true
  }

  /// Whether it only moves between documents what other lines have settled.
  package var isCarried: Bool {
    if case .correction(_, _, _, .carried, _, _) = origin { return true }
    return rated.stage == .carried
  }

  func taxed(_ tax: LineTax?) -> InvoiceLine {
    var line = self
    line.tax = tax
    return line
  }

  var json: JSON {
    .object([
      "key": .string(rated.key),
      "clause": .string(rated.clause),
      "stage": .string(rated.stage.rawValue),
      "asset": rated.asset.map { .text($0) },
      "corrects": corrects,
      "adjustment": adjustment,
      "period": rated.span.map { ["start": .text($0.start), "end": .text($0.end)] },
      "description": .string(rated.description),
      "quantity": .text(rated.quantity),
      "unit": .string(rated.unit),
      "amount": .text(rated.amount),
      "tax": tax?.json,
      "moves": rated.moves?.json,
      "flags": rated.flags.isEmpty ? nil : .array(rated.flags.map { .string($0.rawValue) }),
      "derivation": rated.derivation.json,
      "waterfall": rated.waterfall.json,
      "evidence": .array(evidence.map(\.json)),
    ])
  }

  private var corrects: JSON? {
    guard
      case .correction(let invoice, let number, let line, let stage, let month, let billed) = origin
    else { return nil }
    return [
      "invoice": .text(invoice), "number": .text(number), "line": .string(line),
      "stage": .string(stage.rawValue), "month": .text(month), "billed": .text(billed),
    ]
  }

  private var adjustment: JSON? {
    guard case .adjustment(let number) = origin else { return nil }
    return .integer(number)
  }
}

extension QuietMovement {
  /// What it moves, by name; nil where that is nothing.
  fileprivate var json: JSON? {
    guard !isNothing else { return nil }
    func shown(_ amount: Money) -> JSON? { amount.amountMinor == 0 ? nil : .text(amount) }
    return .object([
      "given": shown(given), "expired": shown(expired), "writtenOff": shown(writtenOff),
    ])
  }

  /// Reads what `json` writes.
  init(_ json: JSON, _ currency: Currency) throws {
    func amount(_ name: String) throws -> Money {
      Money(minor: try json[name]?.stringValue.map { try Fixed($0).units } ?? 0, currency)
    }
    self.init(
      given: try amount("given"), expired: try amount("expired"),
      writtenOff: try amount("writtenOff"))
  }
}
