import Base
import Contracts

/// What a recurring fee has been and will be over all of the contract, as its versions say.
struct FeeHistory {
  /// An amount, and when it holds.
  struct Stretch {
    let terms: RecurringFeeTerms
    let period: Period
  }

  /// A time in which the intervals stay as they are.
  struct Grid {
    var stretches: [Stretch]
    /// From when on it charges: an interval of the grid before, where that is not prorated, is paid
    /// up to its end.
    let from: Instant
    /// Whether another grid of the fee comes right before it.
    let follows: Bool

    var terms: RecurringFeeTerms { stretches[0].terms }
    var period: Period { Period(start: from, end: stretches[stretches.count - 1].period.end) }

    /// What holds at a moment of it, or at the end of it.
    func terms(at moment: Instant) -> RecurringFeeTerms {
      (stretches.last { $0.period.start <= moment } ?? stretches[0]).terms
    }
  }

  private(set) var grids: [Grid] = []

  init(_ terms: RecurringFeeTerms, _ scope: ClauseScope) {
    let (timeline, windows) = (scope.timeline(terms), scope.windows)
    for (place, entry) in timeline.enumerated() {
      guard let terms = entry.terms else { continue }
      let next = place + 1 < timeline.count ? timeline[place + 1].from : nil
      let period = Period(
        start: windows.zone.startOfDay(entry.from),
        end: next.map(windows.zone.startOfDay) ?? .latest
      ).intersection(windows.term)
      guard !period.isEmpty else { continue }
      append(Stretch(terms: terms, period: period), windows)
    }
  }

  private mutating func append(_ stretch: Stretch, _ windows: RatingWindows) {
    guard let last = grids.last,
      last.stretches[last.stretches.count - 1].period.end == stretch.period.start
    else {
      return grids.append(Grid(stretches: [stretch], from: stretch.period.start, follows: false))
    }
    if last.terms.hasIntervals(of: stretch.terms) {
      grids[grids.count - 1].stretches.append(stretch)
    } else {
      grids.append(
        Grid(stretches: [stretch], from: FeeHistory.paid(last, windows), follows: true))
    }
  }

  /// Up to when a grid is paid as another one takes over.
  private static func paid(_ grid: Grid, _ windows: RatingWindows) -> Instant {
    let end = grid.stretches[grid.stretches.count - 1].period.end
    guard grid.from < end else { return grid.from }
    let interval = FeeCalendar(grid.terms, windows).interval(holding: grid.period.last)
    let terms = grid.terms(at: max(interval.start, grid.from))
    return terms.proration == .none ? interval.end : end
  }
}
