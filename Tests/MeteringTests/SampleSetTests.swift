import Base
import Metering
import TestSupport
import Testing

struct SampleSetTests {
  private static func random(_ random: inout SeededRandom) -> Sample {
    Sample(
      time: random.number(0...6) * 600_000_000, stream: random.number(0...1),
      number: random.number(-2...2), text: random.chance(50) ? [] : [7])
  }

  @Test(arguments: [SampleSet.Rule.least, .greatest, .latest, .all])
  func anyOrderGroupingAndRepetitionGiveTheSameSet(rule: SampleSet.Rule) {
    var random = SeededRandom(seed: 5)
    for _ in 0..<200 {
      let samples = (0..<random.number(1...12)).map { _ in
        var sample = Self.random(&random)
        if rule == .least || rule == .greatest { sample = Sample(number: sample.number) }
        return sample
      }
      let whole = SampleSet(rule, samples)
      #expect(SampleSet(rule, samples + samples.shuffled(using: &random)) == whole)
      var parts = SampleSet(rule)
      for sample in samples.shuffled(using: &random) { parts.insert(sample) }
      #expect(parts == whole)
      let cut = Int(random.number(0...Int64(samples.count)))
      var merged = SampleSet(rule, Array(samples[cut...]))
      merged.merge(SampleSet(rule, Array(samples[..<cut])))
      #expect(merged == whole)
      #expect(whole.samples == whole.samples.sorted())
    }
  }

  @Test(arguments: [SampleSet.Rule.least, .latest, .all])
  func bytesReadBack(rule: SampleSet.Rule) {
    let hour: Int64 = 389_321
    let time = rule == .least ? 0 : hour * Instant.microsecondsPerHour
    let set = SampleSet(
      rule,
      [
        Sample(time: time, number: .min), Sample(time: time == 0 ? 0 : time + 1, number: .max),
        Sample(time: time, stream: 300, number: 0, text: Array("blå".utf8)),
      ])
    let bytes = set.bytes(hour: hour)
    bytes.withUnsafeBytes { #expect(SampleSet(rule, $0, hour: hour) == set) }
    for length in 0..<bytes.count {
      Array(bytes[..<length]).withUnsafeBytes { #expect(SampleSet(rule, $0, hour: hour) == nil) }
    }
    (bytes + [0]).withUnsafeBytes { #expect(SampleSet(rule, $0, hour: hour) == nil) }
  }
}
