package import Base
import Contracts
package import Rating

/// What an earlier invoice would say today, less what has been billed for it: one line for each of
/// its lines that changed, or one for each tax that falls on that.
///
///     billed     = line of the final invoice + corrections of it in later ones
///     correction = recomputed - billed                  or, where credit notes took back of it:
///     correction = owed - (billed - credited)           see `Credited`
///
/// The final invoice itself stays as it is, and so does what was given out of goodwill. Source:
/// domain, section 3, late data.
package struct InvoiceCorrections {
  private let invoice: IssuedInvoice
  /// All final invoices of the contract, by month.
  private let books: [BillingMonth: IssuedInvoice]
  /// What credit notes took back of it, wherever it was billed.
  package let credited: Credited
  /// By the keys of whole lines, what was billed for them, wherever that stands.
  private var accounts: [String: LineAccount] = [:]
  /// Those keys: the lines of the invoice in order, then those that a later one brought.
  private var keys: [String] = []

  /// `later` are the final invoices of the contract that may have carried corrections of it;
  /// `notes` are the credit notes on all of them, and on the invoice itself, by their keys.
  package init(
    of invoice: IssuedInvoice, later: [IssuedInvoice],
    notes: [InvoiceKey: [IssuedCreditNote]] = [:]
  ) throws(Fault) {
    self.invoice = invoice
    books = Dictionary(([invoice] + later).map { ($0.month, $0) }) { first, _ in first }
    var credited = Credited(in: invoice.currency)
    for document in [invoice] + later {
      let pieces = Dictionary(grouping: document.pieces, by: \.place)
      for (place, line) in document.lines.enumerated() where line.isOf(invoice, in: document) {
        let name = line.name(in: document.key).line
        if accounts[name] == nil { keys.append(name) }
        var account = accounts[name] ?? LineAccount(line, in: invoice.currency)
        try account.add(line, pieces[place] ?? [], of: document.key)
        accounts[name] = account
      }
      for line in (notes[document.key] ?? []).flatMap(\.lines) {
        guard let billed = document.lines.first(where: { $0.key == line.key }),
          billed.isOf(invoice, in: document)
        else { continue }
        let name = billed.name(in: document.key).line
        let parts = line.pieces(in: document)
        for (root, amount) in parts {
          try credited.add(-amount, to: Credited.Piece(name, on: root.line))
        }
        try accounts[name]?.takeBack(line, parts, billed.tax)
      }
    }
    self.credited = credited
  }

  /// What has been billed for a line and not been credited, wherever that stands.
  package func standing(_ line: String) throws(Fault) -> Money {
    guard let account = accounts[line] else { return .zero(invoice.currency) }
    return try account.billed.amount - account.credited.amount
  }

  /// `recomputed` are the lines of the period as its clauses make them now.
  package func lines(_ recomputed: [InvoiceLine]) throws(Fault) -> [InvoiceLine] {
    var now: [Credited.Piece: Money] = [:]
    for (piece, amount) in recomputed.flatMap(\.rated.pieces) {
      now[piece] = try (now[piece] ?? .zero(invoice.currency)) + amount
    }
    let owed = try credited.owed(now)
    var lines: [InvoiceLine] = []
    for line in recomputed { lines += try correction(of: line, owed) }
    let standing = Set(recomputed.map(\.rated.key))
    for key in keys where !standing.contains(key) {
      guard let account = accounts[key], let line = account.line, !line.isCarried else {
        continue
      }
      lines += try withdrawal(
        of: key, account,
        line.corrects == nil ? description(line.description) : line.description,
        because: "The line is no longer there.")
    }
    return lines
  }

  /// Takes off what the invoice left to the next one; nil where that is nothing, or done.
  package func carriedOn() throws(Fault) -> InvoiceLine? {
    guard let line = invoice.lines.first(where: { $0.stage == .carried }),
      let account = accounts[line.key]
    else { return nil }
    return try withdrawal(
      of: line.key, account, "Carried from \(invoice.month), \(invoice.number)",
      because: "What it owes to the customer is taken off here."
    ).first
  }

  private func correction(
    of line: InvoiceLine, _ owed: [Credited.Piece: Money]
  ) throws(Fault) -> [InvoiceLine] {
    let (key, currency) = (line.rated.key, invoice.currency)
    let account = accounts[key] ?? LineAccount(nil, in: currency)
    var (amount, shares) = (Money.zero(currency), [LineShare]())
    for (piece, part) in line.rated.pieces {
      let left = owed[piece] ?? part
      amount = try amount + left
      let clause = line.rated.shares.first { $0.line == piece.root }?.clause ?? line.rated.clause
      shares.append(LineShare(piece.root, clause, try left - account.standing(on: piece.root)))
    }
    let known = Set(line.rated.pieces.map(\.piece.root))
    shares += try account.pieces.filter { !known.contains($0.root) }.map { (piece) throws(Fault) in
      LineShare(
        piece.root, clause(of: piece.root, or: line.rated.clause),
        try -account.standing(on: piece.root))
    }
    shares = shares.filter { $0.amount.amountMinor != 0 }
    let back = Money(minor: abs(line.rated.amount.amountMinor - amount.amountMinor), currency)
    let left = RatedLine.Billed(
      quantity: line.rated.quantity, amount: amount,
      grants: try line.rated.grants.adding(line.rated.grants.takingBack(back)))
    var rated = try line.rated.correcting(
      account.billed, less: account.credited, owed: left, key: self.key(key),
      description: description(line.rated.description))
    rated.shares =
      line.rated.standsAlone && account.standsAlone(key)
      ? try earlierShares(of: rated, line.rated.shares, account) : shares
    return try lines(
      rated, of: key, line.rated.stage, account, evidence: line.evidence)
  }

  private func withdrawal(
    of key: String, _ account: LineAccount, _ description: String, because reason: String
  ) throws(Fault) -> [InvoiceLine] {
    let line = account.line!
    var rated = try RatedLine.withdrawing(
      account.billed, less: account.credited, key: self.key(key), clause: line.clause,
      asset: line.asset, unit: line.unit, description: description, because: reason)
    if account.standsAlone(key) {
      rated.shares = try earlierShares(of: rated, [], account)
    } else {
      rated.shares = try account.pieces.map { (piece) throws(Fault) in
        LineShare(
          piece.root, clause(of: piece.root, or: line.clause),
          try -account.standing(on: piece.root))
      }.filter { $0.amount.amountMinor != 0 }
    }
    return try lines(
      rated, of: key, line.corrects?.stage ?? line.stage, account, evidence: [])
  }

  /// With the taxes that were billed before; those of what was not are the document's.
  private func lines(
    _ rated: RatedLine, of key: String, _ stage: RatingStage, _ account: LineAccount,
    evidence: [Evidence]
  ) throws(Fault) -> [InvoiceLine] {
    let origin = InvoiceLine.Origin.correction(
      invoice.key, invoice.number, line: key, stage, invoice.month,
      billed: try account.billed.amount - account.credited.amount)
    guard let before = account.line else {
      let line = InvoiceLine(rated, evidence: evidence, origin: origin)
      return rated.changesSomething ? [line] : []
    }
    let line = InvoiceLine(rated, evidence: evidence, origin: origin, keeping: before.tax)
    guard !rated.shares.isEmpty else { return rated.changesSomething ? [line] : [] }
    return try line.split { (share) throws(Fault) in tax(of: share, account) }
      .filter(\.rated.changesSomething)
  }

  /// What a share was billed with, or else the line that it falls on.
  private func tax(of share: LineShare, _ account: LineAccount) -> LineTax? {
    guard let month = share.month else {
      return account.pieces.first { $0.root == share.line }?.tax
        ?? accounts[share.line]?.line?.tax ?? account.line?.tax
    }
    if let known = account.earlier.first(where: { $0.line == share.line && $0.month == month }) {
      return known.tax
    }
    let line = books[month]?.lines.first { $0.whole == share.line && $0.corrects == nil }
    return line.map(\.tax) ?? account.line?.tax
  }

  /// How a correction of a line by itself falls on the lines of periods that it is made up of, so
  /// that each tax has its part: what these come to now, less what was billed of them. What credit
  /// notes took back of the line is counted with the taxes that they had.
  private func earlierShares(
    of rated: RatedLine, _ now: [LineShare], _ account: LineAccount
  ) throws(Fault) -> [LineShare] {
    var shares = now
    for piece in account.earlier {
      let known = shares.firstIndex { $0.line == piece.line && $0.month == piece.month }
      let clause = known.map { shares[$0].clause } ?? rated.clause
      let amount = known.map { shares[$0].amount } ?? .zero(invoice.currency)
      let share = LineShare(piece.line, clause, try amount - piece.billed, of: piece.month)
      if let known { shares[known] = share } else { shares.append(share) }
    }
    guard let first = shares.first else { return [] }
    let rest = try rated.amount - Money.sum(shares.map(\.amount), invoice.currency)
    if rest.amountMinor != 0 {
      let credits = account.creditedByTax
      let parts =
        credits.isEmpty ? [rest] : try rest.shared(by: credits.map(\.amount.amountMinor))
      for (place, part) in parts.enumerated() {
        let target =
          credits.isEmpty
          ? 0 : shares.firstIndex { tax(of: $0, account) == credits[place].tax } ?? 0
        let share = shares[target]
        shares[target] = LineShare(
          share.line, share.clause, try share.amount + part, of: share.month ?? first.month)
      }
    }
    return shares.filter { $0.amount.amountMinor != 0 }
  }

  private func clause(of root: String, or clause: String) -> String {
    accounts[root]?.line?.clause ?? clause
  }

  private func key(_ line: String) -> String { "correction/\(invoice.key)/\(line)" }

  private func description(_ text: String) -> String {
    "Correction of \(invoice.month), \(invoice.number): \(text)"
  }
}

extension RatedLine {
  fileprivate var changesSomething: Bool {
    amount.amountMinor != 0 || moves != nil || !grants.isEmpty
  }
}

extension IssuedInvoice.Line {
  /// Whether it says what a line of the invoice comes to: one that a clause made for it, or a
  /// correction of one.
  fileprivate func isOf(_ invoice: IssuedInvoice, in document: IssuedInvoice) -> Bool {
    guard let corrects else { return document.key == invoice.key && adjustment == nil }
    return corrects.invoice == invoice.key.text
  }
}
