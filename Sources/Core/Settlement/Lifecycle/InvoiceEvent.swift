package import Base

/// One thing that happened to an invoice: what, when, who did it, and why.
package struct InvoiceEvent: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    case finalised, voided, credited, paid, disputed, resolved
    /// A payment was taken back.
    case returned
    /// A credit note was taken back by a document of its own.
    case creditVoided
    /// Something of what is in dispute was credited; the rest stays in dispute.
    case disputeReduced
    /// A draft was written, or written anew; or it went, for there was nothing left to settle.
    case drafted, withdrawn
    /// A held draft was looked at, and what it was held for is as it should be.
    case released
    /// From then on its period is counted by the meters as they served at that time, not by those
    /// that it names; the next invoice carries the difference.
    case recounted
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
  /// The day on which the invoice is due, or on which it was paid, or what was paid was returned.
  package let day: CivilDate?
  /// The number of the invoice or credit note, or what the payment says.
  package let reference: String?
  /// Which payment of the invoice it is, or takes back, counted from one.
  package let payment: Int?
  /// The line in dispute.
  package let line: String?
  /// What of it is in dispute, before tax; nil where no amount is claimed.
  package let claimed: Money?
  package let resolution: Resolution?
  /// The number of the credit note that was taken back.
  package let creditNote: String?
  /// The digest of the document that was issued with it.
  package let document: Digest?
  /// What a draft is held for, or what was released.
  package let reasons: [HoldReason]
  /// The versions of meters that count from then on.
  package let meters: [MeterKey: Int]

  package init(
    _ kind: Kind, of invoice: InvoiceKey, by author: Author, amount: Money, day: CivilDate? = nil,
    reference: String? = nil, payment: Int? = nil, line: String? = nil, claimed: Money? = nil,
    resolution: Resolution? = nil, creditNote: String? = nil, document: Digest? = nil,
    reasons: [HoldReason] = [], meters: [MeterKey: Int] = [:]
  ) {
    self.invoice = invoice
    self.kind = kind
    self.author = author
    self.amount = amount
    self.day = day
    self.reference = reference
    self.payment = payment
    self.line = line
    self.claimed = claimed
    self.resolution = resolution
    self.creditNote = creditNote
    self.document = document
    self.reasons = reasons
    self.meters = meters
  }

  /// The body that is kept and vouched for by the chain. The amount is in minor units.
  package var json: JSON {
    .object([
      "invoice": .text(invoice), "kind": .string(kind.rawValue), "at": .text(author.at),
      "by": .string(author.name), "reason": author.reason.map(JSON.string),
      "amount": .text(amount), "minor": .integer(amount.amountMinor),
      "currency": .text(amount.currency), "day": day.map { .text($0) },
      "reference": reference.map(JSON.string), "payment": payment.map { .integer($0) },
      "line": line.map(JSON.string), "claimed": claimed.map { .text($0) },
      "resolution": resolution.map { .string($0.rawValue) },
      "creditNote": creditNote.map(JSON.string),
      "sha256": document.map { .string($0.hex) },
      "reasons": reasons.isEmpty ? nil : .array(reasons.map(\.json)),
      "meters": meters.isEmpty
        ? nil
        : .array(
          meters.sorted { $0.key < $1.key }
            .map { ["key": .text($0.key), "version": .integer($0.value)] }),
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
