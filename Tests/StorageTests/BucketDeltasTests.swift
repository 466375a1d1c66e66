import Base
import GRDB
import Metering
import Testing
import Workflow

@testable import SQLite
@testable import Services
@testable import TimeZones

struct BucketDeltasTests {
  /// Around the places where the two integers carry.
  private static let sums: [Int128] = {
    let powers: [Int128] = [0, 61, 62, 63, 64, 100, 123].map { Int128(1) << $0 }
    return powers.flatMap { [$0 - 1, $0, $0 + 1, -$0 - 1, -$0, -$0 + 1] }
  }()

  @Test("a sum survives being kept as two integers", arguments: sums)
  func wideSum(units: Int128) {
    let sum = WideSum(units)
    #expect(sum.units == units)
    #expect(sum.low >= 0)
    #expect(WideSum(high: sum.high, low: sum.low).units == units)
  }

  @Test("sums far beyond 64 bits stay exact, in one commit and over many")
  func sumsBeyondInt64() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    var expected: Int128 = 0
    for commit in 0..<10 {
      let events = (0..<20).map { number -> JSON in
        let seconds = Int64.max - Int64(number * 7919 + commit)
        expected += Int128(seconds)
        return Workspace.event("\(commit)-\(number)", seconds: seconds)
      }
      #expect(try await workspace.post(events).allSatisfy { $0 == .accepted })
    }
    #expect(expected > Int128(Int64.max) * 199)
    let usage = try workspace.time("2013-01-10T12:00:00Z", "2013-01-10T13:00:00Z")
    #expect(usage == Usage(count: 200, units: expected))
    #expect(try workspace.storageClasses() == ["integer"])
  }

  @Test("large sums of both signs cancel exactly")
  func signsCancel() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    try workspace.put(.meter, "time", Workspace.sum(allowsNegative: true))
    let amounts: [Int64] = [
      .max, .max, .min, .min, .max, -1, .min, 1, 1 << 62, -(1 << 62), 3, .max, .min,
    ]
    for (number, amount) in amounts.enumerated() {
      _ = try await workspace.post([Workspace.event("\(number)", seconds: amount)])
    }
    let expected = amounts.reduce(Int128(0)) { $0 + Int128($1) }
    let usage = try workspace.time("2013-01-10T12:00:00Z", "2013-01-10T13:00:00Z")
    #expect(usage == Usage(count: Int64(amounts.count), units: expected))
    #expect(try workspace.storageClasses() == ["integer"])
  }
}

extension Workspace {
  /// What the columns of the buckets really hold: a REAL would have lost digits.
  fileprivate func storageClasses() throws -> Set<String> {
    try store.pool.read { db in
      Set(
        try String.fetchAll(
          db,
          sql: """
            SELECT typeof(units_high) FROM bucket UNION SELECT typeof(units_low) FROM bucket
            UNION SELECT typeof(events) FROM bucket
            """))
    }
  }
}
