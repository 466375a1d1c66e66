package import Base
import Contracts
import Rating

/// Takes back an invoice, whole or in part: a document of its own, with negative amounts where the
/// invoice had positive ones.
package struct CreditNote: Sendable {
  /// How much of a line is credited.
  package struct Part: Sendable {
    package let line: String
    package let amount: Fixed

    package init(line: String, amount: Fixed) {
      self.line = line
      self.amount = amount
    }
  }

  package struct Line: Sendable {
    package let of: BilledInvoice.Line
    /// What is added to what the customer owes: the opposite of what was billed.
    package let amount: Money
  }

  package let invoice: BilledInvoice
  package let reason: String
  package let lines: [Line]
  package let taxes: [TaxSum]
  package let net: Money
  package let tax: Money
  package let total: Money

  /// Without `parts` all that is left of the invoice. `earlier` are the documents of the credit
  /// notes on it so far: no line is credited for more than it was billed.
  ///
  /// The tax of all credit notes on an invoice together is that of all they credit: what one rounds
  /// up the next takes back, and an invoice that is credited whole leaves no cent of tax behind.
  package init(
    of invoice: BilledInvoice, parts: [Part]?, reason: String, earlier: [JSON]
  ) throws {
    self.invoice = invoice
    self.reason = reason
    let before = try CreditNote.credited(earlier, invoice.currency)
    var lines: [Line] = []
    if let parts {
      for (place, part) in parts.enumerated() {
        lines.append(try CreditNote.line(part, at: "/lines/\(place)", of: invoice, before))
      }
    } else {
      for line in invoice.lines where !line.isCarried {
        let rest = try line.billed.amount + (before[line.key] ?? .zero(invoice.currency))
        if rest.amountMinor != 0 { lines.append(Line(of: line, amount: try -rest)) }
      }
    }
    guard !lines.isEmpty else {
      throw Fault(.wrongInvoiceStatus, "nothing of the invoice is left to credit")
    }
    guard Set(lines.map(\.of.key)).count == lines.count else {
      throw Fault(.invalidValue, "a line is named twice", at: "/lines")
    }
    self.lines = lines
    let all = invoice.lines.map { line in
      let now = lines.first { $0.of.key == line.key }?.amount
      return (
        tax: line.tax, before: before[line.key] ?? .zero(invoice.currency),
        now: now ?? .zero(invoice.currency)
      )
    }
    let (old, new) = (
      try TaxSum.sums(all.map { ($0.tax, $0.before) }),
      try TaxSum.sums(all.map { ($0.tax, try $0.before + $0.now) })
    )
    taxes = try zip(old, new).map { old, new in
      TaxSum(new.tax, base: try new.base - old.base, amount: try new.amount - old.amount)
    }.filter { $0.base.amountMinor != 0 }
    net = try .sum(lines.map(\.amount), invoice.currency)
    tax = try .sum(taxes.map(\.amount), invoice.currency)
    total = try net + tax
  }

  package var document: JSON {
    .object([
      "customer": invoice.document["customer"], "contract": invoice.document["contract"],
      "invoice": ["key": .text(invoice.key), "number": .text(invoice.number)],
      "month": .text(invoice.month), "currency": .text(invoice.currency),
      "reason": .string(reason),
      "lines": .array(
        lines.map { line in
          .object([
            "key": .string(line.of.key), "clause": .string(line.of.clause),
            "stage": .string(line.of.stage.rawValue),
            "description": .string(line.of.description), "amount": .text(line.amount),
            "tax": line.of.tax?.json,
          ])
        }),
      "net": .text(net), "taxes": taxes.isEmpty ? nil : .array(taxes.map(\.json)),
      "tax": .text(tax), "total": .text(total),
    ])
  }

  private static func line(
    _ part: Part, at pointer: String, of invoice: BilledInvoice, _ before: [String: Money]
  ) throws -> Line {
    let line: BilledInvoice.Line
    do throws(Fault) {
      line = try invoice.line(part.line)
    } catch {
      throw error.nested(under: pointer)
    }
    guard let fixed = part.amount.exactly(places: invoice.currency.minorDigits), fixed.units != 0
    else {
      throw Fault(
        .invalidValue, "expected an amount in the minor unit of \(invoice.currency), not zero",
        at: pointer + "/amount")
    }
    let amount = Money(minor: fixed.units, invoice.currency)
    let rest = try line.billed.amount + (before[line.key] ?? .zero(invoice.currency))
    guard (amount.amountMinor < 0) == (rest.amountMinor < 0),
      abs(amount.amountMinor) <= abs(rest.amountMinor)
    else {
      throw Fault(
        .invalidValue, "of the line `\(line.key)` \(rest) is left to credit",
        at: pointer + "/amount")
    }
    return Line(of: line, amount: try -amount)
  }

  /// What is left to credit of a line, given the documents of the credit notes so far.
  package static func rest(
    of line: String, in invoice: BilledInvoice, earlier: [JSON]
  ) throws -> Money {
    let credited = try credited(earlier, invoice.currency)[line] ?? .zero(invoice.currency)
    return try invoice.line(line).billed.amount + credited
  }

  /// What credit notes say of each line.
  private static func credited(
    _ documents: [JSON], _ currency: Currency
  ) throws -> [String: Money] {
    var sums: [String: Money] = [:]
    for line in documents.flatMap({ $0["lines"]?.elements ?? [] }) {
      let amount = Money(minor: try Fixed(line["amount"]?.stringValue ?? "").units, currency)
      let key = line["key"]?.stringValue ?? ""
      sums[key] = try (sums[key] ?? .zero(currency)) + amount
    }
    return sums
  }
}
