import Base

/// A register that rises with use, such as an hour meter: each event says where it stands. What it
/// rose by since the reading before belongs to the moment of the later reading.
///
///     rise = reading - standing             standing: the last reading that was not ignored
///
/// - A reading that is `replaced` is of another register, which starts with it: a rise of nothing.
/// - One that is `reset` is of the register after it was set to zero: its rise is the reading.
/// - Below an estimated reading, and not below the last one that was not, what was estimated too
///   high comes back: the rise is negative.
/// - If it falls back by more than half of its last rise, and not below where that began, the
///   reading before was too high: the rise is negative, and a reading is counted as ignored.
/// - Else it rolled over, below the standing reading, where `rollsOverAt` is agreed and it rose by
///   less than half of that so: its rise is reading + rollsOverAt - standing.
/// - Any other fall is ignored, and counted as such.
package struct RegisterTerms: Hashable, Sendable {
  package let number: NumberTerms
  /// In units of the number; nil where the register never rolls over.
  package let rollsOverAt: Int64?
  /// Where an event says `true` when its reading is of another register.
  package let replaced: DataPointer
  /// Where it says so when the register was set to zero before.
  package let reset: DataPointer
  /// Where it says so when nobody read the register.
  package let estimated: DataPointer

  /// What an event says of its reading. Of several at one moment an estimate comes first, and what
  /// starts anew last; a sample keeps it as its stream.
  enum Mark: Int64 {
    case estimated, read, reset, replaced
  }

  /// What a reading makes of the register.
  struct Step {
    let sample: Sample
    /// In units of the number; nil where the reading is ignored.
    let rise: Int128?
    /// Whether it takes back that the reading before was too high.
    var takesBack = false
  }

  /// Of an event's data.
  func mark(in data: UnsafeRawBufferPointer) -> Mark {
    func isTrue(_ pointer: DataPointer) -> Bool {
      let said = pointer.value(in: data).flatMap { Scalar($0) }
      return said == .bool(true) || said == .text(Array("true".utf8))
    }
    if isTrue(replaced) { return .replaced }
    if isTrue(reset) { return .reset }
    return isTrue(estimated) ? .estimated : .read
  }

  /// The samples are all that were ever taken of one subject and group, in order.
  func steps(_ samples: [Sample]) -> [Step] {
    var standing: Int64?
    /// The last reading that was no estimate; below it nothing comes back.
    var sure: Int64 = 0
    /// Where the last rise between two readings began that were no estimates.
    var low: Int64?
    return samples.map { sample in
      let reading = sample.number
      let mark = Mark(rawValue: sample.stream) ?? .read
      func stand(
        _ rise: Int128, sure isSure: Bool = mark != .estimated, takesBack: Bool = false
      ) -> Step {
        let isSame = mark == .read && rise == 0
        if !takesBack, !isSame { low = isSure && standing == sure && rise > 0 ? standing : nil }
        standing = reading
        if isSure { sure = reading }
        return Step(sample: sample, rise: rise, takesBack: takesBack)
      }
      guard let before = standing, mark != .replaced else { return stand(0, sure: true) }
      if mark == .reset {
        defer { low = 0 }
        return stand(Int128(reading), sure: true)
      }
      let rise = Int128(reading) - Int128(before)
      if rise >= 0 { return stand(rise) }
      let lastRise = low.map { Int128(before) - Int128($0) } ?? 0
      let isBack = mark == .read && reading >= low ?? .max && -rise * 2 > lastRise
      if isBack { return stand(rise, takesBack: true) }
      if let range = rollsOverAt.map({ Int128($0) }), (0..<range).contains((rise + range) * 2) {
        // What was sure before it rolled over is so far below zero now.
        sure = sure &- Int64(range)
        return stand(rise + range)
      }
      return reading >= sure ? stand(rise) : Step(sample: sample, rise: nil)
    }
  }
}

extension RegisterTerms {
  /// What the readings of a window come to.
  static func usage(_ steps: ArraySlice<Step>) -> Usage {
    guard !steps.isEmpty else { return Usage() }
    var readings = RegisterReadings()
    var rise = Int128(0)
    for step in steps {
      guard let more = step.rise else {
        readings.ignored += 1
        continue
      }
      rise += more
      if step.takesBack { readings.ignored += 1 }
      if step.sample.stream == Mark.estimated.rawValue { readings.estimated += 1 }
    }
    return Usage(Tally(count: Int64(steps.count), units: rise), .register(readings))
  }
}

extension RegisterTerms {
  /// The readings that count in some windows, and those that they rose from.
  func basis(of samples: [Sample], in windows: [Period]) -> Set<Sample> {
    var basis: Set<Sample> = []
    var before: Sample?
    var rest = windows[...]
    for step in steps(samples) where step.rise != nil {
      let time = step.sample.time
      while let first = rest.first, first.end.microsecondsSinceEpoch <= time { rest.removeFirst() }
      if let window = rest.first, window.start.microsecondsSinceEpoch <= time {
        basis.insert(step.sample)
        let isNew = step.sample.stream >= Mark.reset.rawValue
        if let before, !isNew { basis.insert(before) }
      }
      before = step.sample
    }
    return basis
  }
}

extension RegisterTerms {
  init?(_ fields: inout FieldReader) {
    let number = NumberTerms(&fields)
    let range = fields.optional("rollsOverAt", Node.decimal)
    let replaced = fields.optional("replaced", DataPointer.read)
    let reset = fields.optional("reset", DataPointer.read)
    let estimated = fields.optional("estimated", DataPointer.read)
    guard let number else { return nil }
    let rollsOverAt = range.flatMap { $0.exactly(places: number.places) }
      .flatMap { Int64(exactly: $0.units) }
    if range != nil, rollsOverAt.map({ $0 <= 0 }) ?? true {
      fields.refuse(
        "rollsOverAt", "a positive number with at most the \(number.places) places of the readings")
    }
    self.init(
      number: number, rollsOverAt: rollsOverAt,
      replaced: replaced ?? Self.pointers.replaced, reset: reset ?? Self.pointers.reset,
      estimated: estimated ?? Self.pointers.estimated)
  }

  /// Where events say it unless another place is agreed.
  private static let pointers = (
    replaced: DataPointer.member("replaced"), reset: DataPointer.member("reset"),
    estimated: DataPointer.member("estimated")
  )

  var members: [JSON.Member] {
    number.members
      + (rollsOverAt.map {
        [.init("rollsOverAt", .decimal(Fixed(units: Int128($0), places: number.places)))]
      } ?? [])
      + [
        .init("replaced", .string(replaced.text)), .init("reset", .string(reset.text)),
        .init("estimated", .string(estimated.text)),
      ]
  }
}

/// What is known of the readings of a register beside what it rose by.
package struct RegisterReadings: Hashable, Sendable {
  /// How many were ignored, for they fall and nothing says why.
  package var ignored: Int64 = 0
  /// How many of those that count are estimates.
  package var estimated: Int64 = 0

  package init(ignored: Int64 = 0, estimated: Int64 = 0) {
    self.ignored = ignored
    self.estimated = estimated
  }

  mutating func add(_ other: RegisterReadings) {
    ignored += other.ignored
    estimated += other.estimated
  }
}
