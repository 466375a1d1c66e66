import Base
import Contracts
import Rating
import Testing

struct RecurringFeeTests {
  private static let newYork = ZoneRules(
    name: "America/New_York", initialOffsetSeconds: -18_000,
    changes: [.init(secondsSinceEpoch: 1_362_898_800, offsetSeconds: -14_400)])

  /// `2013-01-15 46.15` for each line of the months from January to June of 2013.
  private func lines(
    _ terms: RecurringFeeTerms, from: String, until: String? = nil, zone: ZoneRules = .utc
  ) throws -> [String] {
    func day(_ text: String) throws -> Instant {
      zone.startOfDay(try Node.date(Node(.string(text))))
    }
    let term = Period(start: try day(from), end: try until.map(day) ?? .latest)
    return try (1...6).flatMap { month in
      let windows = RatingWindows(BillingMonth(year: 2013, month: month)!, term: term, zone: zone)
      guard !windows.period.isEmpty else { return [String]() }
      return try RecurringFee(terms, ClauseScope("fee", in: Currency("EUR"), windows)).lines()
        .map { "\(month): \($0.key.dropFirst(4)) \($0.amount)" }
    }
  }

  private func terms(
    _ every: RecurringFeeTerms.Interval, _ due: RecurringFeeTerms.Due, day: Int? = nil,
    month: Int? = nil, _ proration: Proration = .day
  ) throws -> RecurringFeeTerms {
    RecurringFeeTerms(
      amount: try Fixed("100.00"), every: every, due: due, day: day, month: month,
      proration: proration)
  }

  @Test func aMonthFromTheDayTheContractStarted() throws {
    #expect(
      try lines(terms(.month, .advance), from: "2013-01-31", until: "2013-05-10") == [
        "1: 2013-01-31 100.00", "2: 2013-02-28 100.00", "3: 2013-03-31 100.00",
        "4: 2013-04-30 32.26",
      ])
    #expect(
      try lines(terms(.month, .arrears), from: "2013-01-31", until: "2013-05-10") == [
        "2: 2013-01-31 100.00", "3: 2013-02-28 100.00", "4: 2013-03-31 100.00",
        "5: 2013-04-30 32.26",
      ])
  }

  @Test func aCalendarMonthIsBilledOnItsOwnInvoiceEitherWay() throws {
    for due in RecurringFeeTerms.Due.allCases {
      #expect(
        try lines(terms(.month, due, day: 1), from: "2013-01-16", until: "2013-04-01") == [
          "1: 2013-01-16 51.61", "2: 2013-02-01 100.00", "3: 2013-03-01 100.00",
        ])
    }
  }

  @Test func quartersAndYearsFromTheirMonth() throws {
    #expect(
      try lines(terms(.quarter, .advance, day: 1, month: 1), from: "2013-02-15") == [
        "2: 2013-02-15 50.00", "4: 2013-04-01 100.00",
      ])
    #expect(
      try lines(terms(.quarter, .arrears, day: 1, month: 1), from: "2013-02-15") == [
        "3: 2013-02-15 50.00", "6: 2013-04-01 100.00",
      ])
    #expect(
      try lines(terms(.year, .advance, day: 1, month: 4), from: "2013-03-02") == [
        "3: 2013-03-02 8.22", "4: 2013-04-01 100.00",
      ])
    #expect(try lines(terms(.year, .arrears), from: "2013-01-01") == [])
  }

  @Test func weeksFromMonday() throws {
    let lines = try lines(
      terms(.week, .advance, day: 1), from: "2013-01-02", until: "2013-02-06")
    #expect(
      lines == [
        "1: 2013-01-02 71.43", "1: 2013-01-07 100.00", "1: 2013-01-14 100.00",
        "1: 2013-01-21 100.00", "1: 2013-01-28 100.00", "2: 2013-02-04 28.57",
      ])
  }

  /// The day on which New York's clocks were put forward has 23 of the 743 hours of its month.
  @Test func aDayIsADayAndASecondASecond() throws {
    func fee(_ proration: Proration) throws -> [String] {
      try lines(
        terms(.month, .arrears, day: 1, proration), from: "2013-03-10", until: "2013-03-11",
        zone: Self.newYork)
    }
    #expect(try fee(.day) == ["3: 2013-03-10 3.23"])
    #expect(try fee(.second) == ["3: 2013-03-10 3.10"])
    #expect(try fee(.none) == ["3: 2013-03-10 100.00"])
  }

  /// However the contract lies, its intervals follow each other without a gap or an overlap, from
  /// its first day to its last.
  @Test(arguments: RecurringFeeTerms.Interval.allCases, RecurringFeeTerms.Due.allCases)
  func everyDayIsPaidOnce(every: RecurringFeeTerms.Interval, due: RecurringFeeTerms.Due) throws {
    for (start, length) in [(0, 1), (17, 200), (45, 400), (364, 731), (59, 28)] {
      let from = CivilDate(daysSinceEpoch: 15_706 + start)
      let until = CivilDate(daysSinceEpoch: 15_706 + start + length)
      let term = Period(start: ZoneRules.utc.startOfDay(from), end: ZoneRules.utc.startOfDay(until))
      var paid: [String] = []
      for offset in 0..<60 {
        let month = BillingMonth(year: 2013, month: 1)!.advanced(by: offset)
        let windows = RatingWindows(month, term: term, zone: .utc)
        guard !windows.period.isEmpty else { continue }
        let fee = RecurringFee(
          try terms(every, due, day: every == .week ? 3 : 31),
          ClauseScope("fee", in: try Currency("EUR"), windows))
        paid += try fee.lines().map(\.description)
      }
      let ends = paid.map { $0.split(separator: " ") }
      #expect(ends.first?[2] == "\(from)" as Substring)
      #expect(ends.last?[4] == "\(until)" as Substring)
      for (one, next) in zip(ends, ends.dropFirst()) { #expect(one[4] == next[2]) }
    }
  }
}
