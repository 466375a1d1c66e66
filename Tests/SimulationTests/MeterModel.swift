/// What each kind of meter should come to, from nothing but the events that stand: lists, loops and
/// whole numbers, as slow as they are plain. It shares nothing with the product but the wish.
struct MeterModel {
  enum Answer: Equatable {
    case missing
    /// An exact fraction.
    case number(Int128, over: Int128)
  }

  /// By its own names, for one subject and window.
  struct States: Equatable {
    var microseconds: [String: Int] = [:]
    var conflicts = 0
  }

  /// One subject's events that ran or hovered, of all times.
  private let events: [Model.Event]
  private let from: Int
  private let until: Int

  init(_ model: Model, _ subject: String, from: Int, until: Int) {
    events = model.standing.filter {
      $0.subject == subject && ($0.type == "ran" || $0.type == "hovered")
    }
    (self.from, self.until) = (from, until)
  }

  private func isInside(_ time: Int) -> Bool { from <= time && time < until }

  private var inside: [Model.Event] { events.filter { isInside($0.time) } }

  // MARK: What events say

  static func level(_ event: Model.Event) -> Int { event.bonus }

  static func tag(_ event: Model.Event) -> String { ["a", "b", "c"][remainder(event, 3)] }

  static func state(_ event: Model.Event) -> String {
    ["up", "down", "half", "shut", "ticket"][remainder(event, 5)]
  }

  /// Which member of the data is true.
  static func mark(_ event: Model.Event) -> String {
    ["estimated", "read", "read", "read", "read", "reset", "replaced"][remainder(event, 7)]
  }

  private static func remainder(_ event: Model.Event, _ divisor: Int) -> Int {
    (event.bonus % divisor + divisor) % divisor
  }

  // MARK: Meters

  func answer(_ meter: String) -> Answer {
    let levels = inside.map(MeterModel.level)
    switch meter {
    case "least": return levels.min().map { whole($0) } ?? .missing
    case "greatest": return levels.max().map { whole($0) } ?? .missing
    case "last":
      let last = inside.max { ($0.time, $0.bonus) < ($1.time, $1.bonus) }
      return last.map { whole($0.bonus) } ?? .missing
    case "mean":
      return levels.isEmpty
        ? .missing : .number(Int128(levels.reduce(0, +)), over: Int128(levels.count))
    case "tags": return whole(Set(inside.map(MeterModel.tag)).count)
    case "thousands": return whole(levels.map(MeterModel.thousandsUp).reduce(0, +))
    case "ninetieth": return percentile(90)
    case "energy": return energy()
    case "rising": return rise()
    case "spell": return .number(Int128(spell()), over: 3_600_000_000)
    default: return whole(groups().values.reduce(0, +))
    }
  }

  private func whole(_ number: Int) -> Answer { .number(Int128(number), over: 1) }

  /// Away from zero.
  private static func thousandsUp(_ number: Int) -> Int {
    (abs(number) + 999) / 1000 * number.signum()
  }

  private func percentile(_ percent: Int) -> Answer {
    var hours: [Int: Int] = [:]
    for event in inside { hours[event.time / 3_600_000_000, default: 0] += event.bonus }
    let sums = hours.values.sorted()
    guard !sums.isEmpty else { return .missing }
    var rank = 1
    while rank * 100 < percent * sums.count { rank += 1 }
    return whole(sums[rank - 1])
  }

