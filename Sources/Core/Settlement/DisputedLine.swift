package import Base
import Rating

/// What of a line may be in dispute: what is left of a charge, or, of a line that charges nothing,
/// what can still go back of the charges that it falls on.
package struct DisputedLine {
  private let line: BilledInvoice.Line
  private let invoice: BilledInvoice
  private let others: [BilledInvoice]
  private let notes: [InvoiceKey: [IssuedCreditNote]]
  private let charges: [(key: String, left: Money)]

  /// `others` and `notes` are those of `CreditNote`.
  package init(
    _ key: String, of invoice: BilledInvoice, others: [BilledInvoice],
    notes: [InvoiceKey: [IssuedCreditNote]]
  ) throws(Fault) {
    line = try invoice.line(key)
    (self.invoice, self.others, self.notes) = (invoice, others, notes)
    let creditable = try Creditable(invoice, others: others, notes: notes)
    let place = invoice.lines.firstIndex { $0.key == key }!
    let places = line.isCharge ? [place] : creditable.charges(behind: place)
    charges = places.map { (invoice.lines[$0].key, creditable.left(at: $0)) }
  }

  package var isCharge: Bool { line.isCharge }

  /// The most that may be claimed of it, before tax.
  package var most: Money {
    get throws(Fault) { try .sum(charges.map(\.left), invoice.currency) }
  }

  /// What is claimed where `asked` is: all that is left of a charge, where nothing is; nil of a
  /// line that charges nothing.
  package func claim(_ asked: Fixed?) throws(Fault) -> Money? {
    let most = try most
    guard let asked else {
      guard isCharge else { return nil }
      guard most.amountMinor > 0 else {
        throw Fault(
          .wrongInvoiceStatus, "line `\(line.key)`: nothing of it is owed that could be disputed",
          at: "/line")
      }
      return most
    }
    guard let fixed = asked.exactly(places: invoice.currency.minorDigits), fixed.units > 0,
      fixed.units <= most.amountMinor
    else {
      throw Fault(
        .invalidValue,
        "line `\(line.key)`: an amount up to \(most) \(most.currency) can be disputed, before tax",
        at: "/amount")
    }
    return Money(minor: fixed.units, invoice.currency)
  }

  /// The lines that a credit note names to give a claim back, as far as that much is left.
  package func parts(of claim: Money) throws(Fault) -> [CreditNote.Part] {
    let amount = Money(minor: min(claim.amountMinor, try most.amountMinor), invoice.currency)
    guard amount.amountMinor > 0 else { return [] }
    let shares = try amount.shared(by: charges.map(\.left.amountMinor))
    return zip(charges, shares).filter { $1.amountMinor > 0 }.map {
      CreditNote.Part(line: $0.key, amount: $1.fixed)
    }
  }

  /// What a claim comes to with its tax: what a credit note over it would give back.
  package func gross(of claim: Money?) throws -> Money {
    let parts = try claim.map { (claim) throws(Fault) in try self.parts(of: claim) } ?? []
    guard !parts.isEmpty else { return .zero(invoice.currency) }
    let note = try CreditNote(
      of: invoice, parts: parts, reason: "disputed", others: others, notes: notes)
    return try -note.total
  }
}

extension BilledInvoice.Line {
  var isCharge: Bool { billed.amount.amountMinor > 0 }
}

/// A dispute that is not resolved.
package struct OpenDispute: Sendable {
  package let line: String
  /// What is claimed, before tax; nil where no amount is.
  package var claimed: Money?
  /// What is held for it, with its tax.
  package var held: Money

  /// Those that the events of an invoice leave open, in the order in which they began.
  package static func all(_ events: [JSON], in currency: Currency) throws -> [OpenDispute] {
    var open: [OpenDispute] = []
    for event in events {
      guard let kind = event["kind"]?.stringValue.flatMap(InvoiceEvent.Kind.init),
        let line = event["line"]?.stringValue
      else { continue }
      let claimed = try event["claimed"]?.stringValue.map {
        Money(minor: try Fixed($0).units, currency)
      }
      let amount = Money(minor: try Fixed(event["amount"]?.stringValue ?? "").units, currency)
      switch kind {
      case .disputed: open.append(OpenDispute(line: line, claimed: claimed, held: amount))
      case .disputeReduced:
        guard let place = open.firstIndex(where: { $0.line == line }) else { continue }
        open[place].claimed = claimed
        open[place].held = try open[place].held - amount
      case .resolved: open.removeAll { $0.line == line }
      default: continue
      }
    }
    return open
  }
}
