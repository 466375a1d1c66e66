import TestSupport

/// A random past: who is assigned where, what happened, and in which order it was told.
struct History {
  let clocks: Clocks
  /// Months since January 2012; the year before it lies in the data too.
  let month: Int
  let stretches: [Model.Stretch]
  let events: [Model.Event]
  let conflicts: [Model.Event]
  /// Some of `Meters`.
  let meters: [String]
  /// Half of them count meters slice by slice.
  let countedAtOnceMax: Int

  static let contractStart = 1_325_376_000_000_000 - 86_400_000_000
  static let farAway = 4_000_000_000_000_000
  static let subjects = ["engine-0", "engine-1", "engine-2", "airline", "ghost"]
  private static let hour = 3_600_000_000

  init(_ random: inout SeededRandom) {
    clocks = Clocks.all.randomElement(using: &random)!
    month = Int.random(in: 12...22, using: &random)
    let (year, start, end) = (
      clocks.start(ofMonth: month - 11), clocks.start(ofMonth: month),
      clocks.start(ofMonth: month + 1)
    )
    // One engine serves throughout, one for a while, one comes over from another customer.
    let from = Int.random(in: start - 5 * Self.hour...end, using: &random)
    let until = Int.random(in: from + 1...end + 5 * Self.hour, using: &random)
    let change = Int.random(in: year...end, using: &random)
    stretches = [
      .init(subject: "airline", from: History.contractStart, until: History.farAway),
      .init(subject: "engine-0", from: History.contractStart, until: History.farAway),
      .init(subject: "engine-1", from: from, until: until),
      .init(subject: "engine-2", from: change, until: History.farAway),
    ]
    let edges = [year, start, end, from, until, change]
    meters = Array(Meters.names.shuffled(using: &random).prefix(4))
    countedAtOnceMax = random.chance(50) ? 0 : 1000
    // Some months have running time and no run.
    let runPercent = random.chance(10) ? 0 : 70
    var figures = (0..<Int.random(in: 15...45, using: &random)).map { number in
      History.event(number, year..<start, start..<end, edges, runPercent, &random)
    }
    if random.chance(60) { History.crowd(&figures, around: edges, &random) }
    events = History.withCorrections(of: figures, edges, &random)
    conflicts = events.filter { _ in random.chance(15) }.map { event in
      var event = event
      if random.chance(50), event.change == nil {
        event.tenths = (event.tenths ?? 0) + 1
      } else {
        event.time += 60_000_000
      }
      return event
    }
  }

  /// Most of what happened happened in one day, much of it at one moment and to one engine, so that
  /// order matters.
  private static func crowd(
    _ events: inout [Model.Event], around edges: [Int], _ random: inout SeededRandom
  ) {
    let start = edges.randomElement(using: &random)! - 12 * hour
    for place in events.indices where random.chance(70) {
      events[place].time = start + Int.random(in: 0...96, using: &random) * 900_000_000
      if random.chance(50) { events[place].subject = "engine-0" }
      if random.chance(60) { events[place].bonus = Int.random(in: -9...9, using: &random) }
    }
  }

  private static func event(
    _ number: Int, _ past: Range<Int>, _ month: Range<Int>, _ edges: [Int], _ runPercent: Int,
    _ random: inout SeededRandom
  ) -> Model.Event {
    let time: Int
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<2: time = Int.random(in: past, using: &random)
    case 2..<5:
      let beside = [0, -1, 1, -hour, hour, -1_000_000, 1_800_000_000]
      time = edges.randomElement(using: &random)! + beside.randomElement(using: &random)!
    case 5: time = Int.random(in: month, using: &random)
    default: time = Int.random(in: month, using: &random) / 60_000_000 * 60_000_000
    }
    let isInMonth = month.contains(time)
    let isRun = random.chance(isInMonth ? runPercent : 70)
    return Model.Event(
      source: "//device/\(number % 3)", id: "\(number / 2)-\(number)",
      type: isRun ? "ran" : random.chance(80) ? "hovered" : "landed",
      subject: subjects.randomElement(using: &random)!, time: time,
      tenths: random.chance(5) ? nil : Int.random(in: 0...400_000, using: &random),
      bonus: Int.random(in: -1_000_000...1_000_000, using: &random))
  }

  /// Some of them are wrong, some several times, and some of what corrects them is wrong itself.
  private static func withCorrections(
    of events: [Model.Event], _ edges: [Int], _ random: inout SeededRandom
  ) -> [Model.Event] {
    var all = events
    for number in 0..<Int.random(in: 0...events.count / 2, using: &random) {
      let favourites = random.chance(50) ? all[..<5] : all[...]
      let wrong = favourites.randomElement(using: &random)!
      let isMissing = random.chance(5)
      var change = Model.Change(
        target: .init(source: wrong.source, id: isMissing ? "never-\(number)" : wrong.id))
      change.isRetraction = random.chance(25)
      if !change.isRetraction { amend(&change, edges, &random) }
      // Few times and sources, so that what comes after them decides as well.
      let source = "//desk/\(Int.random(in: 0..<2, using: &random))"
      all.append(
        Model.Event(
          source: source, id: "\(Int.random(in: 0..<10, using: &random))-\(number)",
          type: "usance.correction", subject: subjects.randomElement(using: &random)!,
          time: 1_390_000_000_000_000 + Int.random(in: 0..<3, using: &random), tenths: nil,
          bonus: 0, change: change))
    }
    return all
  }

  private static func amend(
    _ change: inout Model.Change, _ edges: [Int], _ random: inout SeededRandom
  ) {
    if random.chance(40) {
      let beside = Int.random(in: -50 * hour...50 * hour, using: &random)
      change.time = edges.randomElement(using: &random)! + (random.chance(30) ? 0 : beside)
    }
    if random.chance(30) { change.subject = subjects.randomElement(using: &random)! }
    if random.chance(20) {
      change.type = ["ran", "hovered", "landed", "sank"].randomElement(using: &random)!
    }
    guard random.chance(40) || (change.time ?? -1, change.subject, change.type) == (-1, nil, nil)
    else { return }
    let tenths =
      random.chance(10)
      ? -Int.random(in: 10...400_000, using: &random)
      : Int.random(in: 0...400_000, using: &random)
    change.data = .init(
      tenths: random.chance(5) ? nil : tenths,
      bonus: Int.random(in: -1_000_000...1_000_000, using: &random))
  }

  /// Everything once to five times, in any order; only a conflicting payload never comes first.
  func telling(_ random: inout SeededRandom) -> [Model.Event] {
    var told: [Model.Event] = []
    for event in events + conflicts {
      let copies = Int.random(in: 1...5, using: &random)
      told += Array(repeating: event, count: random.chance(40) ? copies : 1)
    }
    told.shuffle(using: &random)
    for conflict in conflicts {
      let early = told.firstIndex(of: conflict)!
      let first = told.firstIndex {
        $0 != conflict && $0.source == conflict.source && $0.id == conflict.id
      }!
      if early < first { told.swapAt(early, first) }
    }
    return told
  }
}
