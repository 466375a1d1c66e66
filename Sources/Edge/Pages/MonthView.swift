package import Base

/// One month of one customer. What is nil is not known, which is not zero.
package struct MonthView: Sendable {
  package let month: BillingMonth
  package let hours: Fixed?
  package let cycles: Fixed?
  package let severity: Fixed?
  package let amount: Money?
  package let state: State
  /// Only a final invoice has a number.
  package let invoiceNumber: String?

  package init(
    month: BillingMonth, hours: Fixed?, cycles: Fixed?, severity: Fixed?, amount: Money?,
    state: State, invoiceNumber: String?
  ) {
    self.month = month
    self.hours = hours
    self.cycles = cycles
    self.severity = severity
    self.amount = amount
    self.state = state
    self.invoiceNumber = invoiceNumber
  }

  /// How far the month's invoice has come.
  package enum State: String, CaseIterable, Sendable {
    case final, draft
    /// The month is not over yet: the amount so far.
    case running
  }
}

/// How many of the shown months stand where.
package struct MonthStates: Hashable, Sendable {
  package let final: Int
  package let draft: Int
  package let running: Int
  /// Months whose amount is not known, and is missing from the sum.
  package let unpriced: Int

  package init(final: Int, draft: Int, running: Int, unpriced: Int = 0) {
    self.final = final
    self.draft = draft
    self.running = running
    self.unpriced = unpriced
  }

  package init(_ states: [MonthView.State], unpriced: Int = 0) {
    self.unpriced = unpriced
    final = states.count { $0 == .final }
    draft = states.count { $0 == .draft }
    running = states.count { $0 == .running }
  }

  /// `2 invoices final, 1 month running`; nil where there is no month.
  var text: String? {
    var parts: [String] = []
    if final > 0 { parts.append("\(final.counted("invoice")) final") }
    let drafts = final > 0 ? "" : draft == 1 ? "invoice " : "invoices "
    if draft > 0 { parts.append("\(draft) \(drafts)draft") }
    if running > 0 { parts.append("\(running.counted("month")) running") }
    if unpriced > 0 { parts.append("\(unpriced) not priced, left out") }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}
