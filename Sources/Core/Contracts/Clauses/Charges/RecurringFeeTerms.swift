package import Base

/// A fee for each week, month, quarter or year, before or after it. Formula: Rating,
/// `RecurringFee`.
package struct RecurringFeeTerms: ClauseTerms {
  package static var kind: String { "recurringFee" }

  package enum Interval: String, CaseIterable, Sendable {
    case week, month, quarter, year
  }

  package enum Due: String, CaseIterable, Sendable {
    /// On the invoice of the month in which the interval starts.
    case advance
    /// On that of the month in which it ends.
    case arrears
  }

  package let amount: Fixed
  package let interval: Interval
  package let due: Due
  /// The day of the month on which intervals start, 1 to 31, drawn back to the last one of a
  /// shorter month; of weeks the day of the week, 1 for Monday. Nil for the day on which the
  /// contract started.
  package let day: Int?
  /// The month in which quarters or years start; nil for the one in which the contract started.
  package let month: Int?
  package let proration: Proration
  /// Where each asset is charged by itself, for how much of the time; nil is `served`.
  package let assetTime: AssetTime?

  package init(
    amount: Fixed, every interval: Interval = .month, due: Due = .arrears, day: Int? = nil,
    month: Int? = nil, proration: Proration = .day, assetTime: AssetTime? = nil
  ) {
    self.amount = amount
    self.interval = interval
    self.due = due
    self.day = day
    self.month = month
    self.proration = proration
    self.assetTime = assetTime
  }
}

extension RecurringFeeTerms {
  package func summary(in currency: Currency) -> String {
    "\(amount) \(currency) a \(interval.rawValue)"
  }

  package init?(_ fields: inout FieldReader) {
    let amount = fields.required("amount", Node.decimal)
    let interval: Interval? = fields.required("every", Node.word)
    let due: Due? = fields.optional("due", Node.word)
    let day = fields.optional("day", Node.integer(in: 1...31))
    let month = fields.optional("month", Node.integer(in: 1...12))
    let proration: Proration? = fields.optional("proration", Node.word)
    if interval == .week, let day, day > 7 {
      fields.refuse("day", "a week has the days 1, for Monday, to 7")
    }
    if month != nil, interval == .week || interval == .month {
      fields.refuse("month", "only quarters and years start in a certain month")
    }
    let assetTime = AssetTime.read(&fields)
    guard let amount, let interval else { return nil }
    self.init(
      amount: amount, every: interval, due: due ?? .arrears, day: day, month: month,
      proration: proration ?? .day, assetTime: assetTime)
  }

  package var members: [JSON.Member] {
    let terms: [(String, JSON?)] = [
      ("amount", .decimal(amount)), ("every", .string(interval.rawValue)),
      ("due", .string(due.rawValue)), ("day", day.map { .integer($0) }),
      ("month", month.map { .integer($0) }), ("proration", .string(proration.rawValue)),
      ("assetTime", assetTime.map { .string($0.rawValue) }),
    ]
    return terms.compactMap { name, value in value.map { JSON.Member(name, $0) } }
  }
}
