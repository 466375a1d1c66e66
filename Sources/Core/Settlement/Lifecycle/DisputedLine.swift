package import Base
import Rating

/// What of a line may be in dispute: what is left of a charge, or, of a line that charges nothing,
/// what can still go back of the charges that it falls on; less what is claimed there already.
package struct DisputedLine {
  private let line: IssuedInvoice.Line
  private let claims: Claims
  /// By their places in the invoice.
  private let charges: [(place: Int, left: Money)]

  package init(_ key: String, after claims: Claims) throws(Fault) {
    line = try claims.invoice.line(key)
    self.claims = claims
    charges = claims.charges(of: line)
  }

  package var isCharge: Bool { line.isCharge }

  /// The most that may be claimed of it, before tax.
  package var most: Money {
    get throws(Fault) { try .sum(charges.map(\.left), claims.invoice.currency) }
  }

  /// What is claimed where `asked` is: all that is left of a charge, where nothing is; nil of a
  /// line that charges nothing.
  package func claim(_ asked: Fixed?) throws(Fault) -> Money? {
    let most = try most
    guard let asked else {
      guard isCharge else { return nil }
      guard most.amountMinor > 0 else {
        throw Fault(
          .wrongInvoiceStatus,
          "line `\(line.key)`: nothing is owed of it that is not in dispute already", at: "/line")
      }
      return most
    }
    guard let fixed = asked.exactly(places: most.currency.minorDigits), fixed.units > 0,
      fixed.units <= most.amountMinor
    else {
      throw Fault(
        .invalidValue,
        """
        line `\(line.key)`: an amount up to \(most) \(most.currency) can be disputed, before tax, \
        beside what is in dispute already
        """, at: "/amount")
    }
    return Money(minor: fixed.units, most.currency)
  }

  /// The lines that a credit note names to give a claim back, as far as that much is left.
  package func parts(of claim: Money) throws(Fault) -> [CreditNote.Part] {
    try shares(of: claim).map {
      CreditNote.Part(line: claims.invoice.lines[$0.place].key, amount: $0.amount.fixed)
    }
  }

  func shares(of claim: Money) throws(Fault) -> [(place: Int, amount: Money)] {
    let amount = Money(minor: min(claim.amountMinor, try most.amountMinor), claim.currency)
    guard amount.amountMinor > 0 else { return [] }
    let shares = try amount.shared(by: charges.map(\.left.amountMinor))
    return zip(charges, shares).filter { $1.amountMinor > 0 }.map { ($0.place, $1) }
  }

  /// What a claim comes to with its tax: what a credit note over it would give back, after one over
  /// the claims before it. So all claims together are rounded once, as the notes over them are.
  package func gross(of claim: Money?) throws(Fault) -> Money {
    guard let claim else { return .zero(claims.invoice.currency) }
    var all = claims
    try all.add(claim, of: line.key)
    let gross = try all.gross - claims.gross
    return gross.amountMinor > 0 ? gross : .zero(gross.currency)
  }
}

/// What is claimed of the lines of an invoice, one claim after the other: each leaves less for the
/// next, also of the lines that fall on the same charge. So all of them together can be credited.
package struct Claims {
  let invoice: IssuedInvoice
  private var creditable: Creditable
  private var taken: Creditable.Taken = [:]
  /// The credit notes on the invoice.
  private let notes: [IssuedCreditNote]

  /// `others` and `notes` are those of `CreditNote`.
  package init(
    on invoice: IssuedInvoice, others: [IssuedInvoice], notes: [InvoiceKey: [IssuedCreditNote]]
  ) throws(Fault) {
    self.invoice = invoice
    self.notes = notes[invoice.key] ?? []
    creditable = try Creditable(invoice, others: others, notes: notes)
  }

  /// Adds a claim, as far as that much is left; nothing where no amount is claimed.
  package mutating func add(_ claim: Money?, of line: String) throws(Fault) {
    guard let claim else { return }
    for share in try DisputedLine(line, after: self).shares(of: claim) {
      let left = creditable.left(at: share.place)
      let amount = min(share.amount.amountMinor, left.amountMinor)
      let taken = try creditable.take(Money(minor: amount, claim.currency), at: share.place)
      self.taken.merge(taken) { $0 + $1 }
    }
  }

  /// What can still be claimed of the charges that a line is, or falls on.
  fileprivate func charges(of line: IssuedInvoice.Line) -> [(place: Int, left: Money)] {
    let place = invoice.lines.firstIndex { $0.key == line.key }!
    let places = line.isCharge ? [place] : creditable.charges(behind: place)
    return places.map { ($0, creditable.left(at: $0)) }
  }

  /// What a credit note over all of them would give back, with its tax.
  fileprivate var gross: Money {
    get throws(Fault) {
      guard !taken.isEmpty else { return .zero(invoice.currency) }
      let sums = try CreditNote.Sums(of: creditable.lines(taken), on: invoice, notes)
      return try -sums.total
    }
  }
}

extension IssuedInvoice.Line {
  var isCharge: Bool { billed.amount.amountMinor > 0 }
}
