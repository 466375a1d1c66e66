import Base
import Rating
import Testing

/// Every line traces to its events, and the digest proves that none of them was altered.
struct EvidenceTests {
  struct Sample: Equatable {
    var source = "/planes/N1"
    var id = "1"
    var time = "2013-01-01T11:00:00Z"
    var units: Int64 = 3600
  }

  static let samples = [
    Sample(), Sample(id: "2", time: "2013-01-01T12:00:00Z", units: 60),
    Sample(source: "/planes/N2", id: "1", time: "2013-01-01T12:00:00Z", units: 0),
  ]

  static func reference(_ sample: Sample) -> Evidence.Reference {
    Evidence.Reference(source: sample.source, id: sample.id, occurred: Instant(sample.time)!)
  }

  static func evidence(of samples: [Sample], places: Int = 0) throws -> Evidence {
    var builder = EvidenceBuilder(meter: try MeterKey("engine-time"), places: places)
    for sample in samples { builder.append(reference(sample), units: sample.units) }
    return builder.finish()
  }

  /// Anybody can recompute the digest with `sha256sum` over these lines.
  @Test func digestsTheCanonicalList() throws {
    let list = """
      ["/planes/N1","1","2013-01-01T11:00:00Z","36.00"]
      ["/planes/N1","2","2013-01-01T12:00:00Z","0.60"]
      ["/planes/N2","1","2013-01-01T12:00:00Z","0.00"]

      """
    let evidence = try Self.evidence(of: Self.samples, places: 2)
    #expect(evidence.digest == Digest(of: list.utf8))
    #expect(evidence.count == 3)
    #expect(evidence.first == Self.reference(Self.samples[0]))
    #expect(evidence.last == Self.reference(Self.samples[2]))
  }

  @Test func noEventsHaveTheDigestOfNothing() throws {
    let evidence = try Self.evidence(of: [])
    #expect(evidence.count == 0 && evidence.first == nil && evidence.last == nil)
    #expect(
      evidence.json.text == """
        {"meter":"engine-time","events":0,\
        "sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}
        """)
  }

  @Test func changesWithEveryPartOfEveryEvent() throws {
    var digests = [try Self.evidence(of: Self.samples).digest]
    for place in Self.samples.indices {
      var changes = Array(repeating: Self.samples, count: 4)
      changes[0][place].source += "x"
      changes[1][place].id += "x"
      changes[2][place].time = changes[2][place].time.replacing(":00Z", with: ":00.000001Z")
      changes[3][place].units += 1
      var missing = Self.samples
      missing.remove(at: place)
      for list in changes + [missing] {
        let sorted = list.sorted { Self.reference($0).precedes(Self.reference($1)) }
        digests.append(try Self.evidence(of: sorted).digest)
      }
    }
    #expect(Set(digests).count == digests.count)
  }

  /// A quote in an id must not let one event pass for two.
  @Test func noIdCanForgeAnotherEvent() throws {
    let honest = try Self.evidence(of: Array(Self.samples.prefix(2)))
    let forged = try Self.evidence(of: [
      Sample(
        id: """
          1","2013-01-01T11:00:00Z","3600"]
          ["/planes/N1","2
          """, time: "2013-01-01T12:00:00Z", units: 60)
    ])
    #expect(honest.digest != forged.digest)
  }

  /// In order: by time, then by the bytes of the source, then by those of the id.
  static let ordered = [
    Sample(source: "b", id: "9", time: "1969-12-31T23:59:59.999999Z"),
    Sample(source: "A", id: "2", time: "2013-01-01T00:00:00Z"),
    Sample(source: "a", id: "1", time: "2013-01-01T00:00:00Z"),
    Sample(source: "a", id: "10", time: "2013-01-01T00:00:00Z"),
    Sample(source: "a", id: "2", time: "2013-01-01T00:00:00Z"),
    // Two sources whose accents are written differently, as a database sorts them: by bytes.
    Sample(source: "e\u{301}", id: "9", time: "2013-01-01T00:00:00Z"),
    Sample(source: "é", id: "1", time: "2013-01-01T00:00:00Z"),
    Sample(source: "é", id: "e\u{301}", time: "2013-01-01T00:00:00Z"),
    Sample(source: "é", id: "é", time: "2013-01-01T00:00:00Z"),
    Sample(source: "a", id: "1", time: "2013-01-01T00:00:00.000001Z"),
  ]

  @Test func ordersByTimeThenSourceThenId() {
    for (index, left) in Self.ordered.enumerated() {
      for (other, right) in Self.ordered.enumerated() {
        #expect(
          Self.reference(left).precedes(Self.reference(right)) == (index < other),
          "\(left) before \(right)")
      }
    }
  }

  @Test func takesEventsInThatOrder() throws {
    #expect(try Self.evidence(of: Self.ordered).count == Self.ordered.count)
  }
}
