import Base
import Contracts
import GRDB
import Metering
import Rating
import Workflow

extension SQLiteSnapshot: UsageSource {
  /// Contracts of one zone ask for the same few windows.
  private static let bucketsMax = 100

  func usage(_ queries: [UsageQuery]) throws(Fault) -> [UsageResult] {
    try asked { try queries.map(answer) }
  }

  private func answer(_ query: UsageQuery) throws -> UsageResult {
    let (meter, windows) = (query.meter, query.windows)
    let none = [Usage](repeating: Usage(), count: windows.count)
    var all = none
    var parts: [String: [Usage]] = [:]
    guard !windows.isEmpty else { return UsageResult(UsageSeries(meter, all)) }
    let buckets = try buckets(meter, windows, keepingTimelines: query.keepsTimelines)
    for (subject, stretches) in Dictionary(grouping: query.subjects, by: \.subject) {
      try Interruption.check()
      if query.breakdown == .asset { parts[subject] = none }
      for (group, usage) in try buckets.usage(of: subject, in: stretches.map(\.period), db) {
        SQLiteSnapshot.add(usage, to: &all)
        switch query.breakdown {
        case .asset: SQLiteSnapshot.add(usage, to: &parts[subject, default: none])
        case .group: SQLiteSnapshot.add(usage, to: &parts[group, default: none])
        case nil: break
        }
      }
    }
    return UsageResult(
      UsageSeries(meter, all),
      parts: parts.sorted { $0.key < $1.key }.map { .init($0.key, UsageSeries(meter, $0.value)) })
  }

  private static func add(_ usage: [Usage], to sums: inout [Usage]) {
    for (place, usage) in usage.enumerated() { sums[place].add(usage) }
  }

  /// Of a version that serves no more there are none: the log answers for it.
  private func buckets(
    _ meter: MeterDefinition, _ windows: Windows, keepingTimelines: Bool
  ) throws -> WindowReader {
    let place = UsagePlace(meter: meter, windows: windows, keepsTimelines: keepingTimelines)
    if let known = buckets[place] { return known }
    let made = try WindowReader(
      meter, windows, keepingTimelines: keepingTimelines,
      fromLog: agreements.meters[meter.key] != meter, db)
    if buckets.count >= Self.bucketsMax { buckets = [:] }
    buckets[place] = made
    return made
  }

  func facts(_ queries: [FactQuery]) throws(Fault) -> [[EventFact]] {
    try asked { try queries.map { try EventLog.facts($0.meter, $0.subjects, db) } }
  }

  func evidence(
    _ requests: [EvidenceRequest], by meters: MeterSet
  ) throws(Fault) -> [EvidenceResult] {
    try asked { try EvidenceReader.evidence(requests, meters, db) }
  }

  func span(of meter: MeterDefinition, _ subjects: Set<String>) throws(Fault) -> Period? {
    try asked {
      var hours: [Int64] = []
      for subject in subjects {
        guard let subject = try TextInterner.find(subject, db) else { continue }
        hours += try BucketReader.span(meter, subject: subject, db)
      }
      guard let first = hours.min(), let last = hours.max() else { return nil }
      return Period(hours: first..<last)
    }
  }

  func groupCount(of meter: MeterDefinition) throws(Fault) -> Int {
    try asked { try BucketSeries.all(of: meter, db).count }
  }

  func subjects(
    of meters: [MeterDefinition], in period: Period
  ) throws(Fault) -> [MeterKey: [String]] {
    try asked {
      let used = try subjects(in: period)
      var texts = InternedTexts()
      return try meters.reduce(into: [:]) { all, meter in
        // What an event says of nobody has no number.
        let numbers = try BucketSeries.all(of: meter, db).reduce(into: Set<Int64>()) {
          $0.formUnion(used[$1.number] ?? [])
        }.filter { $0 > 0 }
        all[meter.key] = try numbers.map { try texts.text($0, db) }.sorted()
      }
    }
  }

  /// Those that any meter counted something of, by the number of its series.
  private func subjects(in period: Period) throws -> [Int64: Set<Int64>] {
    var subjects: [Int64: Set<Int64>] = [:]
    try RawStatement(
      "SELECT DISTINCT meter, subject FROM bucket WHERE hour >= ? AND hour <= ?", db
    ).bind(period.hours.lowerBound, period.hours.upperBound).forEach { row in
      subjects[row.number(0), default: []].insert(row.number(1))
      return true
    }
    return subjects
  }

  /// The number of the first subject that there are events about; zero if there are none.
  func places(of subjects: [[String]]) throws(Fault) -> [Int64] {
    try asked {
      try subjects.map { subjects in
        for subject in subjects {
          if let number = try TextInterner.find(subject, db) { return number }
        }
        return 0
      }
    }
  }

  func silence(_ query: SilenceQuery) throws(Fault) -> Instant? {
    try asked {
      guard let last = try MeterSilence.last(query.meter, query.earlier, db),
        try !query.subjects.contains(where: {
          try MeterSilence.hasSpoken(query.meter, $0, db)
        })
      else { return nil }
      return last
    }
  }
}
