import Access
import Base
import Testing

@Suite("Usage")
struct UsageTests {
  /// The value and the window of an answer, in one line.
  private func line(_ service: TestService, _ query: String) async throws -> String {
    let usage = try await service.client(.accountManager).get("/v1/usage?\(query)")
    try #require(usage.status == 200, "\(query): \(usage.text)")
    return ["value", "events", "start", "end"].map { usage[$0]?.stringValue ?? usage[$0]!.text }
      .joined(separator: " ")
  }

  @Test("A month begins and ends at midnight of its zone")
  func monthInAZone() async throws {
    try await TestService.run { service in
      try await service.agree()
      let times = [
        "2012-12-31T18:14:59.999999Z", "2012-12-31T18:15:00Z",  // midnight in Kathmandu
        "2013-01-01T04:59:59Z", "2013-01-01T05:00:00Z",  // midnight in New York
        "2013-01-31T18:14:59Z", "2013-01-31T18:15:00Z",
        "2013-02-01T04:59:59Z", "2013-02-01T05:00:00Z",
      ]
      for (index, time) in times.enumerated() {
        let seconds = JSON.integer(1 << index)
        try await service.post(
          SampleEvent(id: "\(index)", time: time, data: ["seconds": seconds, "cycles": 1]))
      }
      let table = [
        ("", "60 4 2013-01-01T00:00:00Z 2013-02-01T00:00:00Z"),
        ("&zone=UTC", "60 4 2013-01-01T00:00:00Z 2013-02-01T00:00:00Z"),
        ("&zone=Asia/Kathmandu", "30 4 2012-12-31T18:15:00Z 2013-01-31T18:15:00Z"),
        ("&zone=America%2FNew_York", "120 4 2013-01-01T05:00:00Z 2013-02-01T05:00:00Z"),
      ]
      for (zone, wanted) in table {
        let found = try await line(service, "meter=hours&asset=N1&month=2013-01\(zone)")
        #expect(found == wanted, "\(zone)")
      }
      let march = try await line(
        service, "meter=hours&asset=N1&month=2013-03&zone=America/New_York")
      #expect(march == "0 0 2013-03-01T05:00:00Z 2013-04-01T04:00:00Z", "clocks went forward")
    }
  }

  @Test("A window that cuts hours is exact to the microsecond, and half open")
  func windows() async throws {
    try await TestService.run { service in
      try await service.agree()
      let times = [
        "10:00:00", "10:29:59.999999", "10:30:00", "10:59:59", "11:00:00", "12:15:00",
        "12:15:00.000001",
      ]
      for (index, time) in times.enumerated() {
        let seconds = JSON.integer(1 << index)
        try await service.post(
          SampleEvent(
            id: time, time: "2013-01-05T\(time)Z", data: ["seconds": seconds, "cycles": 1]))
      }
      let table = [
        ("10:00:00", "13:00:00", 127), ("10:30:00", "12:15:00", 28),
        ("10:29:59.999999", "12:15:00.000001", 62), ("10:30:00", "10:30:00.000001", 4),
        ("10:00:00.000001", "10:29:59.999999", 0), ("11:00:00", "12:00:00", 16),
        ("12:15:00.000001", "12:15:00.000002", 64),
      ]
      for (start, end, value) in table {
        let usage = try await service.client(.finance).get(
          "/v1/usage?meter=hours&customer=acme"
            + "&start=2013-01-05T\(start)Z&end=2013-01-05T\(end)Z")
        #expect(usage["value"] == .string("\(value)"), "\(start) to \(end)")
      }
      let offset = try await line(
        service,
        "meter=hours&asset=N1&start=2013-01-05T16:15:00%2B05:45&end=2013-01-05T07:15:00-05:00"
      )
      #expect(offset == "28 3 2013-01-05T10:30:00Z 2013-01-05T12:15:00Z")
    }
  }

  @Test("A customer's usage is that of its assets, and its own")
  func assetAndCustomer() async throws {
    try await TestService.run { service in
      try await service.agree(on: ["acme", "bird"])
      try await service.put(
        "assets/N3", TestService.asset(("acme-hours", "2013-01-01T00:00:00Z", nil)))
      try await service.post(
        SampleEvent(id: "1", subject: "N1", data: ["seconds": 1, "cycles": 1]),
        SampleEvent(id: "2", subject: "N2", data: ["seconds": 2, "cycles": 1]),
        SampleEvent(id: "3", subject: "N3", data: ["seconds": 4, "cycles": 1]),
        SampleEvent(id: "4", subject: "acme", data: ["seconds": 8, "cycles": 1]))
      let table = [
        ("asset=N1", 1), ("asset=N2", 2), ("asset=N3", 4), ("customer=acme", 13),
        ("customer=bird", 2),
      ]
      for (query, value) in table {
        let usage = try await service.client(.finance).get(
          "/v1/usage?meter=hours&month=2013-01&\(query)")
        #expect(usage["value"] == .string("\(value)"), "\(query)")
      }
    }
  }

