import Base
import TestSupport
import Testing

/// The demo as a stranger runs it: the real binary, its own server, its own client.
@Suite struct DemoTests {
  /// Customer, month, total, severity, cycles, number. January and the year totals these belong to
  /// are the published figures; the other months come from Scripts/recompute-flights.py.
  static let golden = """
    9E 2013-01 USD 459039.98 1.110500 2960 INV-000001
    DL 2013-01 USD 2028632.86 0.921652 7310 INV-000002
    HA 2013-01 USD 53267.20 0.812000 62 INV-000003
    9E 2013-02 USD 407967.07 1.124093 2682 INV-000004
    DL 2013-02 USD 1822997.91 0.922534 6602 INV-000005
    HA 2013-02 USD 47242.16 0.812000 56 INV-000006
    """

  @Test func theFiguresAreExactToTheCent() throws {
    let demo = try Self.once.get()
    #expect(demo.table == Self.golden)
    #expect(demo.events == ["accepted": 16_072, "duplicate": 0, "rejected": 0, "unmatched": 8])
  }

  /// The same documents, byte for byte, on another day and under another key.
  @Test func postingTheQuarterTwiceChangesNothing() throws {
    let (once, twice) = (try Self.once.get(), try Self.run(times: 2))
    #expect(twice.table == Self.golden)
    #expect(
      twice.events == ["accepted": 16_072, "duplicate": 16_072, "rejected": 0, "unmatched": 8])
    #expect(once.digests.count == 6)
    #expect(once.digests == twice.digests)
  }

  /// The quarter posted once, which both tests look at.
  private static let once = Result { try run(times: 1) }

  private struct Outcome {
    let table: String
    let events: [String: Int]
    let digests: [String]
  }

  private static func run(times: Int) throws -> Outcome {
    let (status, text) = try BuiltBinary.output("demo", "--exit", "--json", "--times", "\(times)")
    try #require(status == 0)
    let line = try #require(text.split(separator: UInt8(ascii: "\n")).first)
    let document = try JSON(parsing: Array(line))
    let invoices = try #require(document["invoices"]?.elements)
    let columns = ["customer", "period", "currency", "total", "severity", "cycles", "number"]
    let rows = invoices.map { invoice in
      columns.map { invoice[$0]?.stringValue ?? "-" }.joined(separator: " ")
    }
    var events: [String: Int] = [:]
    for name in ["accepted", "duplicate", "rejected", "unmatched"] {
      if case .number(let text) = document["events"]?[name] { events[name] = Int(text) }
    }
    return Outcome(
      table: rows.joined(separator: "\n"), events: events,
      digests: invoices.compactMap { $0["sha256"]?.stringValue })
  }
}
