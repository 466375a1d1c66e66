import Access
import Base
import Testing

@Suite("Clauses of minimum, savings and co-creation, from events to invoices")
struct AgreedClausesTests {
  private static let key = "acme-hours"

  /// The sample contract with other clauses, until the first of April.
  private static func contract(_ clauses: JSON...) -> JSON {
    [
      "customer": "acme", "currency": "USD", "zone": "UTC", "from": "2013-01-01",
      "until": "2013-04-01", "clauses": .array(clauses),
    ]
  }

  private static let fee: JSON = ["key": "fee", "kind": "flatFee", "amount": "1000.00"]

  private static func meter(_ type: JSON, _ more: [(String, JSON)]) -> JSON {
    .object(
      ([("aggregation", "sum"), ("eventTypes", .array([type])), ("unit", "h")] + more)
        .map { JSON.Member($0.0, $0.1) })
  }

  /// The lines of a month as `key amount flags`, billed anew.
  private func lines(_ service: TestService, _ month: String) async throws -> [String] {
    _ = try await service.bill(month)
    let document = try await service.invoice("\(Self.key)~\(month)")["document"]
    return (document?["lines"]?.elements ?? []).map { line in
      let flags = (line["flags"]?.elements ?? []).compactMap(\.stringValue)
        .filter { $0 != "no_usage_seen" }
      return ([line["key"], line["amount"]].map { $0?.stringValue ?? "-" } + flags)
        .joined(separator: " ")
    }
  }