  /// What a customer says of itself is there whether or not a contract prices it.
  @Test("A customer without a contract has the usage that its meters show")
  func customerWithoutContract() async throws {
    try await TestService.run { service in
      try await service.agree()
      for customer in ["lone", "idle"] {
        try await service.put("customers/\(customer)", ["name": "Nobody's"])
      }
      for (id, seconds) in [("2013-01-05", 3600), ("2013-01-31", 5400), ("2013-02-01", 7200)] {
        try await service.post(
          SampleEvent(
            id: id, subject: "lone", time: "\(id)T12:00:00Z",
            data: ["seconds": .integer(seconds), "cycles": 1]))
      }
      let january = "2013-01-01T00:00:00Z 2013-02-01T00:00:00Z"
      let table = [
        ("meter=hours&customer=lone&month=2013-01", "9000 2 \(january)"),
        (
          "meter=hours&customer=lone&month=2013-02",
          "7200 1 2013-02-01T00:00:00Z 2013-03-01T00:00:00Z"
        ),
        ("meter=hours&customer=idle&month=2013-01", "0 0 \(january)"),
      ]
      for (query, wanted) in table { #expect(try await line(service, query) == wanted, "\(query)") }

      let finance = service.client(.finance)
      let days = try await finance.get(
        "/v1/usage?meter=hours&customer=lone&format=csv&by=asset&window=day"
          + "&start=2013-01-31T00:00:00Z&end=2013-02-02T00:00:00Z")
      let rows = days.text.split(separator: "\r\n").dropFirst().map { row in
        let cells = row.split(separator: ",", omittingEmptySubsequences: false)
        return "\(cells[1]) \(cells[2]) \(cells[5])"
      }
      #expect(rows == ["lone 2013-01-31T00:00:00Z 5400", "lone 2013-02-01T00:00:00Z 7200"])

      let nobody = try await finance.get("/v1/usage?meter=hours&customer=none&month=2013-01")
      nobody.expectProblem(404, "not_found")
    }
  }

  @Test("An asset that changes hands takes along what it does from that moment on")
  func assignmentChanges() async throws {
    try await TestService.run { service in
      try await service.agree(on: ["acme", "bird"])
      try await service.post(
        SampleEvent(
          id: "1", time: "2013-01-10T12:34:55.999999Z", data: ["seconds": 1, "cycles": 1]),
        SampleEvent(id: "2", time: "2013-01-10T12:34:56Z", data: ["seconds": 2, "cycles": 1]))
      let finance = service.client(.finance)
      func usage() async throws -> [String?] {
        var values: [String?] = []
        for customer in ["acme", "bird"] {
          let answer = try await finance.get(
            "/v1/usage?meter=hours&month=2013-01&customer=\(customer)")
          values.append(answer["value"]?.stringValue)
        }
        return values
      }
      #expect(try await usage() == ["3", "0"])
      try await service.put(
        "assets/N1",
        TestService.asset(
          ("acme-hours", "2013-01-01T00:00:00Z", "2013-01-10T12:34:56Z"),
          ("bird-hours", "2013-01-10T12:34:56Z", nil)))
      #expect(try await usage() == ["1", "2"])
      try await service.put(
        "assets/N1", TestService.asset(("bird-hours", "2013-01-11T00:00:00Z", nil)))
      #expect(try await usage() == ["0", "0"])
      let unmatched = try await finance.get("/v1/events?status=unmatched").items
      #expect(unmatched.map { $0["reason"] } == ["unassigned_subject", "unassigned_subject"])
    }
  }

  @Test("A question that cannot be answered is refused, never answered with nothing")
  func refusals() async throws {
    try await TestService.run { service in
      try await service.agree()
      let window = "start=2013-01-01T00:00:00Z&end=2013-02-01T00:00:00Z"
      let table = [
        ("", 422, "missing_field"),
        ("meter=hours", 422, "missing_field"),
        ("meter=hours&month=2013-01", 422, "missing_field"),
        ("meter=hours&month=2013-01&asset=N1&customer=acme", 422, "missing_field"),
        ("meter=hours&asset=N1&start=2013-01-01T00:00:00Z", 422, "missing_field"),
        ("meter=hours&asset=N1&start=2013-01-01T00:00:00Z&end=2013-01-01", 422, "invalid_value"),
        (
          "meter=hours&asset=N1&end=2013-01-01T00:00:00Z&start=2013-01-01T00:00:00Z", 422,
          "invalid_value"
        ),
        ("meter=hours&asset=N1&month=2013-1", 422, "invalid_value"),
        ("meter=hours&asset=N1&month=2013-01&zone=Mars", 422, "invalid_value"),
        ("meter=hours&asset=N1&month=2013-01&\(window)", 422, "invalid_value"),
        ("meter=hours&asset=N1&zone=UTC&\(window)", 422, "invalid_value"),
        ("meter=a%20b&asset=N1&month=2013-01", 422, "invalid_value"),
        ("meter=hours&asset=N1&month=2013-01&day=1", 422, "unknown_field"),
        ("meter=hours&meter=cycles&asset=N1&month=2013-01", 422, "invalid_value"),
        ("meter=minutes&asset=N1&month=2013-01", 404, "not_found"),
        ("meter=hours&customer=dodo&month=2013-01", 404, "not_found"),
        ("meter=hours&asset=N404&month=2013-01", 404, "not_found"),
      ]
      for (query, status, code) in table {
        try await service.client(.finance).get("/v1/usage?\(query)")
          .expectProblem(status, code, on: "/v1/usage", "\(query)")
      }
    }
  }
}
