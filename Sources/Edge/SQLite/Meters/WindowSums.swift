import Base
import Metering

/// Which UTC hours lie in which window as a whole; an hour that a bound cuts lies in none.
struct WholeHours {
  /// The hours of one window.
  struct Run {
    let hours: Range<Int64>
    let place: Int
  }

  private let runs: [Run]

  /// `period` is a part of that of the windows, and not empty.
  init(_ windows: Windows, _ period: Period) {
    let places = windows.place(of: period.start)...windows.place(of: period.last)
    runs = places.compactMap { place in
      let window = windows[place].intersection(period)
      let first = window.start.hour + (window.start.isWholeHour ? 0 : 1)
      return first < window.end.hour ? Run(hours: first..<window.end.hour, place: place) : nil
    }
  }

  subscript(_ index: Int) -> Run { runs[index] }

  /// Which run has an hour; nil where none has. After one of the run before, it is found at once.
  func index(ofHour hour: Int64, after last: Int) -> Int? {
    if last + 1 < runs.count, runs[last + 1].hours.contains(hour) { return last + 1 }
    let index = runs.indices.partitionPoint { runs[$0].hours.upperBound > hour }
    return index < runs.count && runs[index].hours.contains(hour) ? index : nil
  }
}

/// Adds hours up, window by window. Hours come nearly in order, and most are of the window of the
/// one before: its sum is kept at hand, and put down when another window comes.
struct WindowSums {
  private let hours: WholeHours
  private var values: [Usage]
  private var isAnyFound = false
  private var index = -1
  private var run = WholeHours.Run(hours: 0..<0, place: 0)
  private var (count, units) = (Int64(0), Int128(0))

  /// `values` is what there is already, a value a window.
  init(_ hours: WholeHours, onTopOf values: [Usage]) {
    self.hours = hours
    self.values = values
  }

  /// Nothing is added for an hour that is cut: the log answers for it.
  mutating func add(_ count: Int64, _ units: Int128, ofHour hour: Int64) {
    guard run.hours.contains(hour) || turn(to: hour) else { return }
    self.count += count
    self.units += units
    isAnyFound = true
  }

  /// What some hours come to together, where one window has them all; else false, and nothing is
  /// added.
  mutating func add(_ count: Int64, _ units: Int128, ofHours hours: Range<Int64>) -> Bool {
    guard run.hours.contains(hours.lowerBound) || turn(to: hours.lowerBound),
      hours.upperBound <= run.hours.upperBound
    else { return false }
    add(count, units, ofHour: hours.lowerBound)
    return true
  }

  mutating func add(_ detail: Usage.Detail, ofHour hour: Int64) {
    guard run.hours.contains(hour) || turn(to: hour) else { return }
    values[run.place].add(detail)
    isAnyFound = true
  }

  /// All values, once everything was added; nil where nothing was.
  mutating func finish() -> [Usage]? {
    putDown()
    return isAnyFound ? values : nil
  }

  private mutating func turn(to hour: Int64) -> Bool {
    guard let next = hours.index(ofHour: hour, after: index) else { return false }
    putDown()
    (index, run) = (next, hours[next])
    return true
  }

  private mutating func putDown() {
    guard count != 0 || units != 0 else { return }
    values[run.place].add(Tally(count: count, units: units))
    (count, units) = (0, 0)
  }
}
