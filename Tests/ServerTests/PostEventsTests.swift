import Access
import Base
import NIOCore
import NIOHTTP1
import Testing

@Suite("Posting events")
struct PostEventsTests {
  /// The numbers of a receipt: accepted, duplicate, conflicting, rejected, unmatched.
  private func counts(_ answer: Answer) -> [JSON?] {
    ["accepted", "duplicate", "conflicting", "rejected", "unmatched"].map { answer[$0] }
  }

  @Test("One event, a batch, and plain JSON of either shape are taken", .timeLimit(.minutes(10)))
  func shapes() async throws {
    try await TestService.run { service in
      try await service.agree()
      let device = service.client(.device)
      let single = try await device.post(event: SampleEvent(id: "1").json.text)
      #expect(single.status == 200)
      #expect(counts(single) == [1, 0, 0, 0, 0])
      #expect(single["notices"] == [])
      let batch = try await device.post(events: [SampleEvent(id: "2"), SampleEvent(id: "3")])
      #expect(counts(batch) == [2, 0, 0, 0, 0])
      for body in [SampleEvent(id: "4").json, [SampleEvent(id: "5").json]] {
        let plain = try await device.send(
          .POST, "/v1/events", .bytes(Array(" \n".utf8) + body.bytes),
          type: "application/json; charset=utf-8")
        #expect(counts(plain) == [1, 0, 0, 0, 0], "\(body.text)")
      }
      #expect(try await device.post(events: [])["accepted"] == 0, "an empty batch is no mistake")
      #expect(try service.eventCount() == 5)
      let log = try await service.client(.finance).get("/v1/events?status=counted")
      #expect(log.items.map { $0["id"]?.stringValue } == ["1", "2", "3", "4", "5"])
    }
  }

  @Test("The same payload in another spelling is a duplicate, another payload a conflict")
  func identity() async throws {
    try await TestService.run { service in
      try await service.agree()
      let device = service.client(.device)
      let first = """
        {"specversion":"1.0","id":"a","source":"/s","type":"flown","subject":"N1",
        "time":"2013-01-05T10:00:00Z","ext":"x","data":{"seconds":90,"cycles":1,"note":"\\u00e9"}}
        """
      #expect(counts(try await device.post(event: first)) == [1, 0, 0, 0, 0])
      let again = """
        { "data" : { "note": "é", "cycles": 1.0, "seconds": 9e1 }, "ext": "\\u0078",
        "time": "2013-01-05T05:00:00.000-05:00", "subject": "N1", "type": "fl\\u006fwn",
        "source": "/s", "id": "a", "datacontenttype": "application/json", "specversion": "1.0" }
        """
      #expect(counts(try await device.post(event: again)) == [0, 1, 0, 0, 0])
      let other = first.replacing("\"seconds\":90", with: "\"seconds\":91")
      for _ in 1...2 {
        let answer = try await device.post(event: other)
        answer.expectProblem(409, "conflicting_event", at: ["/id"], on: "/v1/events")
      }
      #expect(try service.eventCount() == 1)
      let finance = service.client(.finance)
      let kept = try await finance.get("/v1/events?status=conflicting").items
      #expect(kept.map { $0["data"]?["seconds"] } == [91], "kept once, however often it came")
      #expect(kept.first?["reason"] == "conflicting_event")
      let log = try await finance.get("/v1/events").items
      #expect(log.map { $0["data"]?["seconds"] } == [90], "the first one stands")
      #expect(log.first?["attributes"]?["ext"] == "x")
      let usage = try await finance.get("/v1/usage?meter=hours&asset=N1&month=2013-01")
      #expect(usage["value"] == "90")
    }
  }

  @Test("An event without a time is a duplicate of itself, whenever it comes again")
  func retryWithoutTime() async throws {
    try await TestService.run { service in
      try await service.agree()
      let event = SampleEvent(id: "now", time: nil)
      try await service.post(event)
      service.clock.advance(bySeconds: 60)
      let again = try await service.client(.device).post(events: [event])
      #expect(counts(again) == [0, 1, 0, 0, 0])
    }
  }

  @Test("Whoever wants no receipt gets none, unless there is something to tell")
  func minimalAnswer() async throws {
    try await TestService.run { service in
      try await service.agree()
      let device = service.client(.device)
      let minimal = [("Prefer", "return=minimal")]
      for _ in 1...2 {
        let answer = try await device.post(event: SampleEvent(id: "1").json.text, minimal)
        #expect(answer.status == 204)
        #expect(answer.bytes.isEmpty)
      }
      let stray = SampleEvent(id: "2", subject: "N404").json.text
      let answer = try await device.post(event: stray, minimal)
      #expect(answer.status == 200)
      #expect(answer["unmatched"] == 1)
    }
  }

