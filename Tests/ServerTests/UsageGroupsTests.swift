import Access
import Base
import Testing

/// What meters with groups and meters of states show over HTTP.
@Suite("Usage by group and by state")
struct UsageGroupsTests {
  private static let regions: JSON = [
    "aggregation": "sum", "eventTypes": ["flown"], "unit": "s", "value": "/seconds",
    "groupBy": ["/region", "/class"],
  ]
  private static let states: JSON = [
    "aggregation": "stateTime", "eventTypes": ["state"], "unit": "h", "value": "/is",
    "heartbeatTimeoutSeconds": 7200,
    "states": [["is": "on", "class": "up"], ["is": "off", "class": "down"]],
  ]

  private func usage(_ service: TestService, _ query: String) async throws -> Answer {
    let answer = try await service.client(.accountManager).get("/v1/usage?\(query)")
    try #require(answer.status == 200, "\(query): \(answer.text)")
    return answer
  }

  @Test("Groups are told apart, and together they are the whole, window by window")
  func groups() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.put("meters/regions", Self.regions)
      let data: [JSON] = [
        ["seconds": 10, "cycles": 1, "region": "eu", "class": 1],
        ["seconds": 20, "cycles": 1, "region": "eu", "class": .number("1.0")],
        ["seconds": 40, "cycles": 1, "region": "us"], ["seconds": 80, "cycles": 1, "region": "eu"],
      ]
      for (index, data) in data.enumerated() {
        try await service.post(
          SampleEvent(id: "\(index)", time: "2013-01-0\(index + 1)T10:20:00Z", data: data))
      }
      // A window that cuts the hour of the first event.
      let query =
        "meter=regions&asset=N1&start=2013-01-01T10:10:00Z&end=2013-01-05T00:00:00Z&by=group"
      let answer = try await usage(service, query + "&window=day")
      #expect(answer["value"] == "150")
      #expect(
        answer["groups"]?.elements?.map { "\($0["group"]!.text) \($0["value"]!.text)" } == [
          #"["eu",1] "30""#, #"["eu",null] "80""#, #"["us",null] "40""#,
        ])
      #expect(
        answer["groups"]?.elements?.map { $0["windows"]?.elements?.map { $0["value"] } } == [
          ["10", "20", "0", "0"], ["0", "0", "0", "80"], ["0", "0", "40", "0"],
        ])
      let table = try await usage(service, query + "&format=csv")
      #expect(table.text.hasPrefix("meter,group,start,end,local,value,unit,events,value_exact\r\n"))
      #expect(table.text.contains(#"regions,"[""eu"",1]",2013-01-01T10:10:00Z,"#))
    }
  }

  @Test("What is known of states stands apart from what is not, and contradictions are counted")
  func states() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.put("meters/up", Self.states)
      let said = [("08:00", "on"), ("09:30", "off"), ("10:00", "on"), ("10:00", "off")]
      for (index, (time, state)) in said.enumerated() {
        try await service.post(
          SampleEvent(
            id: "\(index)", type: "state", time: "2013-01-05T\(time):00Z",
            data: ["is": .string(state)]))
      }
      let query = "meter=up&asset=N1&start=2013-01-05T00:00:00Z&end=2013-01-06T00:00:00Z"
      let whole = try await usage(service, query)
      #expect(whole["value"] == "1.5")
      let states: JSON = ["down": "9000", "unknown": "72000", "up": "5400"]
      #expect(whole["states"]?["seconds"] == states)
      #expect(whole["states"]?["known"] == "14400")
      #expect(whole["states"]?["conflicts"] == 1)
      let hours = try await usage(service, query + "&window=hour")
      let values = hours["windows"]?.elements?.map { $0["value"]?.text ?? "" }[7...13]
      #expect(values == ["null", #""1""#, #""0.5""#, #""0""#, #""0""#, "null", "null"])
      let nobody = try await usage(service, query.replacing("asset=N1", with: "customer=acme"))
      #expect(nobody["states"]?["seconds"]?["unknown"] == "158400", "N1 and the customer itself")
    }
  }
}
