import Base
import Foundation
import TestSupport
import Testing

@testable import SQLite
@testable import Services
@testable import TimeZones

/// The documents of random histories, byte for byte, as digests that stand here: whoever moves code
/// about sees that no figure and no word of a document moved with it. Where a document is meant to
/// change, the digest changes in the same commit, which says what of the document did.
struct DocumentDigestsTests {
  /// By how many histories there are; 500 of them with `USANCE_DIGESTS=500`.
  private static let digests = [
    20: "78581769a7c5307976705dfcad6f44cf1caffbab567f505fde140e85bac497f0",
    500: "2cde62738ab3ee4f4b2d03be54018708feed4476600bbc52826528bec61e7906",
  ]

  @Test("the documents of random histories are what they were")
  func areAsTheyWere() async throws {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["USANCE_DIGESTS"].flatMap(Int.init) ?? 20
    let zones = ZoneDatabase()
    var (text, documents) = ("", 0)
    for number in 0..<count {
      var random = SeededRandom(seed: 20_261_201 &+ UInt64(number) &* 104_729)
      let width = number.isMultiple(of: 3) ? Width.all : .of(history: number)
      let history = PeriodHistory(width, &random)
      for document in try await PeriodTrial.documents(history, zones) {
        text += Digest(of: document.text.utf8).hex
        documents += 1
      }
    }
    let digest = Digest(of: text.utf8).hex
    print("\(documents) documents of \(count) histories: \(digest)")
    #expect(documents >= count)
    #expect(digest == Self.digests[count], "\(count) histories")
  }
}
