package import Base

extension Contract {
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
