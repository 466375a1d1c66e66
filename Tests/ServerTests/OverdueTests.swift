import Access
import Base
import Testing

@Suite("Overdue, by the day in the contract's zone")
struct OverdueTests {
  /// In Pago Pago a day ends eleven hours after it does in UTC.
  @Test("What is due today where the contract is, is not overdue there")
  func pagoPago() async throws {
    try await TestService.run(at: "2026-02-10T12:00:00Z") { service in
      let `operator` = service.client(.operator)
      _ = try await `operator`.put("/v1/customers/pago", ["name": "Pago", "paymentDays": 10])
      for (key, zone) in [("east", "Europe/Berlin"), ("west", "Pacific/Pago_Pago")] {
        _ = try await `operator`.put(
          "/v1/contracts/\(key)",
          [
            "customer": "pago", "currency": "USD", "zone": .string(zone), "from": "2026-01-01",
            "clauses": [["key": "fee", "kind": "flatFee", "amount": "5.00"]],
          ])
      }
      _ = try await service.bill("2026-01")
      for key in ["east", "west"] { _ = try await service.finalise("\(key)~2026-01") }
      let finance = service.client(.finance)
      func overdue() async throws -> [String] {
        let list = try await finance.get("/v1/invoices?payment=overdue").items
        for key in ["east", "west"] {
          let invoice = try await finance.get("/v1/invoices/\(key)~2026-01")
          let isListed = list.contains { $0["contract"] == .string(key) }
          #expect(invoice["overdue"] == .bool(isListed), "\(key), \(service.clock.now)")
        }
        return list.compactMap { $0["contract"]?.stringValue }
      }
      let due = try await finance.get("/v1/invoices/west~2026-01")["due"]?.stringValue
      #expect(due == "2026-02-20")
      // In Berlin it is the 21st from 23:00 UTC on the 20th.
      for (now, expected) in [
        ("2026-02-20T22:59:59Z", []), ("2026-02-20T23:00:00Z", ["east"]),
        ("2026-02-21T10:59:59Z", ["east"]), ("2026-02-21T11:00:00Z", ["east", "west"]),
      ] {
        service.clock.set(now)
        #expect(try await overdue() == expected, "\(now)")
      }
    }
  }
}