  /// By tag, without the events of tag c.
  func groups() -> [String: Int] {
    var sums: [String: Int] = [:]
    for event in inside where MeterModel.tag(event) != "c" {
      sums[#"["\#(MeterModel.tag(event))"]"#, default: 0] += event.bonus
    }
    return sums
  }

  /// Microseconds of intervals in the window; what lasts longer than 20,000 seconds is no interval.
  private func spell() -> Int {
    events.reduce(0) { sum, event in
      guard let tenths = event.tenths, (0...200_000).contains(tenths) else { return sum }
      let start = max(event.time - tenths * 100_000, from)
      return sum + max(0, min(event.time, until) - start)
    }
  }

  /// Moments between which nothing changes.
  private func steps(_ holds: [Int]) -> [(Int, Int)] {
    var moments: Set<Int> = [from, until]
    for event in events {
      for moment in [event.time] + holds.map({ event.time + $0 }) where isInside(moment) {
        moments.insert(moment)
      }
    }
    let sorted = moments.sorted()
    return Array(zip(sorted, sorted.dropFirst()))
  }

  /// The level holds for two hours; a level-hour has 3,600,000,000 microseconds.
  private func energy() -> Answer {
    let hold = 7_200_000_000
    var (sum, isKnown) = (Int128(0), false)
    for (start, end) in steps([hold]) {
      let said = events.filter { $0.time <= start }.max {
        ($0.time, $0.bonus) < ($1.time, $1.bonus)
      }
      guard let said, start < said.time + hold else { continue }
      isKnown = true
      sum += Int128(said.bonus) * Int128(end - start)
    }
    return isKnown ? .number(sum, over: 3_600_000_000) : .missing
  }

  /// Readings in order of time; of several at once estimates first, then what is read, what was set
  /// to zero, and other registers; among equals the lower first. Said twice is said once. What
  /// falls back by more than half of the last rise between readings, but not below where that
  /// began, takes that much of it back.
  private func rise() -> Answer {
    let order = ["estimated", "read", "reset", "replaced"]
    struct Said: Hashable {
      let time: Int
      let mark: Int
      let reading: Int
    }
    let said = Set(
      events.map { event in
        Said(
          time: event.time, mark: order.firstIndex(of: MeterModel.mark(event))!,
          reading: event.bonus)
      }
    ).sorted { ($0.time, $0.mark, $0.reading) < ($1.time, $1.mark, $1.reading) }
    var sum = 0
    var last: Int?
    var lowest = 0
    var began: Int?
    for reading in said where reading.time < until {
      var rise = 0
      var next = reading.mark == 0 ? lowest : reading.reading
      var start = last == lowest ? last : nil
      if let before = last, reading.mark < 2 {
        rise = reading.reading - before
        if rise == 0, reading.mark == 1 { start = began }
        if rise < 0, reading.mark == 1, let low = began, reading.reading >= low,
          -rise * 2 > before - low
        {
          start = low
        } else if rise < 0 {
          start = nil
          let around = rise + 1_500_000
          if around >= 0, around < 750_000 {
            rise = around
            if reading.mark == 0 { next = lowest - 1_500_000 }
          } else if reading.reading < lowest {
            continue
          }
        }
      } else {
        start = nil
        if last != nil, reading.mark == 2 { (rise, start) = (reading.reading, 0) }
        next = reading.reading
      }
      began = reading.mark == 0 ? nil : start
      last = reading.reading
      lowest = next
      if isInside(reading.time) { sum += rise }
    }
    return inside.isEmpty ? .missing : whole(sum)
  }

  /// The first goes before the others.
  private static let priorities = ["down", "ticket", "half", "up", "shut"]
  private static let hold = 5_400_000_000
  private static let ticketHold = 90_000_000_000

  func states() -> States {
    var states = States()
    for (start, end) in steps([MeterModel.hold, MeterModel.ticketHold]) {
      let speaking = Set(events.map(\.source)).compactMap { word(of: $0, at: start) }
      let first = MeterModel.priorities.first(where: speaking.contains) ?? "unknown"
      let meaning = first == "ticket" ? "down" : first == "half" ? "degraded" : first
      states.microseconds[meaning, default: 0] += end - start
    }
    for (_, events) in Dictionary(grouping: inside, by: { "\($0.source) \($0.time)" })
    where Set(events.map(MeterModel.state)).count > 1 {
      states.conflicts += 1
    }
    return states
  }

  /// What a source says at a moment: its last word, of several at once the one that goes before.
  private func word(of source: String, at moment: Int) -> String? {
    let said = events.filter { $0.source == source && $0.time <= moment }
    guard let last = said.map(\.time).max() else { return nil }
    let words = said.filter { $0.time == last }.map(MeterModel.state)
    let word = MeterModel.priorities.first(where: words.contains)!
    let hold = word == "ticket" ? MeterModel.ticketHold : MeterModel.hold
    return moment < last + hold && word != "shut" ? word : nil
  }
}
