package import Base
import Contracts
import Rating

/// What one act moves between accounts: the debits and the credits of an entry are equal.
package struct LedgerEntry: Hashable, Sendable {
  package struct Posting: Hashable, Sendable {
    package let account: LedgerAccount
    /// Minor units; positive is a debit, negative a credit. Never zero.
    package let debit: Money
  }

  package let kind: InvoiceEvent.Kind
  package let invoice: InvoiceKey
  /// The number of the document that says it.
  package let reference: String?
  package let postings: [Posting]

  /// The debits by account; what adds up to nothing is left out.
  private init(
    _ kind: InvoiceEvent.Kind, _ invoice: InvoiceKey, _ reference: String?,
    _ debits: [(LedgerAccount, Money)]
  ) throws(Fault) {
    var sums: [LedgerAccount: Money] = [:]
    for (account, amount) in debits {
      sums[account] = try (sums[account] ?? .zero(amount.currency)) + amount
    }
    self.kind = kind
    self.invoice = invoice
    self.reference = reference
    postings = sums.filter { $0.value.amountMinor != 0 }.sorted { $0.key < $1.key }
      .map { Posting(account: $0, debit: $1) }
  }

  /// The customer owes the total; it was earned, line by line, and the tax is owed on. What moves
  /// without a charge is booked with it.
  package static func finalised(_ invoice: IssuedInvoice) throws(Fault) -> LedgerEntry {
    var debits = [(LedgerAccount.receivable, invoice.total)]
    for line in invoice.lines {
      debits.append((line.account, try -line.billed.amount))
      guard let moves = line.billed.moves else { continue }
      debits += [
        (.credits, moves.given), (.prepaid, try moves.expired - moves.given),
        (.revenue(.prepaid), try -moves.expired), (.contractAsset, try -moves.writtenOff),
        (.revenue(.holdback), moves.writtenOff),
      ]
    }
    debits.append((.taxPayable, try -invoice.tax))
    return try LedgerEntry(.finalised, invoice.key, invoice.number.description, debits)
  }

  /// The exact reverse of its finalisation.
  package static func voided(_ invoice: IssuedInvoice) throws(Fault) -> LedgerEntry {
    var debits: [(LedgerAccount, Money)] = []
    for posting in try finalised(invoice).postings {
      debits.append((posting.account, try -posting.debit))
    }
    return try LedgerEntry(.voided, invoice.key, invoice.number.description, debits)
  }

  /// The amounts of a credit note are negative where they take back a charge.
  package static func credited(
    _ note: CreditNote, _ number: InvoiceNumber
  ) throws(Fault) -> LedgerEntry {
    var debits = [(LedgerAccount.receivable, note.total)]
    for line in note.lines { debits.append((line.of.account, try -line.amount)) }
    debits.append((.taxPayable, try -note.tax))
    return try LedgerEntry(.credited, note.invoice.key, number.description, debits)
  }

  /// The exact reverse of a credit note's; `number` is that of the document that takes it back.
  package static func creditVoided(
    _ note: IssuedCreditNote, of invoice: IssuedInvoice, _ number: InvoiceNumber
  ) throws(Fault) -> LedgerEntry {
    var debits = [(LedgerAccount.receivable, try -note.total)]
    for line in note.lines {
      guard let billed = invoice.lines.first(where: { $0.key == line.key }) else { continue }
      debits.append((billed.account, line.amount))
    }
    debits.append((.taxPayable, note.tax))
    return try LedgerEntry(.creditVoided, invoice.key, number.description, debits)
  }

  package static func paid(
    _ invoice: InvoiceKey, _ amount: Money, reference: String
  ) throws(Fault) -> LedgerEntry {
    try LedgerEntry(
      .paid, invoice, reference, [(.cash, amount), (.receivable, try -amount)])
  }

  /// The exact reverse of a payment.
  package static func returned(
    _ invoice: InvoiceKey, _ amount: Money, reference: String
  ) throws(Fault) -> LedgerEntry {
    try LedgerEntry(
      .returned, invoice, reference, [(.receivable, amount), (.cash, try -amount)])
  }

  /// The body that is kept and vouched for by the chain. `day` is the day as of which it counts, a
  /// bank's day of value, while `at` is when it was entered.
  package func json(at: Instant, on day: CivilDate, by name: String, customer: CustomerKey) -> JSON
  {
    .object([
      "kind": .string(kind.rawValue), "at": .text(at), "day": .text(day), "by": .string(name),
      "customer": .text(customer), "invoice": .text(invoice),
      "reference": reference.map(JSON.string),
      "currency": postings.first.map { .text($0.debit.currency) },
      "postings": .array(
        postings.map { posting in
          let isDebit = posting.debit.amountMinor > 0
          let amount = Money(
            minor: abs(posting.debit.amountMinor), posting.debit.currency)
          return .object([
            "account": .text(posting.account), isDebit ? "debit" : "credit": .text(amount),
          ])
        }),
    ])
  }
}
