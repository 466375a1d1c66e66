import Base

/// A level over time, such as power that becomes energy: each event says what the level is from
/// then on, for `holdSeconds` at most; beyond them it is not known, and counts nothing.
package struct TimeWeightedTerms: Hashable, Sendable {
  /// Ten years.
  package static let holdSecondsMax = 3660 * 86_400

  package let number: NumberTerms
  package let holdSeconds: Int
  /// The unit of time in the product: `h` makes kWh of kW.
  package let per: MeasureUnit

  package init(_ number: NumberTerms, holdSeconds: Int, per: MeasureUnit = .second) {
    precondition((1...TimeWeightedTerms.holdSecondsMax).contains(holdSeconds))
    self.number = number
    self.holdSeconds = holdSeconds
    self.per = per
  }

  /// Level times microseconds over the period, and for how many of them it was known. The samples
  /// are those of one subject, in order; of several at one moment the greatest stands.
  func integral(_ samples: [Sample], _ period: Period) -> (units: Int128, held: Int128) {
    let hold = Int64(holdSeconds) * 1_000_000
    let (from, until) = (period.start.microsecondsSinceEpoch, period.end.microsecondsSinceEpoch)
    var (units, held) = (Int128(0), Int128(0))
    for (place, sample) in samples.enumerated() {
      let next = place + 1 < samples.count ? samples[place + 1].time : Int64.max
      let end = min(next, sample.time + hold, until)
      let start = max(sample.time, from)
      guard start < end else { continue }
      held += Int128(end - start)
      units += Int128(sample.number) * Int128(end - start)
    }
    return (units, held)
  }
}

extension TimeWeightedTerms {
  /// The samples whose levels held for a time in some windows; `samples` are in order.
  func basis(of samples: [Sample], in windows: [Period]) -> Set<Sample> {
    var basis: Set<Sample> = []
    let hold = Int64(holdSeconds) * 1_000_000
    for window in windows {
      let (from, until) = (
        window.start.microsecondsSinceEpoch, window.end.microsecondsSinceEpoch
      )
      let first = samples.indices.partitionPoint { samples[$0].time >= from }
      for place in samples.indices[max(first - 1, 0)...] {
        let sample = samples[place]
        guard sample.time < until else { break }
        let next = place + 1 < samples.count ? samples[place + 1].time : Int64.max
        if min(next, sample.time + hold) > max(sample.time, from) { basis.insert(sample) }
      }
    }
    return basis
  }
}

extension TimeWeightedTerms {
  init?(_ fields: inout FieldReader) {
    let number = NumberTerms(&fields)
    let hold = fields.required("holdSeconds", Node.integer(in: 1...Self.holdSecondsMax))
    let per = fields.optional("per", MeasureUnit.readTime)
    guard let number, let hold else { return nil }
    self.init(number, holdSeconds: hold, per: per ?? .second)
  }

  var members: [JSON.Member] {
    number.members + [
      .init("holdSeconds", .integer(holdSeconds)), .init("per", .string(per.name)),
    ]
  }
}
