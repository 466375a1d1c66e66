package import Base

/// What a meter reads from one event.
package struct Reading: Hashable, Sendable {
  /// Place of the meter in its book.
  package let meter: Int
  package let occurred: Instant
  /// Where the event ends an interval, when that began; else when it occurred.
  package let start: Instant
  /// In units of 10^-places of the meter; one where the meter reads no number.
  package let units: Int64
  /// The values of the group, a JSON array; empty where the meter has no groups.
  package let group: String
  /// What it says where adding up is not enough. Its stream is not known to who only has the event.
  package let sample: Sample?

  /// A part that falls into one UTC hour.
  package struct Piece: Hashable, Sendable {
    package let hour: Int64
    package let tally: Tally
  }

  /// The parts of all hours it touches; one of them counts the event, that of its own time.
  package var pieces: [Piece] {
    guard start < occurred else { return [Piece(hour: occurred.hour, tally: tally)] }
    return (start.hour...occurred.hour).compactMap { hour in
      tally(in: Period(hours: hour..<hour + 1)).map { Piece(hour: hour, tally: $0) }
    }
  }

  /// The part in a period; nil where there is none.
  package func tally(in period: Period) -> Tally? {
    let isCounted = period.contains(occurred)
    guard start < occurred else { return isCounted ? tally : nil }
    let part = Period(start: start, end: occurred).intersection(period)
    guard isCounted || !part.isEmpty else { return nil }
    return Tally(count: isCounted ? 1 : 0, units: Int128(part.microseconds))
  }

  private var tally: Tally { Tally(count: 1, units: sample == nil ? Int128(units) : 0) }
}

extension MeterDefinition {
  /// Whether an event with these data is the meter's business.
  func takesNotice(of data: UnsafeRawBufferPointer) -> Bool {
    conditions.allSatisfy { $0.holds(in: data) }
  }

  /// The number of an event, converted where that comes first.
  func units(
    _ terms: NumberTerms, in data: UnsafeRawBufferPointer
  ) throws(Fault) -> Int64 {
    let units = try terms.units(in: data)
    guard let conversion, conversion.moment == .before else { return units }
    let value = try Ratio(Int128(units), over: Rounding.powerOfTen(terms.places))
    guard case .decimal(let converted) = try conversion.convert(value),
      let small = Int64(exactly: converted.units)
    else {
      throw Fault(
        .unreadableValue,
        "takes at most \(NumberTerms.most(places)) \(valueUnit.name) once converted",
        at: "/data" + terms.pointer.text)
    }
    return small
  }

  func reading(
    _ data: UnsafeRawBufferPointer, at occurred: Instant, place: Int
  ) throws(Fault) -> Reading {
    let group = try group(of: data)
    var (start, units, sample) = (occurred, Int64(1), Sample?.none)
    let time = occurred.microsecondsSinceEpoch
    switch aggregation {
    case .count: break
    case .sum(let terms), .mean(let terms): units = try self.units(terms, in: data)
    case .percentile(let terms): units = try self.units(terms.number, in: data)
    case .minimum(let terms), .maximum(let terms):
      units = try self.units(terms, in: data)
      sample = Sample(number: units)
    case .latest(let terms):
      units = try self.units(terms, in: data)
      sample = Sample(time: time, number: units)
    case .timeWeightedSum(let terms):
      units = try self.units(terms.number, in: data)
      sample = Sample(time: time, number: units)
    case .uniqueCount(let terms): sample = Sample(text: try terms.text(in: data))
    case .duration(let terms):
      start = try terms.start(in: data, end: occurred)
      units = occurred.microsecondsSinceEpoch - start.microsecondsSinceEpoch
    case .stateTime(let terms):
      sample = Sample(time: time, number: Int64(try terms.rule(in: data)))
    case .register(let terms):
      units = try self.units(terms.number, in: data)
      sample = Sample(time: time, stream: terms.mark(in: data).rawValue, number: units)
    }
    return Reading(
      meter: place, occurred: occurred, start: start, units: units, group: group, sample: sample)
  }

  /// The same text for the same values; what is missing is null.
  private func group(of data: UnsafeRawBufferPointer) throws(Fault) -> String {
    guard !groupBy.isEmpty else { return "" }
    var values: [JSON] = []
    for pointer in groupBy {
      let found = pointer.value(in: data)
      guard let value = found.map({ Scalar($0) }) ?? .null else {
        throw Fault(
          .unreadableValue, "groups by a text, a number, true, false or null",
          at: "/data" + pointer.text)
      }
      values.append(value.json)
    }
    return JSON.array(values).text
  }

  /// The sample with its source, where that matters to the meter.
  package func sample(of reading: Reading, source: Int64) -> Sample? {
    guard var sample = reading.sample else { return nil }
    if case .stateTime = aggregation { sample.stream = source }
    return sample
  }

  /// What samples of one subject and group come to in each of some windows, which rise and do not
  /// overlap: those in them and all before that `Aggregation.memory` speaks of, in order. Counted
  /// are those in the window.
  package func usage(
    _ samples: [Sample], in windows: [Period], keepingTimelines: Bool = false
  ) -> [Usage] {
    switch aggregation {
    case .timeWeightedSum(let terms):
      return windows.map { window in
        let inside = MeterDefinition.places(of: samples, in: window)
        let (units, held) = terms.integral(
          Array(samples[max(inside.lowerBound - 1, 0)..<inside.upperBound]), window)
        return Usage(
          Tally(count: Int64(inside.count), units: units), held == 0 ? nil : .held(held))
      }
    case .stateTime(let terms):
      return windows.map { window in
        let inside = MeterDefinition.places(of: samples, in: window)
        let reach = Period(
          start: window.start.advanced(bySeconds: -Int64(terms.holdSecondsMax)), end: window.end)
        let spoken = Array(samples[MeterDefinition.places(of: samples, in: reach)])
        let times = terms.times(spoken, window, keepingTimeline: keepingTimelines)
        return Usage(Tally(count: Int64(inside.count)), .states(times))
      }
    case .register(let terms):
      let steps = terms.steps(samples)
      return windows.map { window in
        RegisterTerms.usage(steps[MeterDefinition.places(of: samples, in: window)])
      }
    default: preconditionFailure("only what holds over time is read from samples alone")
    }
  }

  /// The samples without which the value in some windows would be another; both in order. Only of
  /// meters that remember samples.
  package func basis(of samples: [Sample], in windows: [Period]) -> Set<Sample> {
    switch aggregation {
    case .timeWeightedSum(let terms): terms.basis(of: samples, in: windows)
    case .stateTime(let terms): terms.basis(of: samples, in: windows)
    case .register(let terms): terms.basis(of: samples, in: windows)
    default: []
    }
  }

  /// The places of the samples in a window, which are in order of time.
  private static func places(of samples: [Sample], in window: Period) -> Range<Int> {
    func place(_ instant: Instant) -> Int {
      samples.indices.partitionPoint { samples[$0].time >= instant.microsecondsSinceEpoch }
    }
    return place(window.start)..<place(window.end)
  }
}
