import Base
import TestSupport
import Testing

/// A file of the zone database that is not what it was gives a fault, never a trap.
struct DamagedZonesTests {
  @Test(
    "a file that breaks off anywhere is refused",
    arguments: [
      "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata", "UTC",
    ])
  func truncations(name: String) throws {
    let bytes = try ZoneFile.bytes(name)
    for length in bytes.indices {
      guard fault(of: { try TimeZoneFile(Array(bytes[..<length])) }) == nil else { continue }
      Issue.record("\(name) was read from \(length) of \(bytes.count) bytes")
    }
    #expect(throws: Never.self) { try TimeZoneFile(bytes) }
  }

  @Test("bytes that were changed give a fault, or rules in order")
  func changedBytes() throws {
    var random = SeededRandom(seed: 47)
    let files = try ["Europe/Dublin", "Australia/Lord_Howe", "UTC"].map(ZoneFile.bytes)
    var refused = 0
    for _ in 0..<6000 {
      var bytes = random.pick(files)
      for _ in 0..<random.number(1...3) {
        // Half of them where a file says what follows: in a head, or in the rule at the end.
        let place =
          random.chance(50)
          ? random.number(0...bytes.count - 1)
          : random.pick([random.number(0...43), bytes.count - random.number(1...20)])
        bytes[place] = random.number(0...255)
      }
      do throws(Fault) {
        // That changes are in order is a condition of making them.
        _ = try TimeZoneFile(bytes).rules("Test/Zone", years: 1970..<2100)
      } catch {
        refused += 1
        #expect(error.code == .internalError)
      }
    }
    #expect((500...5500).contains(refused), "\(refused)")
  }
}
