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
    package let of: IssuedInvoice.Line
    /// What is added to what the customer owes: negative where a charge is taken back.
    package let amount: Money
    /// On which lines of the invoice it falls, where the line does.
    let shares: [(line: String, amount: Money)]
    /// What it changes of grants of prepaid credit.
    let grants: [GrantMovement]
  }

  package let invoice: IssuedInvoice
  package let reason: String
  package let lines: [Line]
  package let taxes: [TaxSum]
  package let net: Money
  package let tax: Money
  package let total: Money

  /// Without `parts` all that is left of the invoice. `others` are the other final invoices of the
  /// contract, and `notes` the credit notes so far by the invoices that they are on: no more goes
  /// back than came (see `Creditable`).
  ///
  /// The tax of all credit notes on an invoice together is that of all they credit: what one rounds
  /// up the next takes back, and an invoice that is credited whole leaves no cent of tax behind.
  package init(
    of invoice: IssuedInvoice, parts: [Part]?, reason: String, others: [IssuedInvoice] = [],
    notes: [InvoiceKey: [IssuedCreditNote]] = [:]
  ) throws {
    self.invoice = invoice
    self.reason = reason
    var creditable = try Creditable(invoice, others: others, notes: notes)
    var taken: Creditable.Taken = [:]
    if let parts {
      guard Set(parts.map(\.line)).count == parts.count else {
        throw Fault(.invalidValue, "a line is named twice", at: "/lines")
      }
      for (number, part) in parts.enumerated() {
        let (place, amount) = try CreditNote.read(part, at: "/lines/\(number)", of: invoice)
        try CreditNote.check(
          amount, at: "/lines/\(number)", invoice.lines[place], creditable, place)
        taken.merge(try creditable.take(amount, at: place)) { $0 + $1 }
      }
    } else {
      taken = try creditable.takeAll()
    }
    lines = creditable.lines(taken)
    guard !lines.isEmpty else {
      throw Fault(.wrongInvoiceStatus, "nothing of the invoice is left to credit")
    }
    let sums = try Sums(of: lines, on: invoice, notes[invoice.key] ?? [])
    (taxes, net, tax, total) = (sums.taxes, sums.net, sums.tax, sums.total)
  }

  /// What lines of a note come to, after the `notes` on the invoice so far.
  struct Sums {
    let taxes: [TaxSum]
    let net: Money
    let tax: Money
    let total: Money

    init(
      of lines: [Line], on invoice: IssuedInvoice, _ notes: [IssuedCreditNote]
    ) throws(Fault) {
      taxes = try CreditNote.taxes(of: lines, on: invoice, notes)
      net = try .sum(lines.map(\.amount), invoice.currency)
      tax = try .sum(taxes.map(\.amount), invoice.currency)
      total = try net + tax
    }
  }

  private static func taxes(
    of lines: [Line], on invoice: IssuedInvoice, _ notes: [IssuedCreditNote]
  ) throws(Fault) -> [TaxSum] {
    var before: [String: Money] = [:]
    for line in notes.flatMap(\.lines) {
      before[line.key] = try (before[line.key] ?? .zero(invoice.currency)) + line.amount
    }
    let all = invoice.lines.map { line in
      let now = lines.first { $0.of.key == line.key }?.amount
      return (
        tax: line.tax, before: before[line.key] ?? .zero(invoice.currency),
        now: now ?? .zero(invoice.currency)
      )
    }
    var sums: [(LineTax?, Money)] = []
    for line in all { sums.append((line.tax, try line.before + line.now)) }
    let (old, new) = (try TaxSum.sums(all.map { ($0.tax, $0.before) }), try TaxSum.sums(sums))
    var taxes: [TaxSum] = []
    for (old, new) in zip(old, new) {
      let base = try new.base - old.base
      guard base.amountMinor != 0 else { continue }
      // What the notes that stand gave back: where one between them was taken back, they need not
      // come to the tax of their sum.
      var given = Money.zero(invoice.currency)
      for note in notes { given = try given + note.tax(new.tax) }
      var amount = try new.amount - given
      if base.amountMinor < 0, amount.amountMinor > 0 { amount = .zero(invoice.currency) }
      taxes.append(TaxSum(new.tax, base: base, amount: amount))
    }
    return taxes
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
            "shares": line.shares.isEmpty
              ? nil
              : .array(
                line.shares.map { ["line": .string($0.line), "amount": .text($0.amount)] }),
            "grants": line.grants.isEmpty ? nil : .array(line.grants.map(\.json)),
          ])
        }),
      "net": .text(net), "taxes": taxes.isEmpty ? nil : .array(taxes.map(\.json)),
      "tax": .text(tax), "total": .text(total),
    ])
  }

  /// The line that a part names, and the amount.
  private static func read(
    _ part: Part, at pointer: String, of invoice: IssuedInvoice
  ) throws -> (place: Int, amount: Money) {
    do throws(Fault) { _ = try invoice.line(part.line) } catch {
      throw error.nested(under: pointer)
    }
    guard let fixed = part.amount.exactly(places: invoice.currency.minorDigits), fixed.units != 0
    else {
      throw Fault(
        .invalidValue, "expected an amount in the minor unit of \(invoice.currency), not zero",
        at: pointer + "/amount")
    }
    let place = invoice.lines.firstIndex { $0.key == part.line }!
    return (place, Money(minor: fixed.units, invoice.currency))
  }

  private static func check(
    _ amount: Money, at pointer: String, _ line: IssuedInvoice.Line, _ creditable: Creditable,
    _ place: Int
  ) throws(Fault) {
    guard line.billed.amount.amountMinor > 0 else {
      let lines = Set(line.shares.map { "`\($0.line)`" }).sorted().joined(separator: ", ")
      let instead = lines.isEmpty ? "a line that charges" : "the lines that it falls on, \(lines)"
      throw Fault(
        .invalidValue,
        "line `\(line.key)` charges nothing, and a credit note never charges: credit \(instead)",
        at: pointer + "/line")
    }
    let most = creditable.left(at: place)
    guard amount.amountMinor > 0, amount.amountMinor <= most.amountMinor else {
      throw Fault(
        .invalidValue,
        """
        line `\(line.key)`: at most \(most) \(most.currency) can still be credited, after what was \
        taken off it, corrected, credited and used
        """, at: pointer + "/amount")
    }
  }
}
