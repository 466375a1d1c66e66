package import Base

/// An invoice as it is kept: where it stands, and its document.
package struct StoredInvoice: Hashable, Sendable {
  /// What has happened since it was closed, in minor units as the customer owes them.
  package struct Account: Hashable, Sendable {
    package let credited: Int64
    package let paid: Int64
    /// In dispute.
    package let held: Int64
    package let due: CivilDate?

    package init(credited: Int64, paid: Int64, held: Int64, due: CivilDate?) {
      self.credited = credited
      self.paid = paid
      self.held = held
      self.due = due
    }
  }

  package let key: InvoiceKey
  package let contract: ContractKey
  package let customer: CustomerKey
  package let month: BillingMonth
  package let status: InvoiceStatus
  package let number: InvoiceNumber?
  package let rated: Instant
  package let finalised: Instant?
  package let total: Money
  package let periodEnd: Instant
  /// The last event of the log that it rests on.
  package let lastEvent: Int64?
  package let account: Account
  /// Goes up with everything that happens to it.
  package let lastChange: Int64
  /// What somebody must look at before a draft is finalised, or could have before it was; and what
  /// of it somebody has released.
  package let reasons: [HoldReason]
  package let released: [HoldReason]
  /// Whether a reason that holds the draft is not released.
  package let isHeld: Bool
  /// The text of the document, as it is in the database: see `statement`.
  package let document: String
  /// The digest that the document must have; nil where it was held against it already, and of a
  /// draft.
  private let unproven: String?

  package init(
    key: InvoiceKey, contract: ContractKey, customer: CustomerKey, month: BillingMonth,
    status: InvoiceStatus, number: InvoiceNumber?, rated: Instant, finalised: Instant?,
    total: Money, periodEnd: Instant, lastEvent: Int64?, account: Account, lastChange: Int64,
    reasons: [HoldReason], released: [HoldReason], isHeld: Bool, document: String,
    unproven: String?
  ) {
    self.key = key
    self.contract = contract
    self.customer = customer
    self.month = month
    self.status = status
    self.number = number
    self.rated = rated
    self.finalised = finalised
    self.total = total
    self.periodEnd = periodEnd
    self.lastEvent = lastEvent
    self.account = account
    self.lastChange = lastChange
    self.reasons = reasons
    self.released = released
    self.isHeld = isHeld
    self.document = document
    self.unproven = unproven
  }

  /// What is still owed; nothing where it is a draft or void.
  package var open: Money {
    let paid = Int128(account.credited) + Int128(account.paid)
    return status == .final
      ? Money(minor: total.amountMinor - paid, total.currency) : .zero(total.currency)
  }

  /// Whether something that nobody disputes is owed after the day it was due.
  package func isOverdue(on day: CivilDate) -> Bool {
    guard let due = account.due, due < day else { return false }
    return open.amountMinor - Int128(account.held) > 0
  }

  /// What an act is told that needs a final invoice.
  package var wrongStatus: Fault {
    Fault(.wrongInvoiceStatus, "the invoice is \(status.rawValue), not final")
  }

  /// What was billed, line by line; only of an invoice that has a number.
  package func billed() throws -> IssuedInvoice {
    guard let number else {
      throw Fault(.wrongInvoiceStatus, "the invoice is a draft; it has to be final for this")
    }
    return try IssuedInvoice(statement(), key: key, number: number, month: month)
  }

  /// The document; a fault where it is not the one that was issued.
  package func statement() throws -> JSON {
    if let unproven, Digest(of: document.utf8).hex != unproven {
      throw Fault.notAsWritten("invoice \(key)")
    }
    return try JSON(parsing: Array(document.utf8))
  }

  /// The sum of the lines, before tax.
  package func net() throws -> Money {
    let document = try statement()
    let fixed = try document["net"]?.stringValue.map { try Fixed($0) }
    return fixed.map { Money(minor: $0.units, total.currency) } ?? total
  }
}

extension Fault {
  /// A row that was kept for good and is not what was written.
  package static func notAsWritten(_ row: String) -> Fault {
    Fault(.dataDamaged, "\(row) is not what was written, and is not used; run `usance verify`")
  }
}
