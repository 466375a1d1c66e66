import Base
import Metering
import Rating
import TestSupport
import Testing
import Workflow

/// What every engine promises of its log.
@Suite("The log of an engine")
struct LogContractTests {
  private typealias Space = ContractWorkspace

  private static let events: [JSON] =
    (0..<60).map {
      Space.event("e\($0)", seconds: $0 * 7 % 50, hour: $0 * 5, subject: "engine-\($0 % 10)")
    } + [
      Space.correction("c1", of: "e3", seconds: 1000),
      Space.correction("c2", of: "e4", seconds: nil),
      Space.correction("c3", of: "unknown", seconds: nil),
    ]

  @Test("any order, split, repetition and restart tell the same", arguments: engines)
  func anyOrder(_ engine: any Engine) throws {
    let usual = try Space(engine)
    try usual.agree()
    try usual.append(Self.events)
    let expected = try usual.told()
    #expect(expected.contains("retracted"))
    for seed in 1...5 {
      var random = SeededRandom(seed: UInt64(seed))
      var space = try Space(engine)
      try space.agree()
      var rest = Self.events.shuffled(using: &random)
      while !rest.isEmpty {
        let some = Array(rest.prefix(random.number(1...20)))
        rest.removeFirst(some.count)
        // Some are sent again, in the same batch or after a restart.
        if random.chance(50) { try space.append(some, some) } else { try space.append(some) }
        if random.chance(30) { try space.reopen() }
        if random.chance(30) { try space.append(some) }
      }
      #expect(try space.told() == expected, "seed \(seed)")
      #expect(try space.home.read { try $0.eventCount() } == Int64(Self.events.count))
    }
  }

  @Test(
    "a repeat is a duplicate, another payload a conflict, also after a restart", arguments: engines)
  func conflicts(_ engine: any Engine) throws {
    var space = try Space(engine)
    try space.agree()
    let (one, other) = (Space.event("a", seconds: 1), Space.event("a", seconds: 2))
    #expect(try space.append([one], [one], [other]) == [[.accepted], [.duplicate], [.conflicting]])
    try space.reopen()
    #expect(try space.append([one, other]) == [[.duplicate, .conflicting]])
    let listed = try space.home.read {
      try $0.events(EventQuery(status: .conflicting), after: 0, limit: 10).events
    }
    #expect(listed.map(\.content.data) == [#"{"seconds":2}"#], "it is kept once")
    #expect(try space.home.events.find(source: "//test", id: "a") == 1)
    #expect(try space.home.events.find(source: "//test", id: "b") == nil)
  }

  @Test("numbers have no gap, and a read sees what was appended before it", arguments: engines)
  func numbers(_ engine: any Engine) throws {
    let space = try Space(engine)
    try space.agree()
    for count in 1...20 {
      try space.append([Space.event("n\(count)")])
      let (cut, events) = try space.home.read {
        (try $0.cut, try $0.events(EventQuery(), after: 0, limit: 100).events)
      }
      #expect(cut == Cut(through: Int64(count)))
      #expect(events.map(\.sequence) == (1...Int64(count)).map { $0 })
    }
  }

  @Test("ten thousand new texts come at once", arguments: engines)
  func manyTexts(_ engine: any Engine) throws {
    let space = try Space(engine)
    try space.agree()
    let events = (0..<5000).map {
      Space.event("t\($0)", subject: "subject-\($0)", source: "//source-\($0)")
    }
    try space.append(events)
    let found = try space.home.read { snapshot in
      try [0, 4999].map { number in
        try snapshot.events(
          EventQuery(source: "//source-\(number)", subject: "subject-\(number)"), after: 0,
          limit: 10
        ).events.map(\.id)
      }
    }
    #expect(found == [["t0"], ["t4999"]])
  }

  @Test(
    "texts of all of Unicode come back byte by byte, and are told apart by bytes",
    arguments: engines)
  func unicode(_ engine: any Engine) throws {
    let space = try Space(engine)
    try space.agree()
    // The same to Swift, and not the same bytes.
    let texts = [
      "\u{e9}", "e\u{301}", "\u{10FFFD}", "\u{1F1E9}\u{1F1EA}",
      String(repeating: "\u{fc}", count: 127),
    ]
    try space.append(texts.map { Space.event($0, source: "//\($0)") })
    let events = try space.home.read { try $0.events(EventQuery(), after: 0, limit: 10).events }
    #expect(events.map { Array($0.id.utf8) } == texts.map { Array($0.utf8) })
    for (place, text) in texts.enumerated() {
      #expect(try space.home.events.find(source: "//\(text)", id: text) == Int64(place + 1))
    }
  }

  @Test("evidence is the same, whatever was asked beside it", arguments: engines)
  func evidence(_ engine: any Engine) throws {
    let space = try Space(engine)
    try space.agree()
    try space.append(Self.events)
    let requests = try ["time", "runs"].flatMap { meter in
      try (0..<10).map { number in
        EvidenceRequest(
          meter: try MeterKey(meter),
          stretches: [SubjectStretch("engine-\(number)", Space.january)])
      }
    }
    let (together, apart) = try space.home.read { snapshot in
      (
        try snapshot.evidence(requests, by: snapshot.agreements.meters).map(\.evidence),
        try requests.map {
          try snapshot.evidence([$0], by: snapshot.agreements.meters)[0].evidence
        }
      )
    }
    #expect(together == apart)
    #expect(Set(together.map(\.digest)).count > 10)
  }
}
