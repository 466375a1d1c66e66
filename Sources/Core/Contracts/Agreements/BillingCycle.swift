package import Base

/// How long the billing periods of a contract are, and on which day they begin. A period is named
/// by the month in which it begins.
package struct BillingCycle: Hashable, Sendable {
  package enum Length: String, CaseIterable, Sendable {
    case month, quarter, halfYear, year

    package var months: Int {
      switch self {
      case .month: 1
      case .quarter: 3
      case .halfYear: 6
      case .year: 12
      }
    }
  }

  package static let monthly = BillingCycle(.month)

  package let length: Length
  /// 1...31; in a month that has no such day, its last one.
  package let anchorDay: Int
  /// 1...12: a month in which a period begins. Of no matter where every month does.
  package let anchorMonth: Int

  package init(_ length: Length, anchorDay: Int = 1, anchorMonth: Int = 1) {
    self.length = length
    self.anchorDay = anchorDay
    self.anchorMonth = anchorMonth
  }

  package func begins(in month: BillingMonth) -> Bool {
    (month.month - anchorMonth).isMultiple(of: length.months)
  }

  package func firstDay(of month: BillingMonth) -> CivilDate {
    let days = CivilDate.dayCount(year: month.year, month: month.month)
    return CivilDate(year: month.year, month: month.month, day: min(anchorDay, days))!
  }

  /// The month of the contract that holds a day: from one anchor day to the next.
  package func month(holding day: CivilDate) -> BillingMonth {
    let month = BillingMonth(year: day.year, month: day.month)!
    return firstDay(of: month) > day ? month.previous : month
  }

  /// The period that holds a month of the contract, by its first month.
  package func period(holding month: BillingMonth) -> BillingMonth {
    let passed = month.month - anchorMonth
    return month.advanced(by: -((passed + 12) % length.months))
  }

  /// The period of a day.
  package func period(holding day: CivilDate) -> BillingMonth {
    period(holding: month(holding: day))
  }

  /// The last month before another in which a period begins.
  func month(before other: BillingMonth) -> BillingMonth {
    period(holding: other.previous)
  }

  package func next(after month: BillingMonth) -> BillingMonth {
    month.advanced(by: length.months)
  }

  package func previous(before month: BillingMonth) -> BillingMonth {
    month.advanced(by: -length.months)
  }

  /// From local midnight of the first day to local midnight of the next period's.
  package func period(_ month: BillingMonth, in zone: ZoneRules) -> Period {
    Period(
      start: zone.startOfDay(firstDay(of: month)),
      end: zone.startOfDay(firstDay(of: next(after: month))))
  }
}

extension BillingCycle {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let length: Length? = fields.required("every", Node.word)
    let day = fields.optional("anchorDay", Node.integer(in: 1...31))
    let month = fields.optional("anchorMonth", Node.integer(in: 1...12))
    guard fields.isValid, let length else { throw fields.failure }
    self.init(length, anchorDay: day ?? 1, anchorMonth: month ?? 1)
  }

  var json: JSON {
    .object([
      "every": .string(length.rawValue), "anchorDay": .integer(anchorDay),
      "anchorMonth": length == .month ? nil : .integer(anchorMonth),
    ])
  }
}

/// As a span, it is the periods of a contract that are judged together: one such stretch behind the
/// other from the period in which the contract began.
extension BillingCycle.Length {
  /// The stretch that holds a month; `start` names the first period of the contract. A month before
  /// the contract is a stretch by itself.
  package func stretch(
    holding month: BillingMonth, since start: BillingMonth
  ) -> ClosedRange<BillingMonth> {
    let passed = (month.year - start.year) * 12 + month.month - start.month
    guard passed >= 0 else { return month...month }
    let first = month.advanced(by: -(passed % months))
    return first...first.advanced(by: months - 1)
  }
}
