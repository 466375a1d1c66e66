import Base
import Contracts
import Metering

/// What was used and what the baseline expected, over the days that are known on both sides.
struct Savings {
  let baseline: Ratio
  let adjustments: Ratio
  let actual: Ratio
  let dayCount: Int
  let validCount: Int

  static let none = Savings(
    baseline: .zero, adjustments: .zero, actual: .zero, dayCount: 0, validCount: 0)

  /// Negative where more was used than expected.
  var saved: Ratio { get throws(Fault) { try baseline - actual } }

  /// The share of the days that is known; none of no days.
  var coverage: Ratio {
    get throws(Fault) {
      dayCount == 0 ? .zero : try Ratio(Int128(validCount), over: Int128(dayCount))
    }
  }
}

/// The days of the year so far, each with what its meters showed.
struct BaselineDays {
  private struct Figures {
    let actual: Ratio
    let drivers: [Ratio]
  }

  /// Of the actual meter.
  let unit: String
  private let terms: BaselineTerms
  /// Nil where a meter knows nothing of the day.
  private let days: [(date: CivilDate, figures: Figures?)]

  init(
    _ terms: GainShareTerms, _ scope: ClauseScope, _ year: AccumulationYear, _ usage: UsageTable
  ) throws(Fault) {
    self.terms = terms.baseline
    let windows = BaselineDays.windows(of: year, scope)
    let actual = try usage.answer(scope.request(terms.actual, windows)).all
    var drivers: [[MeteredUsage]] = []
    for driver in terms.baseline.drivers {
      drivers.append(try usage.answer(scope.request(driver.meter, windows)).all.windows)
    }
    unit = actual.whole.unit.name
    var days: [(date: CivilDate, figures: Figures?)] = []
    for (place, window) in windows.enumerated() {
      let meters = [actual.windows[place]] + drivers.map { $0[place] }
      days.append((scope.windows.zone.date(at: window.start), try BaselineDays.figures(meters)))
    }
    self.days = days
  }

  private static func figures(_ meters: [MeteredUsage]) throws(Fault) -> Figures? {
    guard meters.allSatisfy(\.isKnown) else { return nil }
    var drivers: [Ratio] = []
    for meter in meters.dropFirst() { drivers.append(try meter.value.ratio) }
    return Figures(actual: try meters[0].value.ratio, drivers: drivers)
  }

  /// The days of the year so far, on the contract's calendar.
  static func windows(of year: AccumulationYear, _ scope: ClauseScope) -> Windows {
    let period = year.soFar
    // Twelve months have at most 366 days; the rest is room for a zone that turns back its date.
    return (try? Windows(of: period, .day, in: scope.windows.zone, countMax: 400))
      ?? Windows(period)
  }

  /// From the start of the year to each of the days, not included. What the drivers show is added
  /// up first: a sum over days of products is the product of sums, for the coefficients stay.
  func savings(beforeEach ends: [CivilDate]) throws(Fault) -> [Savings] {
    var (place, validCount, actual, adjustments) = (0, 0, Ratio.zero, Ratio.zero)
    var drivers = terms.drivers.map { _ in Ratio.zero }
    var all: [Savings] = []
    for end in ends {
      while place < days.count, days[place].date < end {
        let day = days[place]
        place += 1
        guard let figures = day.figures else { continue }
        validCount += 1
        actual = try actual + figures.actual
        adjustments = try adjustments + adjustment(on: day.date)
        for (driver, value) in figures.drivers.enumerated() {
          drivers[driver] = try drivers[driver] + value
        }
      }
      all.append(
        Savings(
          baseline: try expected(drivers, dayCount: validCount) + adjustments,
          adjustments: adjustments, actual: actual, dayCount: place, validCount: validCount))
    }
    return all
  }

  /// Before adjustments.
  private func expected(_ drivers: [Ratio], dayCount: Int) throws(Fault) -> Ratio {
    var sum = try terms.perDay.ratio * Ratio(Int128(dayCount))
    for (driver, value) in zip(terms.drivers, drivers) {
      sum = try sum + driver.coefficient.ratio * value
    }
    return sum
  }

  private func adjustment(on date: CivilDate) throws(Fault) -> Ratio {
    var sum = Ratio.zero
    for adjustment in terms.adjustments
    where adjustment.from <= date && adjustment.until.map({ date < $0 }) ?? true {
      sum = try sum + adjustment.perDay.ratio
    }
    return sum
  }
}
