import Base

/// What two parties agreed on, in words of the model: amounts in cents, quantities in tenths.
struct AgreedTerms: Sendable {
  enum Cycle: String, CaseIterable {
    case month, quarter, halfYear, year

    var months: Int {
      switch self {
      case .month: 1
      case .quarter: 3
      case .halfYear: 6
      case .year: 12
      }
    }
  }

  struct Version {
    /// The first day on which it holds.
    var effective: Day
    var until: Day?
    var clauses: [AgreedClause]
  }

  var key = "c"
  var zone: String
  var cycle: Cycle
  var anchorDay: Int
  var anchorMonth: Int
  var from: Day
  /// Ascending by the days on which they take effect; the first one holds from the start.
  var versions: [Version]
  /// Which clauses bear 20 % and which 10 %; what is in neither bears none. Nil for 20 % on all.
  var taxed: (high: [String], low: [String])?

  /// Without `effective` it is to say nothing new but its end.
  func document(_ version: Version, isOfTheEnd: Bool = false) -> JSON {
    .object([
      "customer": "acme", "currency": "EUR", "zone": .string(zone),
      "billing": [
        "every": .string(cycle.rawValue), "anchorDay": .integer(anchorDay),
        "anchorMonth": .integer(anchorMonth),
      ],
      "from": .day(from), "until": version.until.map { .day($0) },
      "effective": isOfTheEnd ? nil : .day(version.effective),
      "clauses": .array(version.clauses.map(\.document)), "taxes": taxes(version),
    ])
  }

  private func taxes(_ version: Version) -> JSON {
    guard let taxed else { return [["tax": "t20"]] }
    let keys = Set(version.clauses.map(\.key))
    return .array(
      [("t20", taxed.high), ("t10", taxed.low)].compactMap { tax, clauses in
        let named = clauses.filter(keys.contains)
        guard !named.isEmpty else { return nil }
        return ["tax": .string(tax), "clauses": .array(named.map(JSON.string))]
      })
  }

  /// Where billing periods begin, by the months that name them.
  func begins(in month: Month) -> Bool {
    ((month.ofYear - anchorMonth) % cycle.months + cycle.months) % cycle.months == 0
  }

  func firstDay(of month: Month) -> Day { month.day(anchorDay) }

  /// The first day behind the period of that name.
  func nextDay(of period: Month) -> Day { firstDay(of: period + cycle.months) }

  /// The period that holds a day.
  func period(holding day: Day) -> Month {
    var month = day.month
    if firstDay(of: month) > day { month = month + -1 }
    while !begins(in: month) { month = month + -1 }
    return month
  }
}

struct AgreedClause: Equatable {
  enum Share: String { case none, day, second }
  enum Interval: String, CaseIterable { case week, month, quarter, year }

  enum Price: Equatable {
    case perUnit(Int)
    case package(amount: Int, units: Int)
    /// Tiers of a bound in whole units, a rate and a flat amount; the last has no bound.
    case graduated([Tier])
    case volume([Tier])
  }

  struct Tier: Equatable {
    var upTo: Int?
    var rate: Int
    var flat: Int
  }

  struct Usage: Equatable {
    var meter: String
    var price: Price
    var free: Int?
    var discountPercent: Int?
    var discountAmount: Int?
    var minimum: Int?
    var maximum: Int?
  }

  struct Recurring: Equatable {
    var amount: Int
    var every: Interval
    var isInAdvance: Bool
    var day: Int?
    var month: Int?
    var share: Share
  }

  struct Coupon: Equatable {
    var name: String
    var percent: Int?
    var amount: Int?
    var from: Month?
    var until: Month?
  }

  struct Grant: Equatable {
    var name: String
    var amount: Int
    var priority: Int
    var from: Month
    var until: Month?
    var bought: Month?
  }

  enum Kind: Equatable {
    case fee(amount: Int, isProrated: Bool)
    case recurring(Recurring)
    case usage(Usage)
    case discount([Coupon])
    case least(amount: Int, Share)
    case most(amount: Int, Share)
    case credit([Grant])
  }