  /// 365 hours a year are 90 until the contract ends; one was flown, and one more is heard of late.
  @Test("A minimum is settled when the contract ends, and a late flight lowers it")
  func minimum() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.put(
        "contracts/\(Self.key)",
        Self.contract([
          "key": "minimum", "kind": "minimumUtilisation", "hours": "hours", "minimum": 365,
          "rate": "10.00",
        ]))
      try await service.post(SampleEvent(id: "1"))
      #expect(try await lines(service, "2013-01") == [])
      #expect(try await lines(service, "2013-03") == ["minimum 890.00"])
      let march = try await service.finalise("\(Self.key)~2013-03")
      let line = march["document"]?["lines"]?.elements?.first
      #expect(line?["stage"] == "minimum")
      #expect(line?["evidence"]?.elements?.first?["events"] == 1, "of the year, not of March")
      #expect(
        line?["period"]?.text
          == #"{"start":"2013-01-01T00:00:00Z","end":"2013-04-01T00:00:00Z"}"#)
      let reader = service.client(.operator)
      let found = try await reader.get("/v1/events?source=/fleet&id=1")
      let number = try #require(found.items.first?["sequence"]?.text)
      let event = try await reader.get("/v1/events/\(number)")
      #expect(
        event["invoiceLines"]?.text == #"[{"invoice":"acme-hours~2013-03","line":"minimum"}]"#,
        "\(event.text)")
      #expect(
        line?["derivation"]?["sentence"]?.stringValue
          == "89.0000 hours below the minimum at 10.0000 USD an hour make 890.00 USD.")
      try await service.post(SampleEvent(id: "late", time: "2013-02-05T10:00:00Z"))
      #expect(try await service.bill("2013-03").map { $0["difference"] } == ["-10.00"])
    }
  }

  /// 100 kWh a day and 2 for each degree day are expected at 1.00; half of the savings is shared.
  @Test("Savings are shared for the days that are known, for the year to date")
  func savings() async throws {
    try await TestService.run { service in
      try await service.agree()
      for (meter, field) in [("energy", "/kwh"), ("degree-days", "/degreeDays")] {
        try await service.put(
          "meters/\(meter)",
          Self.meter("metered", [("value", .string(field)), ("allowsNegative", false)]))
      }
      try await service.put(
        "contracts/\(Self.key)",
        Self.contract([
          "key": "savings", "kind": "gainShare", "actual": "energy", "price": "1.00",
          "share": "0.50",
          "baseline": .object([
            "perDay": "100", "drivers": [["meter": "degree-days", "coefficient": "2"]],
          ]),
        ]))
      for (day, energy) in [("01-02", 90), ("01-03", 130), ("02-10", 40)] {
        try await service.post(
          SampleEvent(
            id: day, type: "metered", time: "2013-\(day)T12:00:00Z",
            data: ["kwh": .integer(energy), "degreeDays": 10]))
      }
      #expect(try await lines(service, "2013-01") == ["savings 10.00"])
      #expect(try await lines(service, "2013-02") == ["savings 40.00"])
      #expect(try await lines(service, "2013-03") == ["savings 0.00"])
    }
  }

  /// Ten hours a task at 5.00; what is validated later is paid for, what is revoked goes back.
  @Test("Work of the customer's is paid for once it is validated, and goes back when it is revoked")
  func coCreation() async throws {
    try await TestService.run { service in
      try await service.agree()
      for (meter, isValidated) in [("work", true), ("claims", false)] {
        try await service.put(
          "meters/\(meter)",
          Self.meter(
            "inspected",
            [
              ("value", "/hours"), ("groupBy", isValidated ? ["/task"] : []),
              ("where", [["at": "/validated", "is": .bool(isValidated)]]),
            ]))
      }
      try await service.put(
        "contracts/\(Self.key)",
        Self.contract(
          Self.fee,
          [
            "key": "partner", "kind": "coCreationCredit", "capPercent": 6, "bankMonths": 12,
            "activities": [
              .object([
                "key": "inspection", "name": "Inspection",
                "perUnit": .object([
                  "meter": "work", "pending": "claims", "rate": "5.00", "allowance": 10,
                ]),
              ])
            ],
          ]))
      for (id, task, isValidated) in [("1", "T-1", true), ("2", "T-2", false)] {
        try await service.post(
          SampleEvent(
            id: id, type: "inspected",
            data: ["hours": 12, "task": .string(task), "validated": .bool(isValidated)]))
      }
      #expect(
        try await lines(service, "2013-01") == [
          "fee 1000.00", "partner/inspection -50.00 evidence_pending",
        ])
      try await service.post(
        correction(
          "c1", of: "2", ["amend": ["data": ["hours": 8, "task": "T-2", "validated": true]]]))
      #expect(
        try await lines(service, "2013-01") == [
          "fee 1000.00", "partner/inspection -90.00", "partner/banked 30.00",
        ])
      #expect(try await lines(service, "2013-02").last == "partner/paid -30.00")
      #expect(try await service.finalise("\(Self.key)~2013-01").status == 200)
      try await service.post(correction("c2", of: "1", ["retract": true]))
      #expect(try await service.bill("2013-01").map { $0["difference"] } == ["20.00"])
      let february = try await lines(service, "2013-02")
      let correction = "correction/\(Self.key)~2013-01/partner"
      #expect(
        february == [
          "fee 1000.00", "partner/inspection 0.00", "\(correction)/inspection 50.00",
          "\(correction)/banked -30.00",
        ])
    }
  }

  private func correction(_ id: String, of target: String, _ action: JSON) -> SampleEvent {
    guard case .object(let members) = action else { preconditionFailure("an object") }
    var event = SampleEvent(
      id: id, source: "/desk", type: "usance.correction", subject: nil,
      time: "2013-04-01T00:00:00Z")
    event.data = .object(
      [.init("corrects", ["source": "/fleet", "id": .string(target)])] + members)
    return event
  }

  @Test("A clause that is held has no line until its meter speaks, and the invoice says so")
  func held() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.put(
        "contracts/\(Self.key)",
        Self.contract(
          Self.fee,
          [
            "key": "hours", "kind": "usageCharge", "meter": "hours", "missing": "hold",
            "price": ["model": "perUnit", "rate": "0.01"],
          ]))
      #expect(try await lines(service, "2013-01") == ["fee 1000.00"])
      let document = try await service.invoice("\(Self.key)~2013-01")["document"]
      #expect(
        document?["unbilled"]?.text
          == #"[{"clause":"hours","reason":"nothing was seen in that time by `hours`"}]"#)
      try await service.post(SampleEvent(id: "1"))
      #expect(try await lines(service, "2013-01") == ["fee 1000.00", "hours 36.00"])
      let known = try await service.invoice("\(Self.key)~2013-01")["document"]
      #expect(known?["unbilled"] == nil)
    }
  }
}
