package import Base
package import Settlement
package import Workflow

extension FinanceService {
  /// Notes that the customer disputes a line, or an `amount` of it before tax: what that comes to
  /// with its tax is not overdue until the dispute is resolved. Of a charge no more is in dispute
  /// than is owed for it; of a line that charges nothing, no more than can go back of the charges
  /// that it falls on. What another dispute claims is not claimed a second time.
  package func dispute(
    _ key: InvoiceKey, line: String, amount: Fixed? = nil, reason: String,
    _ books: any Books
  ) throws -> StoredInvoice {
    let invoice = try final(key, books)
    let disputes = try books.disputes(of: invoice)
    guard !disputes.contains(where: { $0.line == line }) else {
      throw Fault(.wrongInvoiceStatus, "the line is in dispute already", at: "/line")
    }
    let disputed = try DisputedLine(line, after: claims(on: invoice, disputes, books))
    let claimed = try disputed.claim(amount)
    let (gross, undisputed) = (try disputed.gross(of: claimed), invoice.undisputed)
    let held = gross.amountMinor < undisputed.amountMinor ? gross : undisputed
    _ = try held.storedMinor
    try books.record(
      InvoiceEvent(
        .disputed, of: key, by: books.author(reason), amount: held, line: line,
        claimed: claimed))
    return try books.invoice(key)
  }

  /// Ends a dispute: the line is upheld, or what is claimed of it is credited, as far as it is
  /// still owed; or only an `amount` of that, before tax.
  package func resolve(
    _ key: InvoiceKey, line: String, as resolution: InvoiceEvent.Resolution,
    amount: Fixed? = nil, reason: String, _ books: any Books
  ) throws -> StoredInvoice {
    let invoice = try final(key, books)
    let disputes = try books.disputes(of: invoice)
    var disputed = try DisputedLine(line, after: claims(on: invoice, [], books))
    guard let place = disputes.firstIndex(where: { $0.line == line }) else {
      throw Fault(.wrongInvoiceStatus, "the line is not in dispute", at: "/line")
    }
    let dispute = disputes[place]
    if resolution == .credited {
      let claimed = try FinanceService.credited(amount, of: dispute)
      let rest = try DisputedLine(line, after: claims(on: invoice, disputes[..<place], books))
      // What others claim stays for them, unless a later invoice gave too much of it back.
      if try rest.most.amountMinor >= claimed.amountMinor { disputed = rest }
      let parts = try disputed.parts(of: claimed)
      // A later invoice may have given it back already.
      if !parts.isEmpty {
        _ = try credit(key, parts, reason: reason, resolving: line, books)
      }
    } else if amount != nil {
      throw Fault(.invalidValue, "what is upheld has no amount", at: "/amount")
    }
    try release(dispute, of: invoice, as: resolution, books.author(reason), books)
    return try books.invoice(key)
  }

  private static func credited(_ asked: Fixed?, of dispute: OpenDispute) throws(Fault) -> Money {
    guard let claimed = dispute.claimed else {
      throw Fault(
        .invalidValue,
        "the dispute of line `\(dispute.line)` claims no amount: credit the charges and uphold it",
        at: "/resolution")
    }
    guard let asked else { return claimed }
    guard let fixed = asked.exactly(places: claimed.currency.minorDigits), fixed.units > 0,
      fixed.units <= claimed.amountMinor
    else {
      throw Fault(
        .invalidValue, "an amount up to the \(claimed) \(claimed.currency) in dispute is expected",
        at: "/amount")
    }
    return Money(minor: fixed.units, claimed.currency)
  }

  /// What is claimed of an invoice by those disputes, and what can go back of the rest.
  func claims(
    on invoice: StoredInvoice, _ disputes: some Collection<OpenDispute>, _ books: any Books
  ) throws -> Claims {
    let documents = try FinalDocuments(invoice.contract, books)
    var claims = try Claims(
      on: documents.billed(invoice), others: documents.others(than: invoice.key),
      notes: documents.notes)
    for dispute in disputes { try claims.add(dispute.claimed, of: dispute.line) }
    return claims
  }

  /// Lets go of what a credit note over some parts gave back of what is in dispute; `before` is
  /// what could go back before it.
  func reduce(
    _ disputes: [OpenDispute], of key: InvoiceKey, by parts: [CreditNote.Part], before: Claims,
    _ author: Author, _ books: any Books
  ) throws {
    let invoice = try books.invoice(key)
    let left = try OpenDispute.left(
      of: disputes, by: parts, before: before, after: claims(on: invoice, [], books),
      open: invoice.uncredited)
    for (dispute, left) in zip(disputes, left) {
      guard let left else {
        try release(dispute, of: invoice, as: .credited, author, books)
        continue
      }
      guard left != dispute else { continue }
      try books.record(
        InvoiceEvent(
          .disputeReduced, of: key, by: author, amount: try dispute.held - left.held,
          line: dispute.line, claimed: left.claimed))
    }
  }

  /// Lets go of all that is held of a line.
  private func release(
    _ dispute: OpenDispute, of invoice: StoredInvoice, as resolution: InvoiceEvent.Resolution,
    _ author: Author, _ books: any Books
  ) throws {
    try books.record(
      InvoiceEvent(
        .resolved, of: invoice.key, by: author, amount: dispute.held, line: dispute.line,
        resolution: resolution))
  }
}

extension StoredInvoice {
  /// What was billed and not credited.
  fileprivate var uncredited: Money {
    Money(minor: total.amountMinor - Int128(account.credited), total.currency)
  }

  /// What of that is not in dispute; never less than nothing.
  fileprivate var undisputed: Money {
    Money(minor: max(0, uncredited.amountMinor - Int128(account.held)), total.currency)
  }
}
