import Synchronization

/// Counters since the start, in the text format of Prometheus.
package final class Metrics: Sendable {
  private struct Series: Hashable {
    let name: String
    let labels: String
  }

  private let counters = Mutex<[Series: Int]>([:])

  package init() {}

  /// `labels` as they are written: `outcome="accepted"`.
  func add(_ amount: Int = 1, to name: String, _ labels: String) {
    guard amount > 0 else { return }
    counters.withLock { $0[Series(name: name, labels: labels), default: 0] += amount }
  }

  /// `gauges` are values of the moment.
  func text(gauges: KeyValuePairs<String, Int>) -> String {
    let counters = counters.withLock { $0 }
    var lines: [String] = []
    for name in Set(counters.keys.map(\.name)).sorted() {
      lines.append("# TYPE \(name) counter")
      for (series, value) in counters.filter({ $0.key.name == name })
        .sorted(by: { $0.key.labels < $1.key.labels })
      {
        lines.append("\(name){\(series.labels)} \(value)")
      }
    }
    for (name, value) in gauges { lines += ["# TYPE \(name) gauge", "\(name) \(value)"] }
    return lines.joined(separator: "\n") + "\n"
  }
}