  var key: String
  var kind: Kind
  var isPerAsset = false
  /// Whose lines it rests on; none for all that it may.
  var rests: [String] = []

  /// What may change inside a period, and is then priced by its days.
  var isOfUsage: Bool {
    switch kind {
    case .fee, .recurring, .usage: true
    case .discount, .least, .most, .credit: false
    }
  }
}

// MARK: - Documents

extension JSON {
  static func day(_ day: Day) -> JSON { .string(day.description) }
  static func month(_ month: Month) -> JSON { .string(month.description) }
  static func cents(_ cents: Int) -> JSON {
    .decimal(Fixed(units: Int128(cents), places: 2))
  }
  static func tenths(_ tenths: Int) -> JSON {
    .decimal(Fixed(units: Int128(tenths), places: 1))
  }
}

extension AgreedClause {
  var document: JSON {
    var members: [JSON.Member] = [.init("key", .string(key))]
    if isPerAsset { members.append(.init("perAsset", true)) }
    if !rests.isEmpty { members.append(.init("clauses", .array(rests.map(JSON.string)))) }
    guard case .object(let terms) = terms else { return .null }
    return .object(members + terms)
  }

  private var terms: JSON {
    switch kind {
    case .fee(let amount, let isProrated):
      return ["kind": "flatFee", "amount": .cents(amount), "prorated": .bool(isProrated)]
    case .recurring(let terms): return terms.document
    case .usage(let terms): return terms.document
    case .discount(let coupons):
      return ["kind": "discount", "coupons": .array(coupons.map(\.document))]
    case .least(let amount, let share):
      return [
        "kind": "minimumCommitment", "amount": .cents(amount),
        "proration": .string(share.rawValue),
      ]
    case .most(let amount, let share):
      return [
        "kind": "maximumSpend", "amount": .cents(amount), "proration": .string(share.rawValue),
      ]
    case .credit(let grants):
      return ["kind": "prepaidCredit", "grants": .array(grants.map(\.document))]
    }
  }
}

extension AgreedClause.Recurring {
  fileprivate var document: JSON {
    .object([
      "kind": "recurringFee", "amount": .cents(amount), "every": .string(every.rawValue),
      "due": isInAdvance ? "advance" : "arrears", "day": day.map { .integer($0) },
      "month": month.map { .integer($0) }, "proration": .string(share.rawValue),
    ])
  }
}

extension AgreedClause.Usage {
  fileprivate var document: JSON {
    .object([
      "kind": "usageCharge", "meter": .string(meter), "price": price.document,
      "free": free.map { .tenths($0) }, "discountPercent": discountPercent.map { .integer($0) },
      "discountAmount": discountAmount.map { .cents($0) }, "minimum": minimum.map { .cents($0) },
      "maximum": maximum.map { .cents($0) }, "missing": "hold",
    ])
  }
}

extension AgreedClause.Price {
  fileprivate var document: JSON {
    switch self {
    case .perUnit(let rate): ["model": "perUnit", "rate": .cents(rate)]
    case .package(let amount, let units):
      ["model": "package", "amount": .cents(amount), "units": .integer(units)]
    case .graduated(let tiers):
      ["model": "graduated", "tiers": .array(tiers.map(\.document))]
    case .volume(let tiers): ["model": "volume", "tiers": .array(tiers.map(\.document))]
    }
  }
}

extension AgreedClause.Tier {
  fileprivate var document: JSON {
    .object([
      "upTo": upTo.map { .integer($0) }, "rate": .cents(rate), "flat": .cents(flat),
    ])
  }
}

extension AgreedClause.Coupon {
  fileprivate var document: JSON {
    .object([
      "name": .string(name), "percent": percent.map { .integer($0) },
      "amount": amount.map { .cents($0) }, "from": from.map { .month($0) },
      "until": until.map { .month($0) },
    ])
  }
}

extension AgreedClause.Grant {
  fileprivate var document: JSON {
    .object([
      "name": .string(name), "amount": .cents(amount), "priority": .integer(priority),
      "from": .month(from), "until": until.map { .month($0) },
      "bought": bought.map { .month($0) },
    ])
  }
}
