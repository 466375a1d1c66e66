import Base
import Contracts
import TestSupport
import Testing

struct FactorTableTests {
  static func table(_ points: (String, String)...) throws -> FactorTable {
    try FactorTable(
      points.map { FactorTable.Point(at: try Fixed($0.0), factor: try Fixed($0.1)) })
  }

  @Test func hasPointsThatAscend() throws {
    #expect(try Self.table(("1", "1.235"), ("1.5", "1.078")).points.count == 2)
    #expect(try Self.table(("-5", "1")).points.count == 1)
  }

  @Test func needsAtLeastOnePoint() {
    #expect(fault { try FactorTable([]) }?.code == .invalidValue)
  }

  /// Two points at one place, however they are written, leave open which factor holds.
  @Test(arguments: [("1", "1"), ("1", "1.00"), ("2", "1"), ("0", "-0.5")])
  func refusesPointsThatDoNotAscend(first: String, second: String) {
    #expect(fault { try Self.table((first, "1"), (second, "2")) }?.code == .invalidValue)
  }
}
