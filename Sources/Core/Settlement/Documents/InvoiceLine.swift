package import Base
package import Contracts
package import Rating

/// A rated line on an invoice, with the events it rests on.
package struct InvoiceLine: Hashable, Sendable {
  /// Where a line comes from that no clause made for this month.
  package enum Origin: Hashable, Sendable {
    /// A line of an earlier invoice, rated anew, and what was billed for it so far.
    case correction(
      InvoiceKey, InvoiceNumber, line: String, RatingStage, BillingMonth, billed: Money)
    /// An adjustment, by its number.
    case adjustment(Int)
  }

  package private(set) var rated: RatedLine
  package let evidence: [Evidence]
  /// Nil for what a clause made.
  package let origin: Origin?
  package private(set) var tax: LineTax?
  /// The key of the whole line, where this is the part of it that one tax falls on.
  package private(set) var whole: String?
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

  /// The line with the tax that falls on it: that of its clause or, where it is shared out over
  /// other lines and the contract names no tax for it, that of those. `tax` says what falls on a
  /// clause. Where that is several, there is a line for each. Source: documents, 3.4.
  func taxed(
    isNamed: Bool, _ tax: (String) throws(Fault) -> LineTax?
  ) throws(Fault) -> [InvoiceLine] {
    guard !keepsTax else { return [self] }
    guard !isNamed, !rated.shares.isEmpty else {
      return [with(try tax(rated.clause), rated, nil)]
    }
    return try split { (share) throws(Fault) in try tax(share.clause) }
  }

  /// A line for each tax that falls on the shares.
  func split(by tax: (LineShare) throws(Fault) -> LineTax?) throws(Fault) -> [InvoiceLine] {
    var groups: [(tax: LineTax?, shares: [LineShare])] = []
    for share in rated.shares {
      let tax = try tax(share)
      if let place = groups.firstIndex(where: { $0.tax == tax }) {
        groups[place].shares.append(share)
      } else {
        groups.append((tax, [share]))
      }
    }
    guard groups.count > 1 else { return [with(groups.first?.tax, rated, nil)] }
    var lines: [InvoiceLine] = []
    for (place, group) in groups.enumerated() {
      let key = "\(rated.key)/@\(group.tax?.key.text ?? "")"
      let part = try rated.taxPart(
        of: group.shares, key: key, named: group.tax.map { "`\($0.key)`" } ?? "no tax",
        isFirst: place == 0)
      lines.append(with(group.tax, part, rated.key))
    }
    return lines
  }

  private func with(_ tax: LineTax?, _ rated: RatedLine, _ whole: String?) -> InvoiceLine {
    var line = self
    (line.tax, line.rated, line.whole) = (tax, rated, whole)
    return line
  }

  /// An adjustment, as it falls on the charges of its document.
  func shared(over lines: [RatedLine]) throws(Fault) -> InvoiceLine {
    guard case .adjustment = origin else { return self }
    return with(nil, try rated.shared(over: lines), nil)
  }

  var json: JSON {
    .object([
      "key": .string(rated.key),
      "partOf": whole.map(JSON.string),
      "clause": .string(rated.clause),
      "stage": .string(rated.stage.rawValue),
      "asset": rated.asset.map { .text($0) },
      "corrects": corrects,
      "adjustment": adjustment,
      "period": rated.span.map { ["start": .text($0.start), "end": .text($0.end)] },
      "description": .string(rated.description),
      "quantity": .text(rated.quantity),
      "quantityDecimal": rated.quantity.nearestDecimal.map(JSON.string),
      "unit": .string(rated.unit),
      "amount": .text(rated.amount),
      "tax": tax?.json,
      "shares": rated.shares.isEmpty ? nil : .array(rated.shares.map(\.json)),
      "moves": rated.moves?.json,
      "grants": rated.grants.isEmpty ? nil : .array(rated.grants.map(\.json)),
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

extension LineShare {
  var json: JSON {
    .object([
      "line": .string(line), "month": month.map { .text($0) }, "amount": .text(amount),
    ])
  }
}

extension GrantMovement {
  var json: JSON {
    func shown(_ amount: Money) -> JSON? { amount.amountMinor == 0 ? nil : .text(amount) }
    return .object([
      "grant": .string(grant), "bought": shown(bought), "drawn": shown(drawn),
      "expired": shown(expired),
    ])
  }

  /// Reads what `json` writes.
  init(_ json: JSON, _ currency: Currency) throws {
    func amount(_ name: String) throws -> Money {
      Money(minor: try json[name]?.stringValue.map { try Fixed($0).units } ?? 0, currency)
    }
    self.init(
      json["grant"]?.stringValue ?? "", bought: try amount("bought"), drawn: try amount("drawn"),
      expired: try amount("expired"))
  }
}

extension BalanceTransfer {
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
