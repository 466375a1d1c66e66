import Base
import Console
import Foundation

/// What is printed at the end, and written as JSON: the ratios first, for they mean something on
/// another machine.
struct BenchReport {
  let generator: [BenchResult]
  let levels: [BenchLevel]
  let steps: [BenchStep]
  let billing: [BenchBilling]
  let verified: [BenchVerify]
  let baselines: [BenchBaseline]
  let plainQueries: [PlainQueries]
  let warmUpSeconds: Int
  let seconds: Int

  /// A number of our own beside another, and what we would like it to be.
  struct Comparison {
    let name: String
    let ours: Int
    let theirs: Int
    /// Nil where there is none.
    let aim: Fixed?

    var ratio: Fixed { Fixed(units: Int128(ours) * 100 / Int128(max(1, theirs)), places: 2) }

    var row: [String] {
      [name, grouped(ours), grouped(theirs), "\(ratio)", aim.map { "\($0)" } ?? "-"]
    }

    var json: JSON {
      JSON.object([
        "name": .string(name), "ours": .integer(ours), "theirs": .integer(theirs),
        "ratio": .decimal(ratio), "aim": aim.map(JSON.decimal),
      ])
    }
  }

  /// Aims, not promises: nothing fails where one is missed.
  private static let baselineAim = Fixed(units: 300, places: 2)
  private static let flatAim = Fixed(units: 90, places: 2)

  private var versusBaseline: [Comparison] {
    baselines.compactMap { baseline in
      let level = levels.first { $0.level == baseline.level }
      let ours = level?.cases.first {
        $0.benchCase.eventsPerRequest == baseline.eventsPerTransaction && !$0.benchCase.isRetry
      }
      guard let ours else { return nil }
      let isHeadline = baseline.level > 0 && baseline.eventsPerTransaction == 1000
      return Comparison(
        name: "\(baseline.eventsPerTransaction) at a time, from \(grouped(baseline.level)) stored",
        ours: ours.eventsPerSecond, theirs: baseline.eventsPerSecond,
        aim: isHeadline ? Self.baselineAim : nil)
    }
  }

  /// Every level beside the first that is not empty.
  private var overLevels: [Comparison] {
    let levels = levels.filter { $0.level > 0 }
    guard let first = levels.first else { return [] }
    return levels.dropFirst().flatMap { level in
      zip(level.cases, first.cases).map { now, then in
        Comparison(
          name: "\(now.benchCase.name) a request, \(grouped(level.level)) stored beside "
            + grouped(first.level),
          ours: now.eventsPerSecond, theirs: then.eventsPerSecond, aim: Self.flatAim)
      }
    }
  }

  /// Ours, each with what plain SQL took with as much stored.
  private var queries: [(ours: BenchQueries, plain: PlainQueries?)] {
    levels.compactMap { level in
      level.queries.map { ($0, plainQueries.first { $0.level == level.level }) }
    }
  }

  private var ratings: [(ours: BenchRating, plain: PlainQueries?)] {
    levels.compactMap { level in
      level.rating.map { ($0, plainQueries.first { $0.level == level.level }) }
    }
  }

  var text: String {
    var parts = [
      "The server at each level:\n" + ConsoleTable(BenchLevel.columns, levels.map(\.row)).text,
      "Processor time of the load generator alone, against a sink that answers 204:\n"
        + ConsoleTable(BenchResult.columnsAlone, generator.map(\.rowAlone)).text,
    ]
    if !versusBaseline.isEmpty {
      let columns = ["beside plain SQLite in C", "ours/s", "C/s", "ratio", "aim"]
      parts.append("Rows a second:\n" + ConsoleTable(columns, versusBaseline.map(\.row)).text)
    }
    if !overLevels.isEmpty {
      let columns = ["as the database grows", "then/s", "first/s", "ratio", "aim"]
      parts.append("Does it slow down?\n" + ConsoleTable(columns, overLevels.map(\.row)).text)
    }
    if !queries.isEmpty {
      let rows = queries.map { $0.ours.row(beside: $0.plain) }
      parts.append(
        "A customer's month by day, over HTTP:\n" + ConsoleTable(BenchQueries.columns, rows).text)
    }
    if !ratings.isEmpty {
      let rows = ratings.map { $0.ours.row(beside: $0.plain) }
      parts.append(
        "One asset's month of five clauses, in process; plain SQL adds up one meter:\n"
          + ConsoleTable(BenchRating.columns, rows).text)
    }
    if !billing.isEmpty {
      parts.append(
        "A month's run, over HTTP:\n" + ConsoleTable(BenchBilling.columns, billing.map(\.row)).text)
    }
    if !verified.isEmpty {
      parts.append(
        "`usance verify`, in a process of its own:\n"
          + ConsoleTable(BenchVerify.columns, verified.map(\.row)).text)
    }
    return parts.joined(separator: "\n\n")
  }

  var json: JSON {
    let machine = ProcessInfo.processInfo
    return [
      "machine": [
        "cores": .integer(machine.activeProcessorCount),
        "memoryBytes": .integer(machine.physicalMemory),
        "system": .string(machine.operatingSystemVersionString),
      ],
      "warmUpSeconds": .integer(warmUpSeconds), "seconds": .integer(seconds),
      "ratiosToBaseline": .array(versusBaseline.map(\.json)),
      "ratiosToFirstLevel": .array(overLevels.map(\.json)),
      "queries": .array(queries.map { $0.ours.json(beside: $0.plain) }),
      "rating": .array(ratings.map { $0.ours.json(beside: $0.plain) }),
      "billing": .array(billing.map(\.json)), "verify": .array(verified.map(\.json)),
      "levels": .array(levels.map(\.json)), "fill": .array(steps.map(\.json)),
      "generator": .array(generator.map(\.json)), "baseline": .array(baselines.map(\.json)),
    ]
  }
}
