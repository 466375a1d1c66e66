import Access
import Base
import Testing

/// What goes back, and what later figures know of it, month by month.
@Suite("What goes back is bounded by what came")
struct CreditedPathsTests {
  private static let january = "acme-hours~2013-01"
  private static let february = "acme-hours~2013-02"

  /// A contract of those clauses from January on; January is over.
  private static func run(
    _ clauses: JSON, _ members: [JSON.Member] = [],
    _ body: (TestService) async throws -> Void
  ) async throws {
    try await TestService.run(at: "2013-02-07T12:00:00Z") { service in
      try await service.agree()
      try await service.put(
        "meters/use",
        [
          "aggregation": "sum", "eventTypes": ["use"], "unit": "units", "value": "/n", "places": 2,
        ])
      try await service.put(
        "contracts/acme-hours",
        .object(
          [
            .init("customer", "acme"), .init("currency", "EUR"), .init("zone", "UTC"),
            .init("from", "2013-01-01"), .init("clauses", clauses),
          ] + members))
      try await body(service)
    }
  }

  private static func fee(_ key: String = "fee", _ amount: String = "100.00") -> JSON {
    ["key": .string(key), "kind": "flatFee", "amount": .string(amount)]
  }

  private static func coupon(_ amount: String) -> JSON {
    [
      "key": "cut", "kind": "discount", "clauses": ["fee"],
      "coupons": [["name": "coupon", "amount": .string(amount)]],
    ]
  }

  private static func credit(_ grant: [JSON.Member]) -> JSON {
    [
      "key": "credit", "kind": "prepaidCredit",
      "grants": [.object([.init("name", "g"), .init("from", "2013-01")] + grant)],
    ]
  }

  private static let use: JSON = [
    "key": "use", "kind": "usageCharge", "meter": "use",
    "price": ["model": "perUnit", "rate": "1.00"],
  ]

  private static func used(_ service: TestService, _ n: String) async throws {
    try await service.post(
      SampleEvent(id: "u", type: "use", time: "2013-01-10T10:00:00Z", data: ["n": .string(n)]))
  }

  private static func retract(_ service: TestService) async throws {
    service.clock.set("2013-02-09T12:00:00Z")
    try await service.post(
      SampleEvent(
        id: "c", type: "usance.correction", time: "2013-02-09T10:00:00Z",
        data: ["corrects": ["source": "/fleet", "id": "u"], "retract": true]))
  }

  private static func note(
    _ service: TestService, _ lines: [(String, String)]? = nil, on key: String = january
  ) async throws -> Answer {
    let parts = lines.map { lines in
      JSON.array(lines.map { ["line": .string($0.0), "amount": .string($0.1)] })
    }
    return try await service.settle(
      "invoices/\(key)/credit-notes", .object(["reason": "test", "lines": parts]))
  }

  private static func noteLines(_ answer: Answer) -> [String] {
    (answer["document"]?["lines"]?.elements ?? []).map {
      "\($0["key"]?.stringValue ?? "-") \($0["amount"]?.stringValue ?? "-")"
    }
  }

  private static func sums(_ service: TestService, _ key: String = january) async throws -> String {
    let invoice = try await service.invoice(key)
    return ["total", "credited", "disputed", "open"].map {
      "\($0) \(invoice[$0]?.stringValue ?? "-")"
    }.joined(separator: ", ")
  }

