package import Base

/// What was paid of an invoice, as it is kept.
package struct StoredPayment: Sendable {
  /// How it was taken back.
  package struct Return: Sendable {
    package let date: CivilDate
    package let author: Author

    package init(date: CivilDate, author: Author) {
      self.date = date
      self.author = author
    }
  }

  /// Counted from one, payment by payment of the invoice.
  package let number: Int
  package let amount: Money
  /// The day of value.
  package let date: CivilDate
  package let reference: String
  /// Who entered it, and when.
  package let author: Author
  package let returned: Return?

  package init(
    number: Int, amount: Money, date: CivilDate, reference: String, author: Author,
    returned: Return?
  ) {
    self.number = number
    self.amount = amount
    self.date = date
    self.reference = reference
    self.author = author
    self.returned = returned
  }
}

/// A payment as finance enters it.
package struct PaymentEntry: Sendable {
  package let amount: Fixed
  package let date: CivilDate
  package let reference: String
  /// Whether one that looks the same is known, and this is another one.
  package let isAnother: Bool

  package init(amount: Fixed, date: CivilDate, reference: String, isAnother: Bool = false) {
    self.amount = amount
    self.date = date
    self.reference = reference
    self.isAnother = isAnother
  }
}
