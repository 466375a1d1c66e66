import Base
import Testing

/// Amounts that are shared out over lines: documents, 3.4.
struct SharedAmountTests {
  private static func shares(_ amount: Int128, _ weights: [Int128]) throws -> [Int128] {
    try Money(minor: amount, Currency("EUR")).shared(by: weights).map(\.amountMinor)
  }

  @Test(
    arguments: [
      // The sample of documents 3.4: -2,473.60 over 48,211.90 and 1,260.00.
      (-247_360, [4_821_190, 126_000], [-241_060, -6_300]),
      (-1001, [3333, 3333, 3334], [-334, -333, -334]),
      (100, [1, 1, 1], [34, 33, 33]), (-100, [1, 1, 1], [-34, -33, -33]), (1, [1, 1], [1, 0]),
      (50, [0, 7, 0], [0, 50, 0]), (10, [100, -100], [5, 5]), (-9, [-2, 1], [-6, -3]),
      (77, [0, 0], [77, 0]), (0, [3, 4], [0, 0]), (5, [9], [5]),
    ] as [(Int128, [Int128], [Int128])])
  func sharesAddUp(amount: Int128, weights: [Int128], shares: [Int128]) throws {
    #expect(try Self.shares(amount, weights) == shares)
    #expect(try Self.shares(-amount, weights) == shares.map { -$0 }, "a reversal is the opposite")
  }

  @Test func whatCannotBeComputedIsAFault() {
    #expect(throws: Fault(.overflow, "an amount cannot be shared out: 127 bits")) {
      try Self.shares(.max / 2, [3, 4])
    }
  }
}
