package import Base

/// How windows fall upon UTC hours: an hour that lies in one of them is answered for by its bucket,
/// one that a bound cuts by the log. (Midnight of Kathmandu cuts an hour, every minute does.)
package struct WindowSplit: Sendable {
  /// From the first to the last hour that the period touches.
  package let hours: Range<Int64>
  /// Those of them that are cut; rising.
  package let cutHours: [Int64]
  /// What the log answers for: the cut hours inside the period, neighbours as one.
  package let edges: [Period]

  /// `period` is a part of that of the windows.
  package init(_ period: Period, _ windows: Windows) {
    guard !period.isEmpty else {
      (hours, cutHours, edges) = (0..<0, [], [])
      return
    }
    var cut: [Int64] = []
    for bound in [period.start] + windows.bounds(inside: period) + [period.end]
    where !bound.isWholeHour && cut.last != bound.hour { cut.append(bound.hour) }
    hours = period.hours.lowerBound..<period.hours.upperBound + 1
    cutHours = cut
    edges = WindowSplit.runs(cut).map { run in
      Period(hours: run).intersection(period)
    }
  }

  package var isAllCut: Bool { cutHours.count == hours.count }

  private static func runs(_ hours: [Int64]) -> [Range<Int64>] {
    hours.reduce(into: []) { runs, hour in
      if let last = runs.last, last.upperBound == hour {
        runs[runs.count - 1] = last.lowerBound..<hour + 1
      } else {
        runs.append(hour..<hour + 1)
      }
    }
  }
}
