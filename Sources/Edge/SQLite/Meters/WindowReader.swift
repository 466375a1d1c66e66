import Base
import GRDB
import Ingestion
import Metering

/// Reads a meter's usage window by window: every bucket and every page of the log is read once,
/// however many windows there are.
struct WindowReader {
  /// What was found, a value a window, by the values of the group: a JSON array each, or one
  /// without a name where the meter has no groups.
  typealias Groups = [String: [Usage]]

  private let meter: MeterDefinition
  private let windows: Windows
  private let keepsTimelines: Bool
  private let isFromLog: Bool
  private let series: [(BucketSeries, BlockReader)]
  /// Of all windows: most subjects count throughout.
  private let whole: (split: WindowSplit, hours: WholeHours?)

  /// `fromLog` is for a version of a meter that has no buckets any more.
  init(
    _ meter: MeterDefinition, _ windows: Windows, keepingTimelines: Bool = false,
    fromLog isFromLog: Bool = false, _ db: Database
  ) throws {
    self.meter = meter
    self.windows = windows
    self.isFromLog = isFromLog
    keepsTimelines = keepingTimelines
    let hours = windows.period.hours
    whole = WindowReader.split(windows.period, windows)
    series = try (isFromLog ? [] : BucketSeries.all(of: meter, db)).map {
      ($0, try BlockReader(meter: $0.number, hours.lowerBound..<hours.upperBound + 1, db))
    }
  }

  /// What the events of a subject come to in each window, as far as they lie in the periods, which
  /// do not overlap. A group that has nothing to show is left out.
  func usage(of subject: String, in periods: [Period], _ db: Database) throws -> Groups {
    var groups: Groups = [:]
    let subject = try TextInterner.find(subject, db)
    for period in periods {
      let part = period.intersection(windows.period)
      guard !part.isEmpty else { continue }
      if let memory = meter.aggregation.memory {
        try addTimelines(subject, part, memory, db, to: &groups)
      } else if let subject, isFromLog {
        try addEdge(subject, part, db, to: &groups)
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
      period == windows.period ? whole : WindowReader.split(period, windows)
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
        try BucketReader.forEachSamples(rule, split.hours, series, subject: subject, db) {
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
    _ subject: Int64?, _ period: Period, _ memory: MeterDefinition.Memory, _ db: Database,
    to groups: inout Groups
  ) throws {
    var spoken = try subject.map { try samples($0, period, memory, db) } ?? []
    // That nobody spoke of a subject is something to know: its state was unknown all the time.
    if spoken.isEmpty, case .stateTime = meter.aggregation { spoken = [("", [])] }
    let places = windows.place(of: period.start)...windows.place(of: period.last)
    for (group, samples) in spoken {
      let usage = meter.usage(
        samples, in: places.map { windows[$0].intersection(period) },
        keepingTimelines: keepsTimelines)
      for (place, usage) in zip(places, usage) { groups[group, default: none][place].add(usage) }
    }
  }

  /// The samples of a period, with those before it that the meter remembers, by their groups.
  private func samples(
    _ subject: Int64, _ period: Period, _ memory: MeterDefinition.Memory, _ db: Database
  ) throws -> [(group: String, samples: [Sample])] {
    guard !isFromLog else { return try loggedSamples(subject, period, memory, db) }
    return try series.map { series, _ in
      (
        series.group,
        try SampleHistory(series, subject: subject).samples(of: period, memory, db)
      )
    }.filter { !$0.1.isEmpty }
  }

  private func loggedSamples(
    _ subject: Int64, _ period: Period, _ memory: MeterDefinition.Memory, _ db: Database
  ) throws -> [(group: String, samples: [Sample])] {
    let start =
      if case .within(let seconds) = memory {
        period.start.advanced(bySeconds: -Int64(seconds))
      } else {
        Instant.earliest
      }
    let reach = Period(start: start, end: period.end)
    var samples: [String: [Sample]] = [:]
    try EventLog.readings(of: meter, subject: subject, reach, db) { _, record, reading, _ in
      guard let sample = meter.sample(of: reading, source: record.source) else { return }
      samples[reading.group, default: []].append(sample)
    }
    return samples.sorted { $0.key < $1.key }.map { ($0.key, SampleSet(.all, $0.value).samples) }
  }

  private var none: [Usage] { [Usage](repeating: Usage(), count: windows.count) }
}
