import Base
import Foundation
import SQLite
import Services
import TestSupport
import Testing
import TimeZones

/// What was earned and is not billed yet, by calendar months, under random contracts of every cycle
/// that change while they run.
struct AccruedHistoriesTests {
  /// 20 in `make test`; `USANCE_HISTORIES=5000` before a release.
  private static let histories =
    ProcessInfo.processInfo.environment["USANCE_HISTORIES"].flatMap(Int.init) ?? 20

  private static let complaintsMax = 3
  private static let width = Width(promisesMax: 1, haveTwoTaxes: false, haveNotes: false)
  /// What takes off some months of a period sees fees as they are charged.
  private static let plain = Width(
    promisesMax: 1, haveMonths: false, haveTwoTaxes: false, haveNotes: false)

  @Test("calendar months add up to what is owed and was not billed")
  func addUp() async {
    await Self.tryAll("accruals", Self.width) { history, books in
      let periods = PeriodHistory.periods(of: history.terms)
      var finals: [JSON] = []
      let difference = try await PeriodTrial.played(history.acts, periods, &books, &finals)
      if let difference { return difference }
      try await books.tellRest()
      let accrued = try Self.months(of: history).reduce(0) { try $0 + books.accrual($1) }
      let owed = periods.reduce(0) { $0 + Self.sum(books.model.lines(of: $1)) }
      let billed = finals.reduce(0) { $0 + PeriodTrial.cents($1["net"]) }
      return accrued == owed - billed
        ? nil : "accrued are \(accrued) cents, of \(owed) owed \(billed) are billed"
    }
  }

  @Test("each calendar month has what came to be owed in it")
  func eachMonth() async {
    await Self.tryAll("accruals of months", Self.plain) { history, books in
      try await books.tellRest()
      for month in Self.months(of: history) {
        let (accrued, expected) = (try books.accrual(month), Self.expected(month, books.model))
        if accrued != expected {
          return "\(month): accrued are \(accrued) cents, right is \(expected)"
        }
      }
      return nil
    }
  }

  /// What the periods come to through the end of the month, less what through its start. A fee is
  /// earned by time, also before and after the period that it is billed with.
  private static func expected(_ month: Month, _ model: NaiveModel) -> Int {
    let (start, end) = (month.first, (month + 1).first)
    return PeriodHistory.periods(of: model.terms).reduce(0) { sum, period in
      let (first, next) = (model.terms.firstDay(of: period), model.terms.nextDay(of: period))
      func earned(before day: Day, through cut: Day? = nil) -> Int {
        var model = model
        model.accrued = day
        return Self.sum(model.lines(of: period, through: cut))
      }
      guard first < end, start < next else {
        return sum + earned(before: end) - earned(before: start)
      }
      let through = earned(before: end, through: end < next ? end : nil)
      return start > max(first, model.terms.from)
        ? sum + through - earned(before: start, through: start)
        : sum + through - earned(before: start) + earned(before: Day(number: 0))
    }
  }

  private static func sum(_ lines: [NaiveModel.Line]) -> Int {
    lines.reduce(0) { $0 + $1.amount }
  }

  /// The calendar months that the periods touch.
  private static func months(of history: PeriodHistory) -> [Month] {
    let last = PeriodHistory.periods(of: history.terms).last!
    let (first, end) = (history.terms.from.month, history.terms.nextDay(of: last).month)
    return (0...end - first).map { first + $0 }
  }

  /// The same, but that no period comes after those that are looked at.
  private static func ending(_ history: PeriodHistory) -> PeriodHistory {
    var history = history
    let end = history.terms.nextDay(of: PeriodHistory.periods(of: history.terms).last!)
    for place in history.terms.versions.indices {
      history.terms.versions[place].until = history.terms.versions[place].until ?? end
    }
    return history
  }

  private typealias Attempt =
    @Sendable (PeriodHistory, inout PeriodBooks) async throws -> String?

  private static func tryAll(
    _ name: String, _ width: Width, _ attempt: @escaping Attempt
  ) async {
    let started = ContinuousClock.now
    let zones = ZoneDatabase()
    var complaints: [String] = []
    for number in 0..<histories where complaints.count < complaintsMax {
      var random = SeededRandom(seed: SeededRandom.runSeed &+ UInt64(number) &* 104_729)
      let (history, difference) = await ending(PeriodHistory(width, &random)).shortest { history in
        do {
          var books = try PeriodBooks(history, zones)
          return try await attempt(history, &books)
        } catch {
          return "stopped: \(error)"
        }
      }
      guard let difference else { continue }
      complaints.append(
        "history \(number), seed \(SeededRandom.runSeed): \(difference)\n\(history.told)")
    }
    #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n\n"))")
    print("\(name): \(histories) histories in \(started.duration(to: .now))")
  }
}
