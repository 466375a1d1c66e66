import Base
import GRDB
import Metering

/// Reads what held over a stretch of time: the samples in it, and those before it that still say
/// something at its start. They are all in the buckets, with their times; no edge needs the log.
enum Timelines {
  static func read(
    _ meter: MeterDefinition, _ series: [MeterSeries], _ subject: Int64?, _ period: Period,
    _ holdSeconds: Int, _ db: Database, into usage: inout [String: Usage]
  ) throws {
    let earliest = period.start.advanced(bySeconds: -Int64(holdSeconds))
    let hours = earliest.hour..<period.hours.upperBound + 1
    var spoken: [(group: String, samples: [Sample])] = []
    if let subject {
      for series in series {
        let samples = try Buckets.samples(.all, hours, series, subject: subject, db).samples
          .filter { $0.time < period.end.microsecondsSinceEpoch }
        if !samples.isEmpty { spoken.append((series.group, samples)) }
      }
    }
    // That nobody spoke of a subject is something to know: its state was unknown all the time.
    if spoken.isEmpty, case .stateTime = meter.aggregation { spoken = [("", [])] }
    for (group, samples) in spoken {
      usage[group, default: Usage()].add(meter.usage(samples, over: period))
    }
  }
}
