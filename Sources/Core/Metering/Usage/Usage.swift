import Base

/// What a meter found in a window: usage of several subjects and windows adds up to that of all.
package struct Usage: Hashable, Sendable {
  package private(set) var tally: Tally
  package private(set) var detail: Detail?

  /// What is known beside the count and the sum.
  package enum Detail: Hashable, Sendable {
    case samples(SampleSet)
    /// The sum of each UTC hour.
    case hours([Int64: Int128])
    case states(StateTimes)
    /// For how many microseconds a level was known.
    case held(Int128)
    case register(RegisterReadings)
  }

  package init(_ tally: Tally, _ detail: Detail? = nil) {
    self.tally = tally
    self.detail = detail
  }

  package init(count: Int64 = 0, units: Int128 = 0) {
    self.init(Tally(count: count, units: units))
  }

  package var count: Int64 { tally.count }
  package var units: Int128 { tally.units }

  package mutating func add(_ tally: Tally) { self.tally.add(tally) }

  package mutating func add(_ other: Usage) {
    tally.add(other.tally)
    guard let more = other.detail else { return }
    add(more)
  }

  package func adding(_ other: Usage) -> Usage {
    var sum = self
    sum.add(other)
    return sum
  }

  package mutating func add(_ more: Detail) {
    switch (detail, more) {
    case (nil, _): detail = more
    case (.samples(var set), .samples(let more)):
      detail = nil
      set.merge(more)
      detail = .samples(set)
    case (.hours(var hours), .hours(let more)):
      detail = nil
      hours.merge(more, uniquingKeysWith: +)
      detail = .hours(hours)
    case (.states(var states), .states(let more)):
      states.add(more)
      detail = .states(states)
    case (.held(let held), .held(let more)): detail = .held(held + more)
    case (.register(var readings), .register(let more)):
      readings.add(more)
      detail = .register(readings)
    default: preconditionFailure("usage of two kinds of meters does not add up")
    }
  }
}
