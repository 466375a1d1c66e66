import Base
import Contracts
import Ingestion
import Metering
import Testing
import Workflow

@Suite struct EventIntakeTests {
  private static let now = Instant("2026-01-05T12:00:00Z")!

  private static func intake() throws -> EventIntake {
    let contract = try ContractKey("acme-pbh")
    let assignments = #"[{"contract":"acme-pbh","from":"2026-01-01T00:00:00Z"}]"#
    let asset = try Asset(
      Node(JSON(parsing: Array(#"{"assignments":\#(assignments)}"#.utf8))),
      key: AssetKey("engine-1"))
    #expect(asset.assignments.map(\.contract) == [contract])
    let meter = MeterDefinition(
      key: try MeterKey("time"), eventTypes: ["run"],
      aggregation: .sum(try NumberTerms(value: "/seconds")), unit: .second)
    return EventIntake(
      IntakeTerms(Catalog(assets: [asset]), MeterSet([meter])), now: now)
  }

  private static func event(
    _ id: String, subject: String = "engine-1", time: String = "2026-01-05T11:00:00Z",
    type: String = "run", data: String = #"{"seconds":60}"#
  ) -> String {
    """
    {"specversion":"1.0","id":"\(id)","source":"//s","type":"\(type)","subject":"\(subject)",\
    "time":"\(time)","data":\(data)}
    """
  }

  /// Each event of a batch has its own fate; the good ones are never refused for the others.
  @Test func everyEventHasItsOwnFate() throws {
    let batch = [
      Self.event("good"),
      Self.event("negative", data: #"{"seconds":-1}"#),
      Self.event("stranger", subject: "engine-9"),
      Self.event("future", time: "2026-01-06T12:00:01Z"),
      Self.event("early", time: "2025-12-31T23:59:59Z"),
      Self.event("mute", data: #"{"other":1}"#),
      Self.event("odd", type: "walk"),
    ].joined(separator: ",")
    let taken = try Self.intake().take(Array("[\(batch)]".utf8), as: .batch)
    let admitted = taken.admitted.map {
      "\(taken.batch.text($0.event.id)) \($0.doubt?.rawValue ?? "counted")"
    }
    #expect(
      admitted == [
        "good counted", "stranger unknown_subject", "early unassigned_subject",
        "mute unreadable_value", "odd unknown_event_type",
      ])
    #expect(
      taken.refusals.map { "\($0.index) \($0.fault.code.rawValue) \($0.fault.pointer)" } == [
        "1 negative_quantity /1/data/seconds", "3 future_event /3/time",
      ])
  }

  @Test func anEventWithoutATimeHappenedNow() throws {
    let text = #"{"specversion":"1.0","id":"1","source":"//s","type":"run"}"#
    let taken = try Self.intake().take(Array(text.utf8), as: .single)
    #expect(taken.admitted.map(\.occurred) == [Self.now])
    #expect(taken.received == Self.now)
  }

  /// Nobody looks at a correction again once it is stored: it must be sound when it comes.
  @Test func aCorrectionMustBeSound() throws {
    let target = #""corrects":{"source":"//s","id":"1"}"#
    let table = [
      ("{\(target),\"retract\":true}", "sound"),
      ("{\(target),\"amend\":{\"data\":{\"seconds\":-1}}}", "sound"),
      ("{\(target),\"amend\":{\"time\":\"2026-01-06T12:00:00Z\"}}", "sound"),
      ("{\(target)}", "invalid_value /data/retract"),
      ("7", "invalid_value /data"),
      ("{\(target),\"amend\":{\"time\":\"soon\"}}", "invalid_value /data/amend/time"),
      (
        "{\(target),\"amend\":{\"time\":\"2026-01-06T12:00:00.000001Z\"}}",
        "future_event /data/amend/time"
      ),
    ]
    for (data, expected) in table {
      let event = Self.event("c", type: "usance.correction", data: data)
      for (text, format, place) in [(event, EventFormat.single, ""), ("[\(event)]", .batch, "/0")] {
        let taken = try Self.intake().take(Array(text.utf8), as: format)
        let refusal = taken.refusals.first.map { "\($0.fault.code.rawValue) \($0.fault.pointer)" }
        #expect(
          refusal ?? "sound" == expected.replacing("/data", with: place + "/data"), "\(data)")
        #expect(taken.corrections.count == taken.admitted.count)
        #expect(taken.readings.values.isEmpty)
      }
    }
    let bare = #"{"specversion":"1.0","id":"1","source":"//s","type":"usance.correction"}"#
    let taken = try Self.intake().take(Array(bare.utf8), as: .single)
    #expect(taken.refusals.map(\.fault.pointer) == ["/data"])
    #expect(taken.refusals.map(\.fault.code) == [.missingField])
  }
}
