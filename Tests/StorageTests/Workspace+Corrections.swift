import Base
import GRDB
import Workflow

@testable import SQLite
@testable import Services
@testable import TimeZones

extension Workspace {
  /// A correction of the event `target`; it takes it back where nothing is to be different.
  static func correction(
    _ id: String, of target: String, amend: JSON? = nil, time: String = "2013-02-01T00:00:00Z",
    source: String = "//desk", targetSource: String = "//test"
  ) -> JSON {
    .object([
      "specversion": "1.0", "id": .string(id), "source": .string(source),
      "type": "usance.correction", "time": .string(time),
      "data": .object([
        "corrects": ["source": .string(targetSource), "id": .string(target)],
        "retract": amend == nil ? true : nil, "amend": amend,
      ]),
    ])
  }

  /// `1 amended`, or `1 unmatched unknown_subject`: every event of the log.
  func statuses(_ filter: EventQuery = EventQuery()) throws -> [String] {
    try events.list(filter, after: 0, limit: 1000).events.map(\.summary).sorted()
  }

  /// What the buckets should be: those of a workspace that counts the log anew.
  func recounted() throws -> [String] {
    let before = try buckets()
    for (key, other, document) in [
      ("time", Workspace.sum(allowsNegative: false, type: "else"), catalogDocument("time")),
      (
        "runs", ["aggregation": "count", "eventTypes": ["else"], "unit": "runs"],
        catalogDocument("runs")
      ),
    ] {
      try put(.meter, key, other)
      try put(.meter, key, document)
    }
    while try home.countMeters() {}
    let after = try buckets()
    return after == before ? after : ["before: \(before)", "after: \(after)"]
  }

  private func catalogDocument(_ key: String) -> JSON {
    guard let entry = try? catalogs.get(.meter, key) else { return .null }
    return entry.document
  }
}

extension LoggedEvent {
  var summary: String {
    ["\(id)", status.rawValue, reason?.rawValue].compactMap { $0 }.joined(separator: " ")
  }
}
