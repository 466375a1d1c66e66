import Access
import Base
import Testing

@Suite("Invoices as they are listed and exported")
struct InvoiceListTests {
  @Test("Filters, pages and the key find an invoice")
  func listing() async throws {
    try await TestService.run { service in
      try await service.agree(on: ["acme", "bird"])
      for month in ["2013-01", "2013-02"] { _ = try await service.bill(month) }
      _ = try await service.finalise("bird-hours~2013-01")
      let finance = service.client(.finance)
      let table: [(query: String, keys: [String])] = [
        (
          "",
          [
            "acme-hours~2013-01", "acme-hours~2013-02", "bird-hours~2013-01",
            "bird-hours~2013-02",
          ]
        ),
        ("?customer=acme", ["acme-hours~2013-01", "acme-hours~2013-02"]),
        ("?month=2013-02", ["acme-hours~2013-02", "bird-hours~2013-02"]),
        ("?status=final", ["bird-hours~2013-01"]),
        ("?status=draft&customer=bird", ["bird-hours~2013-02"]),
        ("?customer=nobody", []),
      ]
      for (query, keys) in table {
        let list = try await finance.get("/v1/invoices\(query)")
        #expect(list.items.map { $0["key"]?.stringValue } == keys, "\(query)")
        #expect(list.items.allSatisfy { $0["document"] == nil })
      }
      #expect(
        try await finance.everything(in: "/v1/invoices?month=2013-01&limit=1").map { $0["key"] }
          == ["acme-hours~2013-01", "bird-hours~2013-01"])
      for query in ["status=open", "month=January", "customer=a%20b", "year=2013", "limit=0"] {
        try await finance.get("/v1/invoices?\(query)")
          .expectProblem(422, query.hasPrefix("year") ? "unknown_field" : "invalid_value")
      }
      for key in ["nobody~2013-01", "a%2Fb", "%00"] {
        try await finance.get("/v1/invoices/\(key)").expectProblem(404, "not_found", at: [])
      }
    }
  }

  @Test("Finance finds what is open, overdue or changed, and gets it as a table")
  func finance() async throws {
    try await TestService.run { service in
      try await service.agree(on: ["acme", "bird", "crow"])
      try await service.post(SampleEvent(id: "1"), SampleEvent(id: "2", subject: "N2"))
      _ = try await service.bill("2013-01")
      for customer in ["acme", "bird"] {
        _ = try await service.finalise("\(customer)-hours~2013-01")
      }
      service.clock.set("2013-06-01T00:00:00Z")
      try await service.settled(
        "invoices/bird-hours~2013-01/payments",
        ["amount": "110.00", "date": "2013-06-01", "reference": "bank"])
      let table: [(query: String, keys: [String])] = [
        ("payment=overdue", ["acme-hours~2013-01"]), ("payment=open", ["acme-hours~2013-01"]),
        ("payment=paid", ["bird-hours~2013-01"]), ("payment=disputed", []),
        ("status=draft", ["crow-hours~2013-01"]), ("status=void", []),
        ("changedSince=2013-05-01T00:00:00Z", ["bird-hours~2013-01"]),
      ]
      let finance = service.client(.finance)
      for (query, keys) in table {
        let list = try await finance.get("/v1/invoices?\(query)")
        #expect(list.items.map { $0["key"]?.stringValue } == keys, "\(query)")
      }
      let csv = try await finance.get("/v1/invoices?payment=open", [("Accept", "text/csv")])
      #expect(
        csv.text == """
          key,number,status,customer,contract,month,currency,total,paid,credited,disputed,open,due,\
          finalised\r
          acme-hours~2013-01,INV-000001,final,acme,acme-hours,2013-01,USD,110.00,0.00,0.00,0.00,\
          110.00,2013-05-30,2013-04-30T12:00:00Z\r

          """)
      #expect(try await finance.get("/v1/invoices?payment=open&format=csv").text == csv.text)
      let tag = try #require(try await service.invoice("acme-hours~2013-01").header("etag"))
      let again = try await finance.get(
        "/v1/invoices/acme-hours~2013-01", [("If-None-Match", tag)])
      #expect(again.status == 304)
      #expect(again.bytes.isEmpty)
    }
  }

  @Test("What is earned and not billed is told by contract")
  func accruals() async throws {
    try await TestService.run { service in
      try await service.agree(on: ["acme", "bird"])
      try await service.post(SampleEvent(id: "1"), SampleEvent(id: "2", subject: "N2"))
      _ = try await service.bill("2013-01")
      _ = try await service.finalise("acme-hours~2013-01")
      try await service.post(SampleEvent(id: "late", data: ["seconds": 36, "cycles": 0]))
      let answer = try await service.client(.finance).get("/v1/accruals?month=2013-01")
      #expect(
        answer.items.map { "\($0["contract"]!.text) \($0["unbilled"]!.text)" }
          == ["\"acme-hours\" \"0.00\"", "\"bird-hours\" \"110.00\""])
      let next = try await service.client(.finance).get("/v1/accruals?month=2013-02")
      #expect(next.items.map { $0["unbilled"] } == ["1.00", "0.00"], "February will bill it")
      try await service.client(.finance).get("/v1/accruals")
        .expectProblem(422, "missing_field")
    }
  }

  @Test("A document explains each line, and its lines come as CSV too")
  func document() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(
        SampleEvent(id: "1", data: ["seconds": 5400, "cycles": 2]), SampleEvent(id: "2"))
      _ = try await service.bill("2013-01")
      let invoice = try await service.invoice("acme-hours~2013-01")
      let document = try #require(invoice["document"])
      #expect(document["period"]?["start"] == "2013-01-01T00:00:00Z")
      #expect(document["period"]?["end"] == "2013-02-01T00:00:00Z")
      #expect(document["contract"] == ["key": "acme-hours", "version": 1])
      let lines = document["lines"]?.elements ?? []
      #expect(lines.map { $0["amount"] } == ["250.00", "30.00"])
      #expect(document["total"] == "280.00")
      for line in lines {
        #expect(line["derivation"]?["sentence"]?.stringValue?.isEmpty == false)
        #expect(line["waterfall"]?.elements?.isEmpty == false)
        #expect(line["evidence"]?.elements?.first?["events"] == 2)
        #expect(line["evidence"]?.elements?.first?["last"]?["id"] == "2")
      }
      let csv = try await service.client(.finance).get(
        "/v1/invoices/acme-hours~2013-01", [("Accept", "text/csv")])
      #expect(csv.header("content-type") == "text/csv; charset=utf-8")
      #expect(
        csv.text == """
          key,description,quantity,unit,amount,currency,quantity_exact,tax,tax_rate,clause,stage,\
          asset,corrects,corrects_line\r
          engines/hours,"Hours in use, adjusted for severity",2.5,h,250.00,USD,2.5,,,engines,\
          usage,,,\r
          engines/cycles,Cycles,3,cycles,30.00,USD,3,,,engines,usage,,,\r

          """)
    }
  }

  @Test("A quantity that no decimal says has one beside it, and in the table")
  func fractions() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(SampleEvent(id: "1", data: ["seconds": 7, "cycles": 2]))
      _ = try await service.bill("2013-01")
      let line = try await service.invoice("acme-hours~2013-01")["document"]?["lines"]?
        .elements?.first
      #expect(line?["quantity"] == "7/3600")
      #expect(line?["quantityDecimal"] == "0.001944")
      let csv = try await service.client(.finance).get(
        "/v1/invoices/acme-hours~2013-01?format=csv")
      #expect(csv.text.contains(",0.001944,h,0.19,USD,7/3600,"), "\(csv.text)")
    }
  }

  @Test("An invoice is found by its number, a credit note by its own")
  func number() async throws {
    try await TestService.run { service in
      try await service.agree(on: ["acme", "bird"])
      try await service.post(SampleEvent(id: "1"), SampleEvent(id: "2", subject: "N2"))
      _ = try await service.bill("2013-01")
      for customer in ["bird", "acme"] {
        _ = try await service.finalise("\(customer)-hours~2013-01")
        try await service.settled(
          "invoices/\(customer)-hours~2013-01/credit-notes", ["reason": "all of it"])
      }
      let finance = service.client(.finance)
      let table: [(query: String, keys: [JSON])] = [
        ("invoices?number=INV-000001", ["bird-hours~2013-01"]),
        ("invoices?number=INV-000002", ["acme-hours~2013-01"]),
        ("invoices?number=INV-000002&customer=bird", []), ("invoices?number=INV-000003", []),
        ("invoices?number=CN-000001", []),
      ]
      for (query, keys) in table {
        #expect(try await finance.get("/v1/\(query)").items.map { $0["key"] } == keys, "\(query)")
      }
      for (query, invoices) in [
        ("number=CN-000002", ["acme-hours~2013-01"]), ("number=INV-000001", []),
        ("customer=bird", ["bird-hours~2013-01"]),
      ] {
        let notes = try await finance.get("/v1/credit-notes?\(query)").items
        #expect(notes.map { $0["invoice"]?.stringValue } == invoices, "\(query)")
      }
      for number in ["1", "INV-1", "inv-000001", "INV-"] {
        try await finance.get("/v1/invoices?number=\(number)").expectProblem(422, "invalid_value")
      }
    }
  }

  @Test("Every list of finance is a table too; a form that there is none of is refused")
  func tables() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(SampleEvent(id: "1"))
      _ = try await service.bill("2013-01")
      _ = try await service.finalise("acme-hours~2013-01")
      try await service.settled(
        "invoices/acme-hours~2013-01/credit-notes",
        ["reason": "half", "lines": [["line": "engines/hours", "amount": "50.00"]]])
      let tables: [(path: String, text: String)] = [
        (
          "ledger?",
          """
          sequence,day,at,kind,reference,invoice,customer,account,debit,credit,currency\r
          1,2013-04-30,2013-04-30T12:00:00Z,finalised,INV-000001,acme-hours~2013-01,acme,\
          receivable,110.00,,USD\r
          1,2013-04-30,2013-04-30T12:00:00Z,finalised,INV-000001,acme-hours~2013-01,acme,\
          revenue.usage,,110.00,USD\r
          2,2013-04-30,2013-04-30T12:00:00Z,credited,CN-000001,acme-hours~2013-01,acme,\
          receivable,,50.00,USD\r
          2,2013-04-30,2013-04-30T12:00:00Z,credited,CN-000001,acme-hours~2013-01,acme,\
          revenue.usage,50.00,,USD\r

          """
        ),
        (
          "credit-notes?",
          """
          number,invoice,issued,invoice_number,customer,contract,month,currency,net,tax,total,\
          reason\r
          CN-000001,acme-hours~2013-01,2013-04-30T12:00:00Z,INV-000001,acme,acme-hours,2013-01,\
          USD,-50.00,0.00,-50.00,half\r

          """
        ),
        (
          "accruals?month=2013-02&",
          """
          contract,customer,month,currency,unbilled,provisional,heldBack,reason\r
          acme-hours,acme,2013-02,USD,0.00,0.00,0.00,\r

          """
        ),
      ]
      let finance = service.client(.finance)
      for (path, text) in tables {
        let csv = try await finance.get("/v1/\(path)format=csv")
        #expect(csv.header("content-type") == "text/csv; charset=utf-8", "\(path)")
        #expect(csv.text == text, "\(path)")
        try await finance.get("/v1/\(path)format=xml").expectProblem(422, "invalid_value")
      }
      for path in ["invoices", "invoices/acme-hours~2013-01"] {
        try await finance.get("/v1/\(path)?format=pdf").expectProblem(422, "invalid_value")
      }
    }
  }
}

extension TestClient {
  /// Follows the cursor of a list to its end; `Link` leads the same way.
  func everything(in path: String) async throws -> [JSON] {
    var items: [JSON] = []
    var next: String? = path
    for _ in 0..<100 {
      guard let path = next else { return items }
      let page = try await get(path)
      try #require(page.status == 200, "\(page.text)")
      items += page.items
      let link = page.header("link")
      #expect((link == nil) == (page["next"] == nil))
      next = link.map { String($0.drop { $0 == "<" }.prefix { $0 != ">" }) }
      if let cursor = page["next"]?.stringValue {
        #expect(next?.hasSuffix("cursor=\(cursor)") == true)
        #expect(link?.hasSuffix("; rel=\"next\"") == true)
      }
    }
    Issue.record("the list \(path) has no end")
    return items
  }
}
