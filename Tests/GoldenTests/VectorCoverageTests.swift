import Base
import Foundation
import Testing

/// 214 figures of five public billing systems: each passes through the clause that models it, or is
/// named with the reason why its convention is not offered.
@Suite("Figures of public billing systems")
struct VectorCoverageTests {
  private static let shown: [(name: String, amount: String)] =
    PriceTableTests.cases.map { ($0.name, $0.amount) }
    + PercentageTableTests.cases.map { ($0.name, $0.amount) }
    + RecurringFeeTableTests.cases.map { ($0.name, $0.amount) }
    + QuantityVectorsTests.levels.map { ($0.name, $0.amount) }
    + QuantityVectorsTests.conversions.map { ($0.name, $0.amount) }
    + MonthVectorsTests.figures

  @Test("Each is in one table, and no more than 25 are not offered")
  func everyOneOnce() {
    let names = Self.shown.map(\.name) + notOffered.map(\.name)
    #expect(names.count == 214)
    #expect(Set(names).count == 214)
    #expect(Self.shown.count == 199)
    #expect(notOffered.count <= 25)
    #expect(notOffered.allSatisfy { $0.reason.count > 40 })
  }

  /// The file lies beside the repository on some machines only; the figures above are copied.
  private static let file = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "../shared/vectors/rating.json").standardizedFileURL

  @Test(
    "The figures are those of the collection",
    .enabled(
      if: FileManager.default.fileExists(atPath: file.path),
      "the collection of figures is not on this machine"))
  func asCollected() throws {
    let collected = try JSON(parsing: Array(Data(contentsOf: Self.file))).elements ?? []
    var expected: [String: Ratio] = [:]
    for vector in collected {
      let name = try #require(vector["id"]?.stringValue)
      expected[name] = try Fixed(try #require(vector["expected_amount"]?.stringValue)).ratio
    }
    #expect(Set(expected.keys) == Set(Self.shown.map(\.name) + notOffered.map(\.name)))
    for (name, amount) in Self.shown {
      let figure = try Fixed(amount).ratio
      // Coupons are told there as what they are worth, here as what they take off.
      let isDiscount = ["V341", "V343"].contains(name)
      #expect(try #require(expected[name]) == (isDiscount ? -figure : figure), "\(name)")
    }
  }
}
