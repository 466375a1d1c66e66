import Base

/// The samples that matter to a meter, of an hour or of a window. Sets are merged in any order and
/// any number of times with the same result; what order and repetition of events would change is
/// not in them.
package struct SampleSet: Hashable, Sendable {
  /// Which samples matter.
  package enum Rule: Hashable, Sendable {
    case least, greatest, latest, all
  }

  package let rule: Rule
  /// In order.
  package private(set) var samples: [Sample]

  package init(_ rule: Rule, _ samples: [Sample] = []) {
    self.rule = rule
    self.samples = []
    guard rule == .all else {
      for sample in samples { insert(sample) }
      return
    }
    for sample in samples.sorted() where self.samples.last != sample { self.samples.append(sample) }
  }

  package mutating func insert(_ sample: Sample) {
    if rule == .all, samples.last.map({ $0 < sample }) ?? true {
      samples.append(sample)
    } else {
      merge(SampleSet(rule, one: sample))
    }
  }

  package mutating func merge(_ other: SampleSet) {
    precondition(rule == other.rule, "samples of one meter are chosen by one rule")
    guard let new = other.samples.first else { return }
    guard let old = samples.first else { return samples = other.samples }
    switch rule {
    case .least: if new.number < old.number { samples = other.samples }
    case .greatest: if new.number > old.number { samples = other.samples }
    // Of several at one moment the greatest: that does not depend on which came first.
    case .latest: if old < new { samples = other.samples }
    case .all: samples = SampleSet.union(samples, other.samples)
    }
  }

  private init(_ rule: Rule, one sample: Sample) {
    self.rule = rule
    samples = [sample]
  }

  private static func union(_ left: [Sample], _ right: [Sample]) -> [Sample] {
    if left[left.count - 1] < right[0] { return left + right }
    var union: [Sample] = []
    union.reserveCapacity(left.count + right.count)
    var (first, second) = (left[...], right[...])
    while let one = first.first, let other = second.first {
      union.append(min(one, other))
      if one <= other { _ = first.popFirst() }
      if other <= one { _ = second.popFirst() }
    }
    return union + first + second
  }
}

extension SampleSet {
  /// As a row keeps them: a count, then each with its time told from the start of the hour.
  package func bytes(hour: Int64) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(varint: UInt64(samples.count))
    for sample in samples {
      bytes.append(varint: zigzag(sample.time - SampleSet.origin(rule, hour)))
      bytes.append(varint: zigzag(sample.stream))
      bytes.append(varint: zigzag(sample.number))
      bytes.append(varint: UInt64(sample.text.count))
      bytes += sample.text
    }
    return bytes
  }

  /// Nil where the bytes are not what was written.
  package init?(_ rule: Rule, _ bytes: UnsafeRawBufferPointer, hour: Int64) {
    var reader = VarintReader(bytes)
    guard let count = reader.next() else { return nil }
    var samples: [Sample] = []
    for _ in 0..<count {
      guard let time = reader.next(), let stream = reader.next(), let number = reader.next(),
        let length = reader.next(), let text = reader.bytes(length)
      else { return nil }
      samples.append(
        Sample(
          time: unzigzag(time) + SampleSet.origin(rule, hour), stream: unzigzag(stream),
          number: unzigzag(number), text: Array(text)))
    }
    guard reader.isAtEnd else { return nil }
    self.rule = rule
    self.samples = samples
  }

  private static func origin(_ rule: Rule, _ hour: Int64) -> Int64 {
    rule == .least || rule == .greatest ? 0 : hour &* Instant.microsecondsPerHour
  }
}
