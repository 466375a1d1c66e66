import Base
import Ingestion
import TestSupport
import Testing

/// What is written to the log comes back as it was.
struct EventPageTests {
  private static let moment = Instant("2013-06-01T00:00:00.5Z")!
  private static let uuid = "0196f3a0-89ab-7cde-8f01-23456789abcd"

  private struct Sample {
    let text: String
    let numbers: EventNumbers
    let occurred: Int64
  }

  private static func sample(_ members: String, id: String, at distance: Int64) -> Sample {
    Sample(
      text: #"{"specversion":"1.0","source":"s","type":"t","id":"\#(id)"\#(members)}"#,
      numbers: EventNumbers(
        source: 1, type: 300, subject: members.contains("subject") ? 1 << 40 : nil,
        author: id.utf8.count.isMultiple(of: 2) ? 1 << 20 : nil),
      occurred: moment.microsecondsSinceEpoch + distance)
  }

  private static let samples: [Sample] = {
    let ids = [
      uuid, uuid.uppercased(), String(uuid.dropLast()), uuid + "0", "1", "é",
      uuid.replacing("-", with: ""), "0196f3a0-89ab-7cde-8f01-23456789abcg",
      "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
      String(repeating: "x", count: 256),
    ]
    let distances: [Int64] = [
      0, 1, -1, 999, -999, 1000, -1000, 1_000_000, -1_000_000, 86_400_000_000, -1_500_000,
      -63_000_000_000_000_000, 251_000_000_000_000_001,
    ]
    let members = [
      "", #","subject":"n""#, #","data":{"a":1}"#, #","data":null"#, #","ext":"x","other":7"#,
      #","subject":"n","data":"\#(String(repeating: "d", count: 300))","ext":"\u00e9""#,
    ]
    return ids.flatMap { id in
      distances.flatMap { distance in
        members.map { sample($0, id: id, at: distance) }
      }
    }
  }()

  private static func append(_ sample: Sample, to bytes: inout [UInt8]) throws -> EventBatch {
    let batch = try EventScanner.scan(Array(sample.text.utf8), as: .single)
    let event = try #require(batch.events.first, "\(sample.text)")
    batch.bytes.withUnsafeBytes {
      LogRecord.append(
        event, of: $0, sample.numbers, occurred: sample.occurred,
        moment: moment.microsecondsSinceEpoch, to: &bytes)
    }
    return batch
  }

  private static func page(_ bytes: [UInt8], count: Int) throws -> LogPage {
    try LogPage(first: 1000, count: count, received: moment, bytes: bytes)
  }

  @Test func everythingComesBackAsItWas() throws {
    var bytes: [UInt8] = []
    let batches = try Self.samples.map { try Self.append($0, to: &bytes) }
    let page = try Self.page(bytes, count: Self.samples.count)
    #expect(page.sequences == 1000..<1000 + Int64(Self.samples.count))
    for (place, sample) in Self.samples.enumerated() {
      let (batch, event) = (batches[place], batches[place].events[0])
      let record = page[1000 + Int64(place)]
      #expect(record.source == sample.numbers.source)
      #expect(record.type == sample.numbers.type)
      #expect(record.subject == sample.numbers.subject)
      #expect(record.occurredMicroseconds == sample.occurred)
      #expect(page.id(of: record) == batch.text(event.id))
      #expect(record.isUUID == (record.id.count == 16 && page.id(of: record).count == 36))
      #expect(record.data.map(page.text) == event.data.map(batch.text))
      #expect(record.attributes.map(page.text) == event.attributes.map(batch.text))
      #expect(record.author == sample.numbers.author)
    }
  }

  @Test func onlyTheUsualSpellingOfAUUIDIsOne() throws {
    for (id, isUUID) in [
      (Self.uuid, true), (Self.uuid.uppercased(), false), (Self.uuid + "0", false),
      (Self.uuid.replacing("-", with: "_"), false), (Self.uuid.replacing("9", with: "g"), false),
      (Self.uuid.replacing("6", with: "/"), false), (Self.uuid.replacing("6", with: ":"), false),
      (Self.uuid.replacing("a", with: "`"), false),
    ] {
      #expect(Array(id.utf8).withUnsafeBytes { EventIdentifier.uuid($0) != nil } == isUUID)
    }
  }

  @Test func aTimeTakesNoMorePlaceThanItNeeds() throws {
    func bytes(_ distance: Int64) throws -> Int {
      var bytes: [UInt8] = []
      _ = try Self.append(Self.sample("", id: "1", at: distance), to: &bytes)
      return bytes.count
    }
    let now = try bytes(0)
    #expect(try bytes(-63_000_000) == now, "a minute before, in whole seconds")
    #expect(try bytes(63_000) == now, "in milliseconds")
    #expect(try bytes(-64) == now)
    #expect(try bytes(-65) == now + 1)
  }

  @Test func anAmendedRecordKeepsWhatWasNotChanged() throws {
    for sample in Self.samples {
      var bytes: [UInt8] = []
      _ = try Self.append(sample, to: &bytes)
      let page = try Self.page(bytes, count: 1)
      let original = page[1000]
      let numbers = EventNumbers(source: 1, type: 7, subject: 8, author: original.author)
      for data in [nil, #"{"seconds":1}"#] {
        let text = Array((data ?? "").utf8)
        let body = page.bytes.withUnsafeBytes { bytes in
          text.withUnsafeBytes {
            original.amended(
              bytes, numbers, occurred: 5, moment: Self.moment.microsecondsSinceEpoch,
              data: data == nil ? nil : $0)
          }
        }
        let amended = try Self.page(body, count: 1)
        let record = amended[1000]
        #expect(amended.id(of: record) == page.id(of: original))
        #expect(record.isUUID == original.isUUID)
        #expect(record.attributes.map(amended.text) == original.attributes.map(page.text))
        #expect(record.data.map(amended.text) == data)
        #expect((record.source, record.type, record.subject) == (1, 7, 8))
        #expect(record.occurredMicroseconds == 5)
        #expect(record.author == original.author)
      }
    }
  }

  /// A byte that was flipped may make another record of the same length, which the checksum finds;
  /// here it is enough that nothing outside of the page is read, and nothing cut short taken.
  @Test func aDamagedPageIsRefusedOrReadAsSomethingElse() throws {
    var bytes: [UInt8] = []
    let samples = Self.samples[..<60]
    for sample in samples { _ = try Self.append(sample, to: &bytes) }
    for length in bytes.indices {
      #expect(
        TestSupport.fault { try Self.page(Array(bytes[..<length]), count: samples.count) } != nil)
    }
    for count in [0, 1, samples.count - 1, samples.count + 1] {
      #expect(TestSupport.fault { try Self.page(bytes, count: count) } != nil)
    }
    #expect(
      TestSupport.fault { try Self.page(bytes + [0], count: samples.count) }?.code == .dataDamaged
    )
    for place in bytes.indices {
      for bit in 0..<8 {
        var changed = bytes
        changed[place] ^= 1 << UInt8(bit)
        guard let page = try? Self.page(changed, count: samples.count) else { continue }
        for sequence in page.sequences { _ = page.id(of: page[sequence]) }
      }
    }
  }
}