  @Test("A batch keeps its good events and says of each other one what is wrong")
  func mixedBatch() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(SampleEvent(id: "known"))
      let answer = try await service.client(.device).post(events: [
        SampleEvent(id: "good"), SampleEvent(id: ""), SampleEvent(id: "known"),
        SampleEvent(id: "known", data: ["seconds": 1, "cycles": 1]),
        SampleEvent(id: "back", data: ["seconds": -1, "cycles": 1]),
        SampleEvent(id: "stray", subject: "N404"), SampleEvent(id: "good"),
      ])
      #expect(answer.status == 200)
      #expect(counts(answer) == [2, 2, 1, 2, 1])
      let notices = (answer["notices"]?.elements ?? []).map { notice in
        ["index", "outcome", "pointer", "code"].map { name in
          notice[name]?.stringValue ?? notice[name]?.text ?? "-"
        }.joined(separator: " ")
      }
      #expect(
        notices == [
          "1 rejected /1/id invalid_value",
          "3 conflicting /3/id conflicting_event",
          "4 rejected /4/data/seconds negative_quantity",
          "5 unmatched /5/subject unknown_subject",
        ])
      #expect(try service.eventCount() == 3)
    }
  }

  @Test("Events of an asset nobody knows are kept, shown, and count once the asset is there")
  func unknownSubject() async throws {
    try await TestService.run { service in
      try await service.agree()
      let answer = try await service.client(.device).post(
        event: SampleEvent(id: "1", subject: "N9").json.text)
      #expect(answer.status == 200)
      #expect(counts(answer) == [1, 0, 0, 0, 1])
      #expect(answer["notices"]?.elements?.first?["code"] == "unknown_subject")
      let finance = service.client(.finance)
      let usage = "/v1/usage?meter=hours&customer=acme&month=2013-01"
      let unmatched = try await finance.get("/v1/events?status=unmatched&subject=N9")
      #expect(unmatched.items.map { $0["reason"] } == ["unknown_subject"])
      #expect(try await finance.get(usage)["value"] == "0")

      try await service.put(
        "assets/N9", TestService.asset(("acme-hours", "2013-01-01T00:00:00Z", nil)))
      #expect(try await finance.get(usage)["value"] == "3600")
      #expect(try await finance.get("/v1/events?status=unmatched").items == [])
      #expect(try await finance.get("/v1/events?status=counted").items.count == 1)
    }
  }

  @Test("The log comes in pages and by subject, in the order in which events were let in")
  func log() async throws {
    try await TestService.run { service in
      try await service.agree(on: ["acme", "bird"])
      for (id, subject) in [("c", "N1"), ("a", "N2"), ("b", "N1"), ("d", "N1")] {
        try await service.post(SampleEvent(id: id, subject: subject))
      }
      let finance = service.client(.finance)
      let table = [
        ("?limit=1", ["c", "a", "b", "d"]), ("?limit=3", ["c", "a", "b", "d"]),
        ("?subject=N1&limit=2", ["c", "b", "d"]), ("?subject=N2&status=counted", ["a"]),
        ("?subject=N404", []),
      ]
      for (query, ids) in table {
        let events = try await finance.everything(in: "/v1/events\(query)")
        #expect(events.map { $0["id"]?.stringValue } == ids, "\(query)")
      }
      for query in ["status=lost", "cursor=YWJj", "limit=-1", "subject=N1&subject=N2"] {
        try await finance.get("/v1/events?\(query)").expectProblem(422, "invalid_value", "\(query)")
      }
    }
  }

  @Test("Each reason for not counting an event has a name")
  func doubts() async throws {
    try await TestService.run { service in
      try await service.agree()
      let table: [(SampleEvent, code: JSON, pointer: JSON)] = [
        (SampleEvent(id: "1", subject: nil), "unknown_subject", "/0/subject"),
        (
          SampleEvent(id: "2", time: "2012-06-01T00:00:00Z"), "unassigned_subject", "/0/subject"
        ),
        (SampleEvent(id: "3", type: "parked"), "unknown_event_type", "/0/type"),
        (SampleEvent(id: "4", data: ["seconds": "long"]), "unreadable_value", "/0/data/cycles"),
        (
          SampleEvent(id: "5", data: ["seconds": .number("0.5")]), "unreadable_value",
          "/0/data/cycles"
        ),
        (
          SampleEvent(id: "6", data: ["seconds": .number("1e99"), "cycles": 1]),
          "unreadable_value", "/0/data/seconds"
        ),
      ]
      for (event, code, pointer) in table {
        let answer = try await service.client(.device).post(events: [event])
        let notice = answer["notices"]?.elements?.first
        #expect(notice?["code"] == code, "\(event)")
        #expect(notice?["pointer"] == pointer, "\(event)")
      }
      let unmatched = try await service.client(.finance).get("/v1/events?status=unmatched")
      #expect(unmatched.items.map { $0["reason"] } == table.map(\.code))
    }
  }
}
