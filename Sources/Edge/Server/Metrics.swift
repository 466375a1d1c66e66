import Synchronization

/// Counters since the start, in the text format of Prometheus.
package final class Metrics: Sendable {
  /// What is counted; the text of it is made only when somebody asks.
  enum Series: Hashable {
    case events(outcome: String)
    case requests(operation: String, status: Int)
    /// Work that blocks and was not begun.
    case workRefused(kind: String, reason: String)
    /// Reads that were stopped.
    case workInterrupted(kind: String, reason: String)

    fileprivate var name: String {
      switch self {
      case .events: "usance_events_total"
      case .requests: "usance_requests_total"
      case .workRefused: "usance_work_refused_total"
      case .workInterrupted: "usance_work_interrupted_total"
      }
    }

    fileprivate var labels: String {
      switch self {
      case .events(let outcome): "outcome=\"\(outcome)\""
      case .requests(let operation, let status): "operation=\"\(operation)\",status=\"\(status)\""
      case .workRefused(let kind, let reason), .workInterrupted(let kind, let reason):
        "kind=\"\(kind)\",reason=\"\(reason)\""
      }
    }
  }

  private let counters = Mutex<[Series: Int]>([:])

  package init() {}

  func add(_ amount: Int = 1, to series: Series) {
    guard amount > 0 else { return }
    counters.withLock { $0[series, default: 0] += amount }
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
