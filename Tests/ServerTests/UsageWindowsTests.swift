import Access
import Base
import Testing

/// Usage window by window, as a reader of openapi.yaml asks for it.
@Suite("Usage by windows")
struct UsageWindowsTests {
  /// One event an hour over two days around the change to summer time, each as heavy as its number.
  private func fly(_ service: TestService, subjects: [String] = ["N1"]) async throws {
    let start = Instant("2013-03-09T12:30:00Z")!
    for subject in subjects {
      let answer = try await service.client(.device).post(
        events: (0..<48).map { hour in
          SampleEvent(
            id: "\(subject)-\(hour)", subject: subject,
            time: start.advanced(bySeconds: Int64(hour) * 3600).description,
            data: ["seconds": .integer(hour), "cycles": 1])
        })
      try #require(answer["accepted"] == 48)
    }
  }

  private func line(_ json: JSON) -> String {
    ["local", "subject", "start", "value", "events"].compactMap { name in
      json[name].map { $0.stringValue ?? $0.text }
    }.joined(separator: " ")
  }

  private func ask(
    _ service: TestService, _ query: String, _ headers: [(String, String)] = []
  ) async throws -> Answer {
    let answer = try await service.client(.accountManager).get("/v1/usage?\(query)", headers)
    try #require(answer.status == 200, "\(query): \(answer.text)")
    return answer
  }

  private static let days =
    "start=2013-03-09T05:00:00Z&end=2013-03-12T04:00:00Z&window=day&zone=America/New_York"

