import Base

/// The meters of the tests, and what they show, counted from single events.
extension NaiveModel {
  /// In words of the catalog; the name of a meter is also the type of its events.
  static let meters: [String: JSON] = {
    let number: [JSON.Member] = [.init("value", "/n"), .init("places", 1)]
    let kinds: [(key: String, aggregation: JSON, unit: JSON, terms: [JSON.Member])] = [
      ("count", "count", "units", []),
      ("sum", "sum", "units", number),
      ("mean", "mean", "units", number),
      ("max", "max", "units", number),
      ("min", "min", "units", number),
      ("latest", "latest", "units", number),
      ("unique", "uniqueCount", "units", [.init("value", "/n")]),
      ("percentile", "percentile", "units", number + [.init("percent", .integer(percent))]),
      (
        "level", "timeWeightedSum", "units",
        number + [.init("holdSeconds", .integer(holdSeconds)), .init("per", "h")]
      ),
      (
        "lasted", "duration", "h",
        [
          .init("length", "/n"), .init("lengthUnit", "h"), .init("longestSeconds", 200_000),
        ]
      ),
      (
        "up", "stateTime", "h",
        [
          .init("value", "/state"), .init("heartbeatTimeoutSeconds", .integer(holdSeconds)),
          .init(
            "states", [["is": "up", "class": "up"], ["is": "down", "class": "down"]]),
        ]
      ),
      (
        "register", "register", "units",
        number + [
          .init("rollsOverAt", .decimal(Fixed(units: Int128(rollsOverAt), places: 1)))
        ]
      ),
    ]
    return Dictionary(
      uniqueKeysWithValues: kinds.map { kind in
        (
          kind.key,
          .object(
            [
              .init("aggregation", kind.aggregation), .init("unit", kind.unit),
              .init("eventTypes", .array([.string(kind.key)])),
            ] + kind.terms)
        )
      })
  }()

  static let meterKeys = meters.keys.sorted()

  private static let percent = 60
  /// Nearly twelve days.
  private static let holdSeconds = 1_000_000
  /// In tenths: a little more than the greatest reading.
  private static let rollsOverAt = 401

  /// What an event says of the state of its subject.
  static func state(_ use: Use) -> String { use.tenths < 250 ? "up" : "down" }

  /// Whether the values of two stretches add up to that of both.
  static func addsUp(_ meter: String) -> Bool {
    ["sum", "count", "level", "lasted", "up", "register"].contains(meter)
  }

  /// What the meter shows for those days; nil where it saw nothing.
  func value(_ meter: String, _ days: Range<Day>, for asset: String?) -> Fraction? {
    let seen = Dictionary(grouping: uses.filter { $0.meter == meter }, by: \.subject)
      .compactMap { subject, uses -> Seen? in
        guard asset.map({ $0 == subject }) ?? true else { return nil }
        return Seen(
          uses: uses.sorted { $0.time < $1.time }, times: times(of: subject, in: days))
      }
    switch meter {
    case "level": return held(seen, weight: \.tenths)
    case "up": return held(seen) { Self.state($0) == "up" ? 10 : 0 }
    case "lasted": return lasted(seen)
    case "register": return risen(seen)
    default: return figure(meter, seen.flatMap(\.counted).sorted { $0.time < $1.time })
    }
  }

  /// All that was ever said of a subject, in order, and when it counts.
  private struct Seen {
    let uses: [Use]
    let times: [Range<Int>]

    var counted: [Use] { uses.filter { use in times.contains { $0.contains(use.time) } } }
  }

  /// The customer counts all the time, an asset where it serves.
  private func times(of subject: String, in days: Range<Day>) -> [Range<Int>] {
    (subject == "acme" ? [days] : served[subject] ?? []).map { $0.clamped(to: days) }
      .filter { !$0.isEmpty }
      .map { local.midnight($0.lowerBound)..<local.midnight($0.upperBound) }
  }

  private func figure(_ meter: String, _ counted: [Use]) -> Fraction? {
    guard let last = counted.last else { return nil }
    let values = counted.map { Fraction($0.tenths, over: 10) }
    switch meter {
    case "sum": return values.sum
    case "count": return Fraction(values.count)
    case "max": return values.max()
    case "min": return values.min()
    case "mean": return values.sum / Fraction(values.count)
    case "unique": return Fraction(Set(values).count)
    case "percentile":
      let hours = Dictionary(grouping: counted) { $0.time / 3600 }.values
        .map { $0.reduce(0) { $0 + $1.tenths } }.sorted()
      let rank = Fraction(hours.count * Self.percent, over: 100).ceiling
      return Fraction(hours[rank - 1], over: 10)
    default: return Fraction(last.tenths, over: 10)
    }
  }

  /// What each use says holds until the next one of its subject, for a while at most; in tenths
  /// and hours.
  private func held(_ seen: [Seen], weight: (Use) -> Int) -> Fraction? {
    var (known, sum) = (0, 0)
    for subject in seen {
      for (place, use) in subject.uses.enumerated() {
        let next = place + 1 < subject.uses.count ? subject.uses[place + 1].time : Int.max
        let time = use.time..<min(next, use.time + Self.holdSeconds)
        let seconds = subject.times.reduce(0) { $0 + $1.clamped(to: time).count }
        known += seconds
        sum += weight(use) * seconds
      }
    }
    return known == 0 ? nil : Fraction(sum, over: 36_000)
  }

  /// Each use ends what went on for so many tenths of an hour.
  private func lasted(_ seen: [Seen]) -> Fraction? {
    var (isKnown, sum) = (false, 0)
    for subject in seen {
      for use in subject.uses {
        let time = use.time - use.tenths * 360..<use.time
        let seconds = subject.times.reduce(0) { $0 + $1.clamped(to: time).count }
        isKnown = isKnown || seconds > 0 || subject.times.contains { $0.contains(use.time) }
        sum += seconds
      }
    }
    return isKnown ? Fraction(sum, over: 3600) : nil
  }

  private func risen(_ seen: [Seen]) -> Fraction? {
    var (isKnown, sum) = (false, 0)
    for subject in seen {
      for (use, rise) in zip(subject.uses, Self.rises(subject.uses))
      where subject.times.contains(where: { $0.contains(use.time) }) {
        isKnown = true
        sum += rise
      }
    }
    return isKnown ? Fraction(sum, over: 10) : nil
  }

  /// What a register rose by with each of its readings. It is followed as if it never rolled over:
  /// `turned` is what it counted in whole turns; `sure` is the last that somebody read, and `low`
  /// where the last rise from there began, up to another reading.
  private static func rises(_ uses: [Use]) -> [Int] {
    var (turned, position, sure, low) = (0, 0, 0, Int?.none)
    return uses.enumerated().map { place, use in
      guard place > 0, use.mark == nil || use.mark == .estimated else {
        let isReset = place > 0 && use.mark == .reset
        (turned, position, sure, low) = (0, use.tenths, use.tenths, isReset ? 0 : nil)
        return isReset ? use.tenths : 0
      }
      var now = turned + use.tenths
      let isRead = use.mark == nil
      let begin = low ?? Int.max
      if now >= position {
        if now > position || !isRead { low = isRead && position == sure ? position : nil }
      } else if isRead, now >= begin, (position - now) * 2 > position - begin {
        // The reading before was too high.
      } else if (now + rollsOverAt - position) * 2 < rollsOverAt {
        turned += rollsOverAt
        now += rollsOverAt
        low = nil
      } else if now >= sure {
        low = nil
      } else {
        return 0
      }
      defer { position = now }
      if isRead { sure = now }
      return now - position
    }
  }
}