  @Test("A line comes back together with what was taken off it, and no more")
  func couponAndTax() async throws {
    try await Self.run([Self.fee(), Self.coupon("40.00")]) { service in
      try await service.close(asOf: "2013-02-01")
      #expect(try await Self.note(service, [("fee", "100.00")]).status == 422)
      #expect(try await Self.note(service, [("cut", "-40.00")]).status == 422)
      let part = try await Self.note(service, [("fee", "30.00")])
      #expect(Self.noteLines(part) == ["fee -50.00", "cut 20.00"])
      let rest = try await Self.note(service)
      #expect(Self.noteLines(rest) == ["fee -50.00", "cut 20.00"])
      #expect(try await Self.note(service).status == 409)
      #expect(
        try await Self.sums(service) == "total 60.00, credited 60.00, disputed 0.00, open 0.00")
      #expect(
        try await service.balances() == [
          "credits 0.00", "receivable 0.00", "revenue.usage 0.00",
        ])
    }
  }

  @Test("A gift that paid a month that is credited is there again")
  func theGrantReturns() async throws {
    try await Self.run([Self.fee(), Self.credit([.init("amount", "30.00")])]) { service in
      try await service.close(asOf: "2013-02-01")
      #expect(try await Self.note(service, [("fee", "100.00")]).status == 422)
      #expect(Self.noteLines(try await Self.note(service)) == ["fee -100.00", "credit 30.00"])
      service.clock.set("2013-03-07T12:00:00Z")
      try await service.close(asOf: "2013-03-01")
      #expect(try await service.lines(Self.february) == ["fee 100.00", "credit -30.00"])
      #expect(
        try await service.balances() == [
          "credits 30.00", "prepaid 0.00", "receivable 70.00", "revenue.usage -100.00",
        ])
    }
  }

  @Test("A month that a gift paid whole gives the gift back, and no money")
  func theWholeGrantReturns() async throws {
    try await Self.run([Self.fee(), Self.credit([.init("amount", "100.00")])]) { service in
      try await service.close(asOf: "2013-02-01")
      let note = try await Self.note(service)
      #expect(Self.noteLines(note) == ["fee -100.00", "credit 100.00"])
      #expect(note["total"] == "0.00")
      service.clock.set("2013-03-07T12:00:00Z")
      try await service.close(asOf: "2013-03-01")
      #expect(try await service.lines(Self.february) == ["fee 100.00", "credit -100.00"])
    }
  }

  @Test("Of credit that was bought goes back what is not used, and pays no more")
  func boughtCredit() async throws {
    let grant: [JSON.Member] = [.init("amount", "150.00"), .init("bought", "2013-01")]
    try await Self.run([Self.fee(), Self.credit(grant)]) { service in
      try await service.close(asOf: "2013-02-01")
      #expect(try await Self.note(service, [("credit/bought/g", "50.01")]).status == 422)
      #expect(try await Self.note(service, [("credit/bought/g", "50.00")]).status == 201)
      service.clock.set("2013-03-07T12:00:00Z")
      try await service.close(asOf: "2013-03-01")
      #expect(try await service.lines(Self.february) == ["fee 100.00", "credit 0.00"])
      #expect(
        try await service.balances() == [
          "prepaid 0.00", "receivable 200.00", "revenue.usage -200.00",
        ])
    }
  }

  @Test("A purchase that is credited before it is used pays nothing")
  func unusedPurchase() async throws {
    let credit: JSON = [
      "key": "credit", "kind": "prepaidCredit",
      "grants": [["name": "g", "amount": "150.00", "from": "2013-02", "bought": "2013-01"]],
    ]
    try await Self.run([Self.fee(), credit]) { service in
      try await service.close(asOf: "2013-02-01")
      #expect(try await Self.note(service, [("credit/bought/g", "150.00")]).status == 201)
      service.clock.set("2013-03-07T12:00:00Z")
      try await service.close(asOf: "2013-03-01")
      #expect(try await service.lines(Self.february) == ["fee 100.00", "credit 0.00"])
      #expect(
        try await service.balances() == [
          "prepaid 0.00", "receivable 200.00", "revenue.usage -200.00",
        ])
    }
  }

  @Test("A note, then a retraction: nothing goes back twice", arguments: ["100.00", "40.00"])
  func creditedThenRetracted(amount: String) async throws {
    try await Self.run([Self.use, Self.fee()]) { service in
      try await Self.used(service, "100")
      try await service.close(asOf: "2013-02-01")
      #expect(try await Self.note(service, [("use", amount)]).status == 201)
      try await Self.retract(service)
      service.clock.set("2013-03-07T12:00:00Z")
      try await service.close(asOf: "2013-03-01")
      let left = amount == "100.00" ? [] : ["correction/acme-hours~2013-01/use -60.00"]
      #expect(try await service.lines(Self.february) == ["use 0.00", "fee 100.00"] + left)
      #expect(try await Self.note(service, [("use", "0.01")]).status == 422)
    }
  }

  @Test("A retraction, then a note or a dispute: nothing goes back twice")
  func retractedThenCredited() async throws {
    try await Self.run([Self.use, Self.fee()]) { service in
      try await Self.used(service, "100")
      try await service.close(asOf: "2013-02-01")
      let dispute: JSON = ["line": "use", "reason": "not ours"]
      try await service.settled("invoices/\(Self.january)/disputes", dispute)
      try await Self.retract(service)
      service.clock.set("2013-03-07T12:00:00Z")
      try await service.close(asOf: "2013-03-01")
      #expect(
        try await service.lines(Self.february) == [
          "use 0.00", "fee 100.00", "correction/acme-hours~2013-01/use -100.00",
        ])
      #expect(try await Self.note(service, [("use", "100.00")]).status == 422)
      try await service.settled(
        "invoices/\(Self.january)/dispute-resolutions",
        ["line": "use", "resolution": "credited", "reason": "right"])
      #expect(
        try await Self.sums(service) == "total 200.00, credited 0.00, disputed 0.00, open 200.00")
      #expect(Self.noteLines(try await Self.note(service)) == ["fee -100.00"])
    }
  }

  /// Fees of which ten per cent wait for a score of the use.
  private static func heldBack(_ fees: [JSON], over span: String) -> [JSON] {
    fees + [
      [
        "key": "s", "kind": "scorecard", "span": .string(span),
        "kpis": [
          ["name": "x", "weight": "1", "meter": "use", "threshold": "0", "target": "100"]
        ],
      ],
      ["key": "h", "kind": "holdback", "percent": "10", "scorecard": "s"],
    ]
  }

  @Test("What a credited month held back is not released")
  func creditedHoldback() async throws {
    let clauses = Self.heldBack([Self.fee("fee", "1000.00")], over: "quarter")
    try await Self.run(.array(clauses)) { service in
      try await Self.used(service, "100")
      try await service.close(asOf: "2013-02-01")
      #expect(
        Self.noteLines(try await Self.note(service)) == ["fee -1000.00", "h/retained 100.00"])
      service.clock.set("2013-04-07T12:00:00Z")
      try await service.close(asOf: "2013-04-01")
      #expect(
        try await service.lines("acme-hours~2013-03") == [
          "fee 1000.00", "s 0.00", "h/retained -100.00", "h/released 200.00",
        ])
      // A month that was released before it is credited comes back with the next invoice.
      service.clock.set("2013-04-08T12:00:00Z")
      #expect(try await Self.note(service, on: Self.february).status == 201)
      service.clock.set("2013-05-07T12:00:00Z")
      try await service.close(asOf: "2013-05-01")
      #expect(
        try await service.lines("acme-hours~2013-04").last
          == "correction/acme-hours~2013-03/h/released -100.00")
      #expect(try await service.balances().first == "contractAsset 100.00", "April's")
    }
  }

  @Test("What a month held back and released is released no more where its fee is credited")
  func creditedHoldbackOfTheMonth() async throws {
    let clauses = Self.heldBack([Self.fee("fee", "1000.00")], over: "month")
    try await Self.run(.array(clauses)) { service in
      try await Self.used(service, "60")
      try await service.close(asOf: "2013-02-01")
      #expect(
        try await service.lines(Self.january) == [
          "fee 1000.00", "s 0.00", "h/retained -100.00", "h/released 60.00",
        ])
      #expect(
        Self.noteLines(try await Self.note(service, [("fee", "450.00")])) == [
          "fee -500.00", "h/retained 50.00",
        ])
      service.clock.set("2013-03-07T12:00:00Z")
      try await service.close(asOf: "2013-03-01")
      #expect(
        try await service.lines(Self.february).last
          == "correction/acme-hours~2013-01/h/released -30.00", "60 % of 50.00 are left")
    }
  }

  /// Two fees at two taxes, a meter whose use is priced at the first of them, and other clauses.
  private static func taxed(
    _ clauses: [JSON], _ body: (TestService) async throws -> Void
  ) async throws {
    try await TestService.run(at: "2013-04-07T12:00:00Z") { service in
      try await service.agree()
      for (key, rate) in [("t20", "0.20"), ("t10", "0.10")] {
        try await service.put(
          "taxes/\(key)",
          [
            "name": .string(key), "category": "S",
            "rates": [["from": "2012-01-01", "rate": .string(rate)]],
          ])
      }
      try await service.put(
        "meters/use",
        [
          "aggregation": "sum", "eventTypes": ["use"], "unit": "units", "value": "/n", "places": 2,
        ])
      try await service.put(
        "contracts/acme-hours",
        [
          "customer": "acme", "currency": "USD", "zone": "UTC", "from": "2013-01-01",
          "clauses": .array(clauses),
          "taxes": [["tax": "t20"], ["tax": "t10", "clauses": ["b"]]],
        ])
      try await used(service, "50")
      try await body(service)
    }
  }

  private static func usedLate(_ service: TestService) async throws {
    service.clock.set("2013-05-07T12:00:00Z")
    try await service.post(
      SampleEvent(id: "late", type: "use", time: "2013-02-10T10:00:00Z", data: ["n": "50"]))
    try await service.close(asOf: "2013-05-01")
  }

  private static func taxes(_ service: TestService, _ key: String) async throws -> [String] {
    try await (service.invoice(key)["document"]?["lines"]?.elements ?? [])
      .filter { $0["amount"] != "0.00" }.map {
        [$0["key"], $0["amount"], $0["tax"]?["key"]].map { $0?.stringValue ?? "-" }
          .joined(separator: " ")
      }
  }

  @Test("What changes of a release has the taxes of what was held back")
  func correctedRelease() async throws {
    let fees = [Self.fee("a", "1000.00"), Self.fee("b", "1000.00")]
    try await Self.taxed(Self.heldBack(fees, over: "quarter")) { service in
      try await service.close(asOf: "2013-04-01")
      #expect(
        try await Self.taxes(service, "acme-hours~2013-03").suffix(2) == [
          "h/released/@t20 150.00 t20", "h/released/@t10 150.00 t10",
        ])
      try await Self.usedLate(service)
      #expect(
        try await Self.taxes(service, "acme-hours~2013-04").suffix(2) == [
          "correction/acme-hours~2013-03/h/released/@t20 150.00 t20",
          "correction/acme-hours~2013-03/h/released/@t10 150.00 t10",
        ])
    }
  }

  @Test("What lacks of a commitment over periods has the taxes of all of them, corrected too")
  func taxesOfASpan() async throws {
    let clauses: [JSON] = [
      Self.use, Self.fee("b", "50.00"),
      ["key": "least", "kind": "minimumCommitment", "amount": "1000.00", "span": "quarter"],
    ]
    try await Self.taxed(clauses) { service in
      try await service.close(asOf: "2013-04-01")
      // 50.00 at one tax and 150.00 at the other were reached.
      #expect(
        try await Self.taxes(service, "acme-hours~2013-03") == [
          "b 50.00 t10", "least/@t20 200.00 t20", "least/@t10 600.00 t10",
        ])
      try await Self.usedLate(service)
      #expect(
        try await Self.taxes(service, "acme-hours~2013-04") == [
          "b 50.00 t10", "correction/acme-hours~2013-02/use 50.00 t20",
          "correction/acme-hours~2013-03/least/@t20 100.00 t20",
          "correction/acme-hours~2013-03/least/@t10 -150.00 t10",
        ])
    }
  }

  @Test("A credit note is taken back by a document of its own")
  func noteTakenBack() async throws {
    try await Self.run([Self.fee(), Self.credit([.init("amount", "30.00")])]) { service in
      try await service.close(asOf: "2013-02-01")
      let number = try #require(try await Self.note(service)["number"]?.stringValue)
      service.clock.set("2013-02-08T12:00:00Z")
      let path = "credit-notes/\(number)/void"
      let taken = try await service.settled(path, ["reason": "wrong customer"])
      #expect(taken["voidedBy"]?["number"] == "INV-000002")
      #expect(taken["voidedBy"]?["total"] == "70.00")
      #expect(try await service.settle(path, ["reason": "twice"]).status == 409)
      #expect(
        try await service.settle("credit-notes/CN-000009/void", ["reason": "none"]).status == 404)
      #expect(
        try await service.statement(Self.january).split(separator: "\n").suffix(2).joined(
          separator: "\n") == """
            2013-02-07 credited, 70.00, CN-000001, test
            2013-02-08 creditVoided, 70.00, INV-000002, wrong customer
            """)
      #expect(
        try await Self.sums(service) == "total 70.00, credited 0.00, disputed 0.00, open 70.00")
      service.clock.set("2013-03-07T12:00:00Z")
      #expect(try await service.close(asOf: "2013-03-01") == ["INV-000003 2013-02 100.00"])
      #expect(
        try await service.balances() == [
          "credits 30.00", "prepaid 0.00", "receivable 170.00", "revenue.usage -200.00",
        ])
      let list = try await service.client(.finance).get("/v1/credit-notes")
      #expect(list.items.map { $0["voidedBy"]?["number"] } == ["INV-000002"])
    }
  }

  @Test("A dispute is bounded by what is owed, and what is credited leaves it")
  func disputes() async throws {
    try await Self.run([Self.fee(), Self.coupon("50.00"), Self.fee("other", "80.00")]) { service in
      try await service.close(asOf: "2013-02-01")
      let disputes = "invoices/\(Self.january)/disputes"
      #expect(
        try await service.settle(
          disputes, ["line": "other", "amount": "80.01", "reason": "more"]
        ).status == 422)
      try await service.settled(disputes, ["line": "fee", "reason": "half"])
      try await service.settled(
        disputes, ["line": "other", "amount": "60.00", "reason": "most of it"])
      #expect(
        try await Self.sums(service) == "total 130.00, credited 0.00, disputed 110.00, open 130.00")
      #expect(try await Self.note(service, [("other", "40.00")]).status == 201)
      #expect(
        try await Self.sums(service) == "total 130.00, credited 40.00, disputed 70.00, open 90.00")
      try await service.settled(
        "invoices/\(Self.january)/dispute-resolutions",
        ["line": "fee", "resolution": "credited", "reason": "right"])
      #expect(
        try await Self.sums(service) == "total 130.00, credited 90.00, disputed 20.00, open 40.00")
    }
  }

  @Test("A minimum is disputed with the line that it falls on, or by itself, but not twice")
  func disputeOfAMinimum() async throws {
    let least: JSON = [
      "key": "least", "kind": "minimumCommitment", "clauses": ["fee"], "amount": "150.00",
    ]
    try await Self.run([Self.fee(), least]) { service in
      try await service.close(asOf: "2013-02-01")
      let (disputes, resolutions) = (
        "invoices/\(Self.january)/disputes", "invoices/\(Self.january)/dispute-resolutions"
      )
      func disputed(_ line: String) async throws -> Int {
        try await service.settle(disputes, ["line": .string(line), "reason": "not ours"]).status
      }
      func resolved(_ line: String, _ resolution: JSON) async throws {
        try await service.settled(
          resolutions, ["line": .string(line), "resolution": resolution, "reason": "looked at"])
      }
      #expect(try await disputed("fee") == 200)
      #expect(
        try await Self.sums(service) == "total 150.00, credited 0.00, disputed 150.00, open 150.00")
      #expect(try await disputed("least") == 409)
      try await resolved("fee", "upheld")
      #expect(try await disputed("least") == 200)
      #expect(try await disputed("fee") == 200)
      #expect(
        try await Self.sums(service) == "total 150.00, credited 0.00, disputed 150.00, open 150.00")
      #expect(try await Self.note(service, [("fee", "30.00")]).status == 201)
      #expect(
        try await Self.sums(service) == "total 150.00, credited 30.00, disputed 120.00, open 120.00"
      )
      try await resolved("least", "credited")
      #expect(
        try await Self.sums(service) == "total 150.00, credited 80.00, disputed 70.00, open 70.00")
      try await resolved("fee", "credited")
      #expect(
        try await Self.sums(service) == "total 150.00, credited 150.00, disputed 0.00, open 0.00")
    }
  }

  @Test("The tax of all disputes together is rounded once")
  func taxOfDisputes() async throws {
    let fees: JSON = [Self.fee("one", "0.03"), Self.fee("two", "0.03")]
    try await Self.run(fees) { service in
      try await service.put(
        "taxes/vat",
        ["name": "VAT", "category": "S", "rates": [["from": "2013-01-01", "rate": "0.20"]]])
      try await service.put(
        "contracts/acme-hours",
        [
          "customer": "acme", "currency": "EUR", "zone": "UTC", "from": "2013-01-01",
          "clauses": fees, "taxes": [["tax": "vat"]],
        ])
      try await service.close(asOf: "2013-02-01")
      for line in ["one", "two"] {
        try await service.settled(
          "invoices/\(Self.january)/disputes", ["line": .string(line), "reason": "not ours"])
      }
      #expect(try await Self.sums(service) == "total 0.07, credited 0.00, disputed 0.07, open 0.07")
      #expect(try await Self.note(service, [("one", "0.02")]).status == 201)
      #expect(try await Self.sums(service) == "total 0.07, credited 0.02, disputed 0.05, open 0.05")
    }
  }

  @Test("A dispute of a credit claims an amount, counts, and is found")
  func disputeOfACredit() async throws {
    try await Self.run([Self.fee(), Self.coupon("50.00")]) { service in
      try await service.close(asOf: "2013-02-01")
      let disputes = "invoices/\(Self.january)/disputes"
      func found() async throws -> Int {
        try await service.client(.finance).get("/v1/invoices?payment=disputed").items.count
      }
      #expect(try await found() == 0)
      try await service.settled(disputes, ["line": "cut", "reason": "more was agreed"])
      #expect(try await found() == 1)
      let resolutions = "invoices/\(Self.january)/dispute-resolutions"
      try await service.settled(
        resolutions, ["line": "cut", "resolution": "upheld", "reason": "how much"])
      try await service.settled(
        disputes, ["line": "cut", "amount": "20.00", "reason": "twenty more were agreed"])
      #expect(
        try await Self.sums(service) == "total 50.00, credited 0.00, disputed 20.00, open 50.00")
      try await service.settled(
        resolutions, ["line": "cut", "resolution": "credited", "reason": "right"])
      #expect(
        try await Self.sums(service) == "total 50.00, credited 20.00, disputed 0.00, open 30.00")
      #expect(try await found() == 0)
    }
  }

  @Test("A draft that knows nothing of a credit note is out of date")
  func draftsKnowOfNotes() async throws {
    try await Self.run([Self.fee(), Self.credit([.init("amount", "30.00")])]) { service in
      try await service.close(asOf: "2013-02-01")
      service.clock.set("2013-03-07T12:00:00Z")
      _ = try await service.bill("2013-02")
      service.clock.set("2013-03-08T12:00:00Z")
      #expect(try await Self.note(service).status == 201)
      let stale = try await service.finalise(Self.february)
      #expect(stale.status == 409 && stale["code"] == "draft_outdated")
      _ = try await service.bill("2013-02")
      #expect(try await service.finalise(Self.february).status == 200)
      #expect(
        try await service.invoice(Self.february)["document"]?["creditNotes"] == ["CN-000001"])
    }
  }
}