  @Test("A day has the hours it has, and the days add up to the whole")
  func days() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await fly(service)
      let answer = try await ask(service, "meter=hours&asset=N1&\(Self.days)")
      #expect(
        answer["windows"]?.elements?.map(line) == [
          // 17, 23 and 8 events: the tenth of March has 23 hours.
          "2013-03-09T00:00:00 2013-03-09T05:00:00Z 136 17",
          "2013-03-10T00:00:00 2013-03-10T05:00:00Z 644 23",
          "2013-03-11T00:00:00 2013-03-11T04:00:00Z 348 8",
        ])
      #expect(answer["value"] == "1128" && answer["events"] == 48)
      #expect(answer["zone"] == "America/New_York")
      let month = try await ask(
        service, "meter=hours&asset=N1&month=2013-03&zone=America/New_York&window=day")
      let values = month["windows"]?.elements ?? []
      #expect(values.count == 31)
      #expect(values[8...10].map(line) == answer["windows"]?.elements?.map(line))
      let whole = try await ask(service, "meter=hours&asset=N1&month=2013-03")
      #expect(whole["windows"] == nil && whole["zone"] == nil)
    }
  }

  @Test("Windows of every size, in zones off by quarters of an hour as well")
  func sizes() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await fly(service)
      let table = [
        ("minute", "UTC", "2013-03-09T12:00:00Z", "2013-03-09T14:00:00Z", 120, "1"),
        ("hour", "Asia/Kathmandu", "2013-03-09T12:15:00Z", "2013-03-11T12:15:00Z", 48, "1128"),
        ("hour", "America/New_York", "2013-03-10T05:00:00Z", "2013-03-11T04:00:00Z", 23, "644"),
        ("day", "Australia/Eucla", "2013-03-09T15:15:00Z", "2013-03-11T15:15:00Z", 2, "1125"),
        ("week", "UTC", "2013-03-04T00:00:00Z", "2013-03-18T00:00:00Z", 2, "1128"),
        ("month", "UTC", "2013-01-01T00:00:00Z", "2014-01-01T00:00:00Z", 12, "1128"),
      ]
      for (window, zone, start, end, count, value) in table {
        let answer = try await ask(
          service,
          "meter=hours&asset=N1&window=\(window)&zone=\(zone)&start=\(start)&end=\(end)")
        let windows = answer["windows"]?.elements ?? []
        #expect(windows.count == count, "\(window) \(zone)")
        #expect(answer["value"]?.stringValue == value, "\(window) \(zone)")
        let sum = windows.reduce(0) { $0 + (Int($1["value"]?.stringValue ?? "") ?? 0) }
        #expect("\(sum)" == value, "\(window) \(zone)")
      }
    }
  }

  @Test("A contract is asked for on its own calendar, and by its own periods")
  func contract() async throws {
    try await TestService.run { service in
      try await service.agree(zone: "Asia/Kathmandu")
      try await service.post(
        SampleEvent(id: "1", time: "2012-12-31T18:14:59Z", data: ["seconds": 1, "cycles": 1]),
        SampleEvent(id: "2", time: "2012-12-31T18:15:00Z", data: ["seconds": 2, "cycles": 1]),
        SampleEvent(id: "3", time: "2013-01-31T18:15:00Z", data: ["seconds": 4, "cycles": 1]))
      let contract = "meter=hours&contract=acme-hours"
      let january = try await ask(service, "\(contract)&month=2013-01")
      #expect(january.json.map(line) == "2012-12-31T18:15:00Z 2 1")
      let periods = try await ask(
        service,
        "\(contract)&window=period&start=2012-06-01T00:00:00Z&end=2013-02-10T00:00:00Z")
      #expect(
        periods["windows"]?.elements?.map(line) == [
          "2013-01-01T00:00:00 2012-12-31T18:15:00Z 2 1",
          "2013-02-01T00:00:00 2013-01-31T18:15:00Z 4 1",
        ])
      // Before it is in force nothing counts, and there is no period.
      let before = try await ask(
        service, "\(contract)&window=period&start=2012-06-01T00:00:00Z&end=2012-07-01T00:00:00Z")
      #expect(before["windows"] == [] && before["value"] == "0")
    }
  }

  @Test("A customer's usage falls into that of its assets, a group of assets is asked for by name")
  func subjects() async throws {
    try await TestService.run { service in
      try await service.agree(on: ["acme", "bird"])
      try await service.put(
        "assets/N3", TestService.asset(("acme-hours", "2012-12-31T00:00:00Z", nil)))
      try await fly(service, subjects: ["N1", "N2", "N3"])
      let customer = try await ask(service, "meter=hours&customer=acme&by=asset&\(Self.days)")
      let subjects = customer["subjects"]?.elements ?? []
      #expect(subjects.map(line) == ["N1 1128 48", "N3 1128 48", "acme 0 0"])
      #expect(customer["value"] == "2256")
      #expect(subjects[0]["windows"]?.elements?.map { $0["events"] } == [17, 23, 8])
      let whole = try await ask(service, "meter=hours&customer=acme&by=asset&month=2013-03")
      #expect(whole["subjects"]?.elements?.map(line) == subjects.map(line))
      let group = try await ask(service, "meter=hours&assets=N2,N3&\(Self.days)")
      #expect(group["value"] == "2256" && group["subjects"] == nil)
      #expect(
        try await ask(service, "meter=hours&assets=N2,N2&month=2013-03")["value"] == "1128")
    }
  }

  @Test("The same as CSV, by the header or by the address")
  func csv() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await fly(service)
      let query = "meter=hours&asset=N1&\(Self.days)"
      let answers = [
        try await ask(service, query, [("Accept", "text/csv")]),
        try await ask(service, "\(query)&format=csv", [("Accept", "application/json")]),
      ]
      for answer in answers {
        #expect(answer.header("content-type") == "text/csv; charset=utf-8")
        #expect(
          answer.text.split(separator: "\r\n") == [
            "meter,subject,start,end,local,value,unit,events,value_exact",
            "hours,,2013-03-09T05:00:00Z,2013-03-10T05:00:00Z,2013-03-09T00:00:00,136,s,17,136",
            "hours,,2013-03-10T05:00:00Z,2013-03-11T04:00:00Z,2013-03-10T00:00:00,644,s,23,644",
            "hours,,2013-03-11T04:00:00Z,2013-03-12T04:00:00Z,2013-03-11T00:00:00,348,s,8,348",
          ])
      }
      let json = try await ask(service, "\(query)&format=json", [("Accept", "text/csv")])
      #expect(json["value"] == "1128")
      let whole = try await ask(service, "meter=hours&asset=N1&month=2013-03&format=csv&by=asset")
      #expect(
        whole.text.split(separator: "\r\n").last
          == "hours,N1,2013-03-01T00:00:00Z,2013-04-01T00:00:00Z,,1128,s,48,1128")
    }
  }

  @Test("What cannot be answered is refused")
  func refusals() async throws {
    try await TestService.run { service in
      try await service.agree()
      let year = "start=2013-01-01T00:00:00Z&end=2014-01-01T00:00:00Z"
      let many = (0...200).map { "N\($0)" }.joined(separator: ",")
      let table = [
        ("asset=N1&window=minute&\(year)", 422, "limit_exceeded"),
        ("asset=N1&window=year&\(year)", 422, "invalid_value"),
        ("asset=N1&window=day&zone=Mars&\(year)", 422, "invalid_value"),
        ("asset=N1&window=day&zone=Nippon&\(year)", 422, "invalid_value"),
        ("asset=N1&window=period&\(year)", 422, "invalid_value"),
        ("contract=acme-hours&window=period&zone=UTC&\(year)", 422, "invalid_value"),
        ("asset=N1&by=colour&\(year)", 422, "invalid_value"),
        ("asset=N1&format=xml&\(year)", 422, "invalid_value"),
        ("asset=N1&contract=acme-hours&\(year)", 422, "missing_field"),
        ("assets=\(many)&\(year)", 422, "invalid_value"),
        ("assets=N1,&\(year)", 422, "invalid_value"),
        ("assets=N1,N404&\(year)", 404, "not_found"),
        ("contract=dodo&\(year)", 404, "not_found"),
        ("contract=dodo&window=day&\(year)", 404, "not_found"),
      ]
      for (query, status, code) in table {
        try await service.client(.finance).get("/v1/usage?meter=hours&\(query)")
          .expectProblem(status, code, on: "/v1/usage", "\(query)")
      }
    }
  }
}
