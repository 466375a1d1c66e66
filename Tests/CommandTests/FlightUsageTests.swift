import Base
import Foundation
import TestSupport
import Testing

/// What the demo's engines did, asked for over HTTP, beside what Scripts/recompute-usage.py makes
/// of the same flights without the product.
@Suite struct FlightUsageTests {
  private static let carriers = ["9E", "DL", "HA"]
  private static let quarter = "start=2013-01-01T05:00:00Z&end=2013-04-01T04:00:00Z"
  private static let zone = "zone=America/New_York"

  /// Engine-seconds and engine-cycles, by subject and day.
  private typealias Figures = [String: [String]]

  @Test func hoursAndCyclesByMonthDayAndTailAreThoseOfTheScript() throws {
    let folder = try TemporaryFolder()
    let (status, _) = try BuiltBinary.output(
      "demo", "--exit", "--json", "--data", folder.path("data"))
    try #require(status == 0)
    let server = try ServerProcess(folder)
    let token = try ServerProcess.token("finance", folder)
    func rows(_ carrier: String, _ query: String) throws -> Figures {
      var figures: Figures = [:]
      for meter in ["engine-time", "engine-cycles"] {
        let path = "/v1/usage?meter=\(meter)&customer=\(carrier)&format=csv&\(query)"
        let answer = try Connection(port: server.port).get(path, token: token)
        try #require(answer.status == 200, "\(answer.body.prefix(500))")
        for row in answer.body.split(separator: "\r\n").dropFirst() {
          // meter,subject,start,end,local,value,unit,events,value_exact
          let cells = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
          figures["\(cells[1]) \(cells[4].prefix(10))", default: []].append(cells[5])
        }
      }
      return figures
    }
    var found: [String] = []
    func add(_ name: String, _ figures: [String]) {
      // The script knows of no day on which nobody flew, nor of tails that never did.
      if figures != ["0", "0"] { found.append("\(name) \(figures.joined(separator: " "))") }
    }
    for carrier in Self.carriers {
      for (key, figures) in try rows(carrier, "\(Self.quarter)&window=month&\(Self.zone)") {
        add("month \(carrier)\(key.prefix(8))", figures)
      }
      for (key, figures) in try rows(carrier, "\(Self.quarter)&window=day&\(Self.zone)") {
        add("day \(carrier)\(key)", figures)
      }
      for (key, figures) in try rows(carrier, "\(Self.quarter)&by=asset") {
        add("tail \(key)2013", figures)
      }
      for month in ["2013-01", "2013-02", "2013-03"] {
        let days = try rows(carrier, "month=\(month)&by=asset&window=day&\(Self.zone)")
        for (key, figures) in days { add("tail-day \(key)", figures) }
      }
    }
    let each = found.filter { $0.hasPrefix("tail-day ") }.sorted()
    let digest = Digest(of: each.flatMap { Array("\($0)\n".utf8) }).hex
    let lines =
      found.filter { !$0.hasPrefix("tail-day ") }.sorted()
      + ["tail-day \(each.count) lines with sha256 \(digest)"]
    let expected = try String(contentsOf: Self.table, encoding: .utf8)
      .split(separator: "\n").map(String.init)
    #expect(lines.count == expected.count)
    for (line, wanted) in zip(lines, expected) where line != wanted {
      Issue.record("\(line), not \(wanted)")
      break
    }
  }

  private static let table = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Flights/usage-2013q1.txt")
}
