package import Base

/// When the invoices of a contract are closed, when they are due, and how far back they correct
/// earlier ones. What is not agreed has a usual value.
package struct InvoicingTerms: Hashable, Sendable {
  /// Days behind the end of the period in which events may still come in.
  package let finaliseAfter: Int?
  /// Days from the day of finalisation to the day on which the invoice is due.
  package let paymentDays: Int?
  /// How many months back a late event is still settled; nil for all of them.
  package let correctMonths: Int?

  package static let none = InvoicingTerms(
    finaliseAfter: nil, paymentDays: nil, correctMonths: nil)

  package static let finaliseAfterUsual = 5
  package static let paymentDaysUsual = 30
}

extension Contract {
  /// Whether one of its periods has that month's name.
  package func isBilled(in month: BillingMonth) -> Bool {
    billing.begins(in: month) && from < billing.firstDay(of: billing.next(after: month))
      && until.map { billing.firstDay(of: month) < $0 } ?? true
  }

  /// The end of the grace window of a period that ends at `end`.
  package func graceEnd(periodEnd end: Instant) -> Instant {
    let days = invoicing.finaliseAfter ?? InvoicingTerms.finaliseAfterUsual
    return end.advanced(bySeconds: Int64(days) * 86_400)
  }

  /// The day on which an invoice of that day is due: as the contract says, or the customer.
  package func due(issued day: CivilDate, _ customer: Customer) -> CivilDate {
    let days =
      invoicing.paymentDays ?? customer.paymentDays ?? InvoicingTerms.paymentDaysUsual
    return CivilDate(daysSinceEpoch: day.daysSinceEpoch + days)
  }
}

extension InvoicingTerms {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let finaliseAfter = fields.optional("finaliseAfter", Node.integer(in: 0...90))
    let paymentDays = fields.optional("paymentDays", Node.integer(in: 0...365))
    let correctMonths = fields.optional("correctMonths", Node.integer(in: 0...120))
    guard fields.areSound else { throw fields.failure }
    self.init(
      finaliseAfter: finaliseAfter, paymentDays: paymentDays, correctMonths: correctMonths)
  }

  var json: JSON {
    .object([
      "finaliseAfter": finaliseAfter.map { .integer($0) },
      "paymentDays": paymentDays.map { .integer($0) },
      "correctMonths": correctMonths.map { .integer($0) },
    ])
  }
}
