package import Base

/// One thing that happened to an invoice: what, when, who did it, and why.
package struct InvoiceEvent: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    case finalised, voided, credited, paid, disputed, resolved
    /// A draft was written, or written anew; or it went, for there was nothing left to settle.
    case drafted, withdrawn
  }

  /// How a dispute ended.
  package enum Resolution: String, CaseIterable, Sendable {
    /// The line stands.
    case upheld
    /// The line was taken back by a credit note.
    case credited
  }

  package let invoice: InvoiceKey
  package let kind: Kind
  package let author: Author
  /// The total of the invoice, what was credited or paid, or what is in dispute; as the customer
  /// sees it: positive is what it owes, or has paid.
  package let amount: Money
  /// The day on which the invoice is due, or on which it was paid.
  package let day: CivilDate?
  /// The number of the invoice or credit note, or what the payment says.
  package let reference: String?
  /// The line in dispute.
  package let line: String?
  package let resolution: Resolution?
  /// The digest of the document that was issued with it.
  package let document: Digest?

  package init(
    _ kind: Kind, of invoice: InvoiceKey, by author: Author, amount: Money, day: CivilDate? = nil,
    reference: String? = nil, line: String? = nil, resolution: Resolution? = nil,
    document: Digest? = nil
  ) {
    self.invoice = invoice
    self.kind = kind
    self.author = author
    self.amount = amount
    self.day = day
    self.reference = reference
    self.line = line
    self.resolution = resolution
    self.document = document
  }

  /// The body that is kept and vouched for by the chain. The amount is in minor units.
  package var json: JSON {
    .object([
      "invoice": .text(invoice), "kind": .string(kind.rawValue), "at": .text(author.at),
      "by": .string(author.name), "why": author.reason.map(JSON.string),
      "amount": .text(amount), "minor": .integer(amount.amountMinor),
      "currency": .text(amount.currency), "day": day.map { .text($0) },
      "reference": reference.map(JSON.string), "line": line.map(JSON.string),
      "resolution": resolution.map { .string($0.rawValue) },
      "sha256": document.map { .string($0.hex) },
    ])
  }
}

/// Who does something, when, and why.
package struct Author: Hashable, Sendable {
  package let name: String
  package let at: Instant
  package let reason: String?

  package init(_ name: String, at: Instant, reason: String? = nil) {
    self.name = name
    self.at = at
    self.reason = reason
  }
}
