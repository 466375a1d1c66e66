import Access
import Base
import Ingestion
import SQLite
import Server
import Services
import Testing
import TimeZones
import Workflow

@Suite("Meters and the events that were there before them")
struct MetersTests {
  private let month = "customer=acme&month=2013-01"

  @Test("A meter counts the events that came before it")
  func lateMeter() async throws {
    try await TestService.run { service in
      try await service.agree()
      let finance = service.client(.finance)
      for (id, minutes) in [("1", 5), ("2", 7)] {
        let event = SampleEvent(id: id, type: "taxi", data: ["minutes": .integer(minutes)])
        let answer = try await service.client(.device).post(events: [event])
        #expect(answer["unmatched"] == 1)
      }
      try await finance.get("/v1/usage?meter=taxi&\(month)").expectProblem(404, "not_found")
      try await service.put(
        "meters/taxi",
        ["aggregation": "sum", "eventTypes": ["taxi"], "unit": "min", "value": "/minutes"])
      let usage = try await finance.get("/v1/usage?meter=taxi&\(month)")
      #expect(usage["value"] == "12")
      #expect(usage["unit"] == "min")
      #expect(usage["events"] == 2)
      #expect(try await finance.get("/v1/events?status=unmatched").items == [])
    }
  }

  @Test("A meter that came late says the same as one that was there from the start")
  func lateAndEarly() async throws {
    try await TestService.run { service in
      try await service.agree()
      for hour in 0..<5 {
        try await service.post(
          SampleEvent(
            id: "\(hour)", time: "2013-01-0\(hour + 1)T0\(hour):59:59.999999Z",
            data: ["seconds": .integer(hour * 1000), "cycles": 1]))
      }
      try await service.put("meters/late", TestService.hours)
      for window in [month, "asset=N1&start=2013-01-02T01:30:00Z&end=2013-01-04T03:59:59.999999Z"] {
        let finance = service.client(.finance)
        let early = try #require(try await finance.get("/v1/usage?meter=hours&\(window)").json)
        let late = try #require(try await finance.get("/v1/usage?meter=late&\(window)").json)
        for name in ["value", "events", "start", "end"] { #expect(early[name] == late[name]) }
        #expect(late["value"] == (window == month ? "10000" : "3000"))
      }
    }
  }

  @Test("A meter that is put over a long log is counted by itself, and says nothing before")
  func background() async throws {
    try await TestService.run(countedAtOnceMax: 0) { service in
      try await service.agree()
      for hour in 0..<5 {
        try await service.post(
          SampleEvent(id: "\(hour)", time: "2013-01-0\(hour + 1)T00:00:00Z", data: ["n": 2]))
      }
      let type = SampleEvent(id: "x").type
      try await service.put(
        "meters/mean",
        ["aggregation": "mean", "eventTypes": [.string(type)], "unit": "x", "value": "/n"])
      let finance = service.client(.finance)
      var answer = try await finance.get("/v1/usage?meter=mean&\(month)")
      for _ in 0..<100 where answer.status != 200 {
        answer.expectProblem(503, "meter_not_ready")
        #expect(answer.header("retry-after") == "1")
        try await Task.sleep(for: .milliseconds(100))
        answer = try await finance.get("/v1/usage?meter=mean&\(month)")
      }
      #expect(answer["value"] == "2")
      #expect(answer["events"] == 5)
      // Where nothing was seen there is no mean.
      let before = try await finance.get("/v1/usage?meter=mean&customer=acme&month=2012-01")
      #expect(before["value"] == .null)
    }
  }

  @Test("A meter that changes counts everything anew, and so does the draft")
  func changedMeter() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(
        SampleEvent(id: "1", data: ["seconds": 3600, "block": "2.5", "cycles": 1]),
        SampleEvent(id: "2", data: ["seconds": 3600, "block": 1, "cycles": 1]))
      #expect(try await service.bill("2013-01").map { $0["total"] } == ["220.00"])
      let finance = service.client(.finance)
      try await service.put(
        "meters/hours",
        [
          "aggregation": "sum", "eventTypes": ["flown"], "unit": "h", "value": "/block",
          "places": 2,
        ])
      #expect(try await finance.get("/v1/usage?meter=hours&\(month)")["value"] == "3.50")
      let run = try await service.bill("2013-01")
      #expect(run.map { $0["outcome"] } == ["drafted"])
      #expect(run.map { $0["total"] } == ["370.00"])
      let meters = try await service.invoice("acme-hours~2013-01")["document"]?["meters"]
      #expect(meters?.elements?.last == ["key": "hours", "version": 2])

      try await service.put("meters/hours", TestService.hours)
      #expect(try await service.bill("2013-01").map { $0["total"] } == ["220.00"])
    }
  }

  @Test("A value that no meter could read counts once a meter can")
  func doubtGoes() async throws {
    try await TestService.run { service in
      try await service.agree()
      let finance = service.client(.finance)
      let event = SampleEvent(id: "1", data: ["seconds": .number("0.25"), "cycles": 1])
      let posted = try await service.client(.device).post(events: [event])
      #expect(posted["notices"]?.elements?.first?["code"] == "unreadable_value")
      #expect(try await finance.get("/v1/usage?meter=hours&\(month)")["events"] == 0)
      #expect(try await finance.get("/v1/usage?meter=cycles&\(month)")["value"] == "1")
      try await service.put(
        "meters/hours",
        [
          "aggregation": "sum", "eventTypes": ["flown"], "unit": "s", "value": "/seconds",
          "places": 2,
        ])
      #expect(try await finance.get("/v1/usage?meter=hours&\(month)")["value"] == "0.25")
      #expect(try await finance.get("/v1/events?status=unmatched").items == [])
    }
  }

  @Test("A meter may allow negative values, and their sum may be negative")
  func negativeValues() async throws {
    try await TestService.run { service in
      try await service.agree()
      var meter = [
        JSON.Member("aggregation", "sum"), .init("eventTypes", ["paid"]), .init("unit", "cents"),
        .init("value", "/amount"), .init("allowsNegative", true),
      ]
      try await service.put("meters/paid", .object(meter))
      try await service.post(
        SampleEvent(id: "1", type: "paid", data: ["amount": 40]),
        SampleEvent(id: "2", type: "paid", data: ["amount": -100]))
      let finance = service.client(.finance)
      #expect(try await finance.get("/v1/usage?meter=paid&\(month)")["value"] == "-60")
      // The log keeps what was admitted; a stricter meter just no longer reads all of it.
      meter.removeLast()
      try await service.put("meters/paid", .object(meter))
      #expect(try await finance.get("/v1/usage?meter=paid&\(month)")["value"] == "40")
      let unmatched = try await finance.get("/v1/events?status=unmatched").items
      #expect(unmatched.map { $0["reason"] } == ["negative_quantity"])
    }
  }

  @Test("A meter that turns stricter while an event is on its way does not lose the event")
  func stricterMeanwhile() async throws {
    try await TestService.run { service in
      try await service.agree()
      let meter = [
        JSON.Member("aggregation", "sum"), .init("eventTypes", ["paid"]), .init("unit", "cents"),
        .init("value", "/amount"),
      ]
      try await service.put("meters/paid", .object(meter + [.init("allowsNegative", true)]))
      try await service.put(
        "meters/payments", ["aggregation": "count", "eventTypes": ["paid"], "unit": "payments"])
      let before = service.services.catalogs.current
      let intake = EventIntake(
        IntakeTerms(before.catalog, before.meters), now: service.clock.now)
      let event = SampleEvent(id: "1", type: "paid", data: ["amount": -100])
      let taken = try intake.take(event.json.bytes, as: .single)
      // Between reading the event and storing it, what it says has become impossible.
      try await service.put("meters/paid", .object(meter))
      let outcomes = try await service.services.commit.store(
        taken, catalogRevision: before.revision)
      #expect(outcomes == [.accepted])
      let finance = service.client(.finance)
      #expect(try await finance.get("/v1/usage?meter=paid&\(month)")["events"] == 0)
      #expect(try await finance.get("/v1/usage?meter=payments&\(month)")["value"] == "1")
      let unmatched = try await finance.get("/v1/events?status=unmatched").items
      #expect(unmatched.map { $0["reason"] } == ["negative_quantity"])
    }
  }

  @Test("A sum may be greater than a machine word")
  func wideSum() async throws {
    try await TestService.run { service in
      try await service.agree()
      for id in ["1", "2", "3"] {
        try await service.post(
          SampleEvent(id: id, data: ["seconds": .integer(Int64.max), "cycles": 0]))
      }
      let finance = service.client(.finance)
      for window in [month, "asset=N1&start=2013-01-05T10:00:00Z&end=2013-01-05T10:00:01Z"] {
        let usage = try await finance.get("/v1/usage?meter=hours&\(window)")
        #expect(usage["value"] == "27670116110564327421", "\(window)")
      }
    }
  }
}
