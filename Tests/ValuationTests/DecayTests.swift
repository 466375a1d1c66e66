import Base
import TestSupport
import Testing
import Valuation

@Suite struct DecayTests {
  /// The digests are of `round(10^9 * 2^(-r/H))` for r = 0..<H, written in decimal and joined by
  /// commas, computed with 60 digits by the module `decimal` of Python.
  @Test(arguments: [
    (180, "85ca43d4d4e243a53716d784a56f303c786668a50865abf025bdadf95d09bff3"),
    (360, "c8b63dfb569554a6f082889e9a3811ca10e0f3cc47c57c70c278ada1ecb24903"),
    (365, "f0e575349fe36ec3c600d77b3516b3968b28b38e989a5f5711765590979fc7d3"),
    (730, "753504abd72b259e1f64f1866fd06636c2669f1f5f44328109b3abd8467745ce"),
  ])
  func `every entry of the policy's tables is right`(halfLifeDays: Int, digest: String) {
    let entries = DecayTable(halfLifeDays: halfLifeDays).entries
    #expect(entries.count == halfLifeDays)
    let text = entries.map { String($0) }.joined(separator: ",")
    #expect(Digest(of: text.utf8).hex == digest)
  }

  @Test(
    arguments: [
      // half-life, days, what is left of a thousand million
      (180, 0, 1_000_000_000),
      (180, 1, 996_156_587),
      (180, 45, 840_896_415),
      (180, 90, 707_106_781),
      (180, 179, 501_929_121),
      (180, 180, 500_000_000),
      (180, 200, 462_937_356),
      (180, 360, 250_000_000),
      (180, 180 * 29, 1),
      (180, 180 * 30, 0),
      (180, 180 * 1000, 0),
      (365, 1, 998_102_769),
      (365, 364, 500_950_419),
      (360, 90, 840_896_415),
      (730, 365, 707_106_781),
      (1, 0, 1_000_000_000),
      (1, 3, 125_000_000),
      (2, 1, 707_106_781),
    ] as [(Int, Int, UInt64)])
  func `a point fades`(halfLifeDays: Int, days: Int, left: UInt64) {
    #expect(DecayTable(halfLifeDays: halfLifeDays).units(afterDays: days) == left)
  }

  @Test(arguments: [180, 365])
  func `twice the half-life fades half as fast`(halfLifeDays: Int) {
    let slow = DecayTable(halfLifeDays: 2 * halfLifeDays)
    let fast = DecayTable(halfLifeDays: halfLifeDays)
    for day in 0..<halfLifeDays {
      #expect(slow.entries[2 * day] == fast.entries[day])
    }
  }

  @Test func `points never grow back`() {
    let table = DecayTable(halfLifeDays: 180)
    for day in 0..<6000 {
      #expect(table.units(afterDays: day + 1) <= table.units(afterDays: day))
    }
  }

  @Test func `what is held against a customer fades at twice the half-life`() throws {
    let decay = Decay.halfLife180Days
    #expect(try decay.points([AgedPoints(10, ageDays: 180)]) == Ratio(5))
    #expect(try decay.points([AgedPoints(-10, ageDays: 360)]) == Ratio(-5))
    let both = [AgedPoints(10, ageDays: 180), AgedPoints(-10, ageDays: 360)]
    #expect(try decay.points(both) == .zero)
    #expect(try decay.points([]) == .zero)
  }

  @Test func `Aerolink's knowledge is 39.487 points`() throws {
    let reports = [
      AgedPoints(10, ageDays: 12), AgedPoints(10, ageDays: 75), AgedPoints(10, ageDays: 200),
      AgedPoints(20, ageDays: 30),
    ]
    let points = try Decay.halfLife180Days.points(reports)
    #expect(try points.rounded(to: 9).description == "39.487299340")
  }

  @Test func `the order of events and their splitting change nothing`() throws {
    var generator = SeededRandom(seed: 1)
    for _ in 0..<100 {
      let events = (0..<20).map { _ in
        AgedPoints(
          Int.random(in: -30...30, using: &generator),
          ageDays: Int.random(in: 0...2000, using: &generator))
      }
      let together = try Decay.halfLife365Days.points(events)
      #expect(try Decay.halfLife365Days.points(events.shuffled(using: &generator)) == together)
      let parts = try Decay.halfLife365Days.points(events.prefix(7))
      let rest = try Decay.halfLife365Days.points(events.dropFirst(7))
      #expect(try parts + rest == together)
    }
  }
}
