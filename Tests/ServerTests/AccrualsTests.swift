import Access
import Base
import Testing

/// What a calendar month earned and no invoice has yet.
@Suite("Accruals")
struct AccrualsTests {
  private static func contract(_ more: [JSON.Member] = []) -> JSON {
    .object(
      [
        .init("customer", "acme"), .init("currency", "USD"), .init("zone", "UTC"),
        .init("from", "2013-01-01"),
        .init(
          "clauses",
          [
            [
              "key": "use", "kind": "usageCharge", "meter": "cycles",
              "price": ["model": "perUnit", "rate": "1.00"],
            ]
          ]),
      ] + more)
  }

  private static func event(_ day: String, _ cycles: Int) -> SampleEvent {
    SampleEvent(
      id: day, subject: "acme", time: "2013-\(day)T10:00:00Z",
      data: ["seconds": 60, "cycles": .integer(cycles)])
  }

  private static func accruals(_ service: TestService) async throws -> [String] {
    var amounts: [String] = []
    for month in 1...3 {
      let answer = try await service.client(.finance).get("/v1/accruals?month=2013-0\(month)")
      amounts += answer.items.map { $0["unbilled"]?.stringValue ?? "-" }
    }
    return amounts
  }

  @Test(
    "A month has what it earned, whatever the periods are",
    arguments: [
      [], [.init("billing", ["every": "quarter"])], [.init("billing", ["every": "year"])],
      [.init("billing", ["every": "month", "anchorDay": 15])],
      [.init("billing", ["every": "halfYear", "anchorDay": 31])],
    ] as [[JSON.Member]])
  func everyCycle(billing: [JSON.Member]) async throws {
    try await TestService.run(at: "2013-09-01T12:00:00Z") { service in
      try await service.agreeOnMeters()
      try await service.put("customers/acme", ["name": "Acme"])
      try await service.put("contracts/deal", Self.contract(billing))
      try await service.post(
        Self.event("01-10", 70), Self.event("01-20", 30), Self.event("02-10", 60),
        Self.event("03-31", 40))
      #expect(try await Self.accruals(service) == ["100.00", "60.00", "40.00"])
    }
  }

  @Test(
    "A fee is earned day by day, whichever period charges it, until that is billed",
    arguments: [
      ("year", "365.00", [], nil), ("quarter", "90.00", [], nil),
      ("year", "365.00", [.init("billing", ["every": "quarter"])], nil),
      ("year", "365.00", [.init("billing", ["every": "month", "anchorDay": 15])], nil),
      ("year", "730.00", [], "50"),
    ] as [(String, String, [JSON.Member], String?)], ["advance", "arrears"])
  func fees(
    terms: (every: String, amount: String, billing: [JSON.Member], percent: String?), due: String
  ) async throws {
    let (every, amount, billing, percent) = terms
    var clauses: [JSON] = [
      [
        "key": "fee", "kind": "recurringFee", "every": .string(every), "due": .string(due),
        "amount": .string(amount),
      ]
    ]
    if let percent {
      clauses.append(
        [
          "key": "cut", "kind": "discount",
          "coupons": [["name": "half", "percent": .string(percent)]],
        ])
    }
    let isAnchored = billing.first?.value["anchorDay"] != nil
    let from = isAnchored ? "2013-01-15" : "2013-01-01"
    let members: [JSON.Member] = [
      .init("customer", "acme"), .init("currency", "USD"), .init("zone", "UTC"),
      .init("from", .string(from)), .init("clauses", .array(clauses)),
    ]
    try await TestService.run(at: "2013-09-01T12:00:00Z") { service in
      try await service.put("customers/acme", ["name": "Acme"])
      try await service.put("contracts/deal", .object(members + billing))
      let months = [isAnchored ? "17.00" : "31.00", "28.00", "31.00"]
      #expect(try await Self.accruals(service) == months)
      _ = try await service.bill("2013-01")
      #expect(try await Self.accruals(service) == months, "a draft bills nobody")
      _ = try await service.finalise("deal~2013-01")
      let isBilled = due == "advance"
      #expect(try await Self.accruals(service) == (isBilled ? ["0.00", "0.00", "0.00"] : months))
    }
  }

  @Test("A late event of a final month stands once, in the month that will bill it")
  func lateEvent() async throws {
    try await TestService.run(at: "2013-09-01T12:00:00Z") { service in
      try await service.agreeOnMeters()
      try await service.put("customers/acme", ["name": "Acme"])
      try await service.put("contracts/deal", Self.contract())
      try await service.post(Self.event("01-10", 100), Self.event("02-10", 10))
      _ = try await service.bill("2013-01")
      _ = try await service.finalise("deal~2013-01")
      try await service.post(Self.event("01-11", 50))
      #expect(try await Self.accruals(service) == ["0.00", "60.00", "0.00"])
      for month in ["2013-03", "2013-02"] { _ = try await service.bill(month) }
      #expect(try await Self.accruals(service) == ["0.00", "60.00", "0.00"])
    }
  }
}
