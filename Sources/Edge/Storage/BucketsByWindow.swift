import Base
import GRDB
import Ingestion
import Metering

/// Reads a meter's usage window by window: every bucket and every page of the log is read once,
/// however many windows there are.
struct BucketsByWindow {
  /// What was found, a value a window, by the values of the group: a JSON array each, or one
  /// without a name where the meter has no groups.
  typealias Groups = [String: [Usage]]

  private let meter: MeterDefinition
  private let windows: Windows
  private let keepsTimelines: Bool
  private let series: [(MeterSeries, BlockReader)]
  /// Of all windows: most subjects count throughout.
  private let whole: (split: WindowSplit, hours: WholeHours?)

  init(
    _ meter: MeterDefinition, _ windows: Windows, keepingTimelines: Bool = false, _ db: Database
  ) throws {
    self.meter = meter
    self.windows = windows
    keepsTimelines = keepingTimelines
    let hours = windows.period.hours
    whole = BucketsByWindow.split(windows.period, windows)
    series = try MeterSeries.all(of: meter, db).map {
      ($0, try BlockReader(meter: $0.number, hours.lowerBound..<hours.upperBound + 1, db))
    }
  }

  /// What the events of a subject come to in each window, as far as they lie in the periods, which
  /// do not overlap. A group that has nothing to show is left out.
  func usage(of subject: String, in periods: [Period], _ db: Database) throws -> Groups {
    var groups: Groups = [:]
    let subject = try Names.find(subject, db)
    for period in periods {
      let part = period.intersection(windows.period)
      guard !part.isEmpty else { continue }
      if let hold = meter.aggregation.holdSeconds {
        try addTimelines(subject, part, holdSeconds: hold, db, to: &groups)
      } else if let subject {
        try addHoursAndEdges(subject, part, db, to: &groups)
      }
    }
    return groups
  }

  private func addHoursAndEdges(
    _ subject: Int64, _ period: Period, _ db: Database, to groups: inout Groups
  ) throws {
    let (split, hours) =
      period == windows.period ? whole : BucketsByWindow.split(period, windows)
    for edge in split.edges { try addEdge(subject, edge, db, to: &groups) }
    guard let hours else { return }
    // A percentile is one of hours: each must be known by itself.
    let isOfHours = if case .percentile = meter.aggregation { true } else { false }
    for (series, blocks) in series {
      let known = groups.removeValue(forKey: series.group)
      var sums = WindowSums(hours, onTopOf: known ?? none)
      try blocks.forEachHour(
        split.hours, of: subject, db,
        whole: { !isOfHours && sums.add($1, $2, ofHours: $0) },
        each: { hour, count, units in
          sums.add(count, units, ofHour: hour)
          if isOfHours { sums.add(.hours([hour: units]), ofHour: hour) }
        })
      if let rule = meter.aggregation.sampleRule {
        try Buckets.forEachSamples(rule, split.hours, series, subject: subject, db) {
          sums.add(.samples($1), ofHour: $0)
        }
      }
      groups[series.group] = sums.finish() ?? known
    }
  }

  /// Which hours of a period the log answers for, and in which window each of the others lies; nil
  /// where there are no others.
  private static func split(
    _ period: Period, _ windows: Windows
  ) -> (split: WindowSplit, hours: WholeHours?) {
    let split = WindowSplit(period, windows)
    return (split, split.isAllCut ? nil : WholeHours(windows, period))
  }

  /// What the log says of an hour that a bound cuts.
  private func addEdge(
    _ subject: Int64, _ edge: Period, _ db: Database, to groups: inout Groups
  ) throws {
    try EventLog.readings(of: meter, subject: subject, edge, db) { _, record, reading, _ in
      let part = Period(start: reading.start, end: reading.occurred).intersection(edge)
      let last = min(reading.occurred, edge.last)
      for place in windows.place(of: max(part.start, edge.start))...windows.place(of: last) {
        let window = windows[place].intersection(edge)
        guard let tally = reading.tally(in: window) else { continue }
        var usage = Usage(tally)
        if case .percentile = meter.aggregation {
          usage.add(.hours([reading.occurred.hour: tally.units]))
        }
        if let rule = meter.aggregation.sampleRule,
          let sample = meter.sample(of: reading, source: record.source)
        {
          usage.add(.samples(SampleSet(rule, [sample])))
        }
        groups[reading.group, default: none][place].add(usage)
      }
    }
  }

  /// What holds over time is read from the samples alone, with those before that still say
  /// something at the start. They are all in the buckets, with their times; no edge needs the log.
  private func addTimelines(
    _ subject: Int64?, _ period: Period, holdSeconds: Int, _ db: Database,
    to groups: inout Groups
  ) throws {
    let hold = Int64(holdSeconds)
    var spoken: [(group: String, samples: [Sample])] = []
    if let subject {
      let hours = period.start.advanced(bySeconds: -hold).hour..<period.hours.upperBound + 1
      for (series, _) in series {
        let samples = try Buckets.samples(.all, hours, series, subject: subject, db).samples
        if !samples.isEmpty { spoken.append((series.group, samples)) }
      }
    }
    // That nobody spoke of a subject is something to know: its state was unknown all the time.
    if spoken.isEmpty, case .stateTime = meter.aggregation { spoken = [("", [])] }
    for (group, samples) in spoken {
      for place in windows.place(of: period.start)...windows.place(of: period.last) {
        let window = windows[place].intersection(period)
        let reach = window.start.advanced(bySeconds: -hold).microsecondsSinceEpoch
        let end = window.end.microsecondsSinceEpoch
        // They are in order of time.
        let places = samples.indices
        let first = places.partitionPoint { samples[$0].time >= reach }
        let next = places.partitionPoint { samples[$0].time >= end }
        groups[group, default: none][place].add(
          meter.usage(
            Array(samples[first..<next]), over: window, keepingTimeline: keepsTimelines))
      }
    }
  }

  private var none: [Usage] { [Usage](repeating: Usage(), count: windows.count) }
}
