import Base
import Contracts
import Rating
import Settlement
import TestSupport
import Testing
import Workflow

@testable import SQLite
@testable import Services
@testable import TimeZones

/// What comes behind a closed month is settled by the next one, however it comes to belong to it.
struct LateEventsTests {
  /// The lines of February, by their keys, after January was closed with what had been told until
  /// then.
  private func february(
    _ workspace: Workspace, closed: [JSON], late: () async throws -> Void
  ) async throws -> [String] {
    _ = try await workspace.post(closed)
    try bill("2013-01", workspace, hour: 1)
    _ = try workspace.finalise(InvoiceKey("hours-1~2013-01"))
    try await late()
    return try corrections("2013-02", workspace, hour: 2)
  }

  private func corrections(
    _ month: String, _ workspace: Workspace, hour: Int64
  ) throws -> [String] {
    try bill(month, workspace, hour: hour)
    let document = try workspace.settlement.invoice(InvoiceKey("hours-1~\(month)")).document
    return try JSON(parsing: Array(document.utf8))["lines"]?.elements?.compactMap { line in
      guard let key = line["key"]?.stringValue, key.hasPrefix("correction") else { return nil }
      return "\(key) \(line["amount"]?.stringValue ?? "")"
    } ?? []
  }

  private func bill(_ month: String, _ workspace: Workspace, hour: Int64) throws {
    _ = try workspace.billing.run(
      BillingMonth(month), now: Workspace.now.advanced(bySeconds: hour * 3600))
  }

  /// 10.00 for each unit of a meter.
  private func agree(
    _ meter: JSON, on name: String, countedAtOnceMax: Int = 1000
  ) throws -> Workspace {
    let workspace = try Workspace(countedAtOnceMax: countedAtOnceMax)
    try workspace.agree()
    try workspace.put(.meter, name, meter)
    try workspace.put(.contract, "hours-1", contract(meter: name, rate: "10.00"))
    return workspace
  }

  private func contract(
    meter: String, rate: String, effective: String? = nil, maximum: String = "100.00",
    and others: [JSON] = []
  ) -> JSON {
    let clauses: [JSON] = [
      [
        "key": "use", "kind": "usageCharge", "meter": .string(meter),
        "price": ["model": "perUnit", "rate": .string(rate)],
      ], ["key": "most", "kind": "maximumSpend", "amount": .string(maximum)],
    ]
    return .object([
      "customer": "airline", "currency": "USD", "zone": "UTC", "from": "2013-01-01",
      "effective": effective.map(JSON.string), "clauses": .array(clauses + others),
    ])
  }

  private static let runs: JSON = ["aggregation": "count", "eventTypes": ["ran"], "unit": "runs"]

  @Test("an event that had been corrected into January before it came")
  func corrected() async throws {
    let workspace = try agree(Self.runs, on: "starts")
    let correction = Workspace.correction(
      "c", of: "2", amend: ["time": "2013-01-20T00:00:00Z"], time: "2013-03-01T00:00:00Z")
    let lines = try await february(workspace, closed: [Workspace.event("1"), correction]) {
      _ = try await workspace.post([Workspace.event("2", time: "2013-02-20T00:00:00Z")])
    }
    #expect(lines == ["correction/hours-1~2013-01/use 10.00"])
  }

  @Test("a flight that took off in January and landed in February")
  func overnight() async throws {
    let workspace = try agree(
      [
        "aggregation": "duration", "eventTypes": ["ran"], "unit": "h", "length": "/seconds",
        "longestSeconds": 86_400,
      ], on: "flown")
    let lines = try await february(workspace, closed: []) {
      _ = try await workspace.post([
        Workspace.event("1", seconds: 10_800, time: "2013-02-01T01:00:00Z")
      ])
    }
    #expect(lines == ["correction/hours-1~2013-01/use 20.00"])
  }

  private static let both: JSON = [
    "aggregation": "count", "eventTypes": ["ran", "hopped"], "unit": "runs",
  ]

  /// The corrections of a month whose run has some earlier ones counted again.
  private func corrections(
    _ month: String, recounting keys: [String], _ workspace: Workspace
  ) throws -> [String] {
    _ = try workspace.billing.run(
      BillingRequest(.month(BillingMonth(month)), recount: Set(keys.map { try InvoiceKey($0) })),
      by: "finance", now: Workspace.now.advanced(bySeconds: 9 * 3600))
    return try corrections(month, workspace, hour: 9)
  }

  @Test("a meter that counts otherwise leaves alone what is final, until it is asked by name")
  func recounted() async throws {
    let workspace = try agree(Self.runs, on: "starts", countedAtOnceMax: 0)
    while try workspace.home.countMeters() {}
    let events = [Workspace.event("1"), Workspace.event("2", type: "hopped")]
    let lines = try await february(workspace, closed: events) {
      try workspace.put(.meter, "starts", Self.both)
      while try workspace.home.countMeters() {}
    }
    #expect(lines == [])
    // What comes late is corrected as the meter counted then.
    _ = try await workspace.post([
      Workspace.event("3"), Workspace.event("4", type: "hopped"),
      Workspace.event("5", time: "2013-02-10T00:00:00Z", type: "hopped"),
    ])
    #expect(
      try corrections("2013-02", workspace, hour: 3) == ["correction/hours-1~2013-01/use 10.00"])
    #expect(
      try workspace.billing.lines(
        workspace.catalogs.current.catalog.contracts[ContractKey("hours-1")]!,
        BillingMonth("2013-02")
      ).first?.amount.description == "10.00", "February is counted by the new version")
    let again = try corrections("2013-02", recounting: ["hours-1~2013-01"], workspace)
    #expect(again == ["correction/hours-1~2013-01/use 30.00"])
    _ = try workspace.finalise(
      InvoiceKey("hours-1~2013-02"), now: Workspace.now.advanced(bySeconds: 10 * 3600))
    #expect(try corrections("2013-03", workspace, hour: 11) == [], "it stays so")
    #expect(try Verification(workspace.folder, workspace.zones).run().findings == [])
  }

  @Test("a meter of January only, which what March released rests on")
  func releasedAnew() async throws {
    let workspace = try agree(Self.runs, on: "starts", countedAtOnceMax: 0)
    try workspace.put(
      .meter, "turns", ["aggregation": "count", "eventTypes": ["turned"], "unit": "turns"])
    try workspace.put(.contract, "hours-1", heldBack(meter: "starts", from: nil))
    try workspace.put(.contract, "hours-1", heldBack(meter: "turns", from: "2013-02-01"))
    _ = try await workspace.post([
      Workspace.event("1"), Workspace.event("2", type: "hopped"),
      Workspace.event("3", time: "2013-03-20T00:00:00Z", type: "turned"),
    ])
    while try workspace.home.countMeters() {}
    try bill("2013-01", workspace, hour: 0)
    _ = try workspace.finalise(InvoiceKey("hours-1~2013-01"))
    try workspace.put(.meter, "starts", Self.both)
    while try workspace.home.countMeters() {}
    for (hour, month) in ["2013-02", "2013-03"].enumerated() {
      try bill(month, workspace, hour: Int64(hour + 1))
      _ = try workspace.finalise(
        InvoiceKey("hours-1~\(month)"), now: Workspace.now.advanced(bySeconds: 7200))
    }
    #expect(try corrections("2013-04", workspace, hour: 4) == [], "1.00 was held, and released")
    #expect(
      try corrections("2013-04", recounting: ["hours-1~2013-01"], workspace) == [
        "correction/hours-1~2013-01/use 10.00", "correction/hours-1~2013-01/held/retained -1.00",
        "correction/hours-1~2013-03/held/released 1.00",
      ])
    #expect(try Verification(workspace.folder, workspace.zones).run().findings == [])
  }

  /// A tenth is held back, and released at the end of a quarter in which anything turned.
  private func heldBack(meter: String, from effective: String?) -> JSON {
    let clauses: [JSON] = [
      [
        "key": "card", "kind": "scorecard", "span": "quarter",
        "kpis": [["name": "A", "weight": 1, "meter": "turns", "threshold": 0, "target": 1]],
      ],
      ["key": "held", "kind": "holdback", "percent": "10", "scorecard": "card"],
    ]
    return contract(meter: meter, rate: "10.00", effective: effective, and: clauses)
  }

  @Test("a line that only a correction brought goes again with what it rested on")
  func broughtAndGone() async throws {
    let workspace = try agree(Self.runs, on: "starts")
    try workspace.put(
      .contract, "hours-1", contract(meter: "starts", rate: "10.00", maximum: "15.00"))
    let lines = try await february(workspace, closed: [Workspace.event("1")]) {
      _ = try await workspace.post([Workspace.event("2")])
    }
    #expect(
      lines == ["correction/hours-1~2013-01/use 10.00", "correction/hours-1~2013-01/most -5.00"])
    _ = try workspace.finalise(InvoiceKey("hours-1~2013-02"))
    _ = try await workspace.post([Workspace.correction("c", of: "2")])
    #expect(
      try corrections("2013-03", workspace, hour: 3)
        == ["correction/hours-1~2013-01/use -10.00", "correction/hours-1~2013-01/most 5.00"])
  }

  @Test("a draft of other terms than those in force cannot be closed")
  func outdatedTerms() async throws {
    let workspace = try agree(Self.runs, on: "starts")
    _ = try await workspace.post([Workspace.event("1")])
    try bill("2013-01", workspace, hour: 1)
    try workspace.put(
      .contract, "hours-1", contract(meter: "starts", rate: "12.00", effective: "2013-01-05"))
    let key = try InvoiceKey("hours-1~2013-01")
    #expect(fault { try workspace.finalise(key) }?.code == .draftOutdated)
    try bill("2013-01", workspace, hour: 2)
    #expect(try workspace.finalise(key).total.description == "12.00")
  }

  @Test("a draft that is older than its events cannot be closed, one that others came behind can")
  func outdatedEvents() async throws {
    let workspace = try agree(Self.runs, on: "starts")
    _ = try await workspace.post([Workspace.event("1")])
    try bill("2013-01", workspace, hour: 1)
    let key = try InvoiceKey("hours-1~2013-01")
    _ = try await workspace.post([
      Workspace.event("2", time: "2013-02-10T00:00:00Z"), Workspace.event("3", subject: "other"),
    ])
    let late = Workspace.event("4")
    _ = try await workspace.post([late])
    let refused = fault { try workspace.finalise(key) }
    #expect(refused?.code == .draftOutdated)
    #expect(refused?.detail.contains("it comes to 20.00 USD now") == true)
    _ = try await workspace.post([Workspace.correction("c", of: "4")])
    #expect(try workspace.finalise(key).total.description == "10.00")
  }

  @Test("what comes while a run closes what it has just rated is the next month's")
  func meanwhile() async throws {
    let workspace = try agree(Self.runs, on: "starts")
    _ = try await workspace.post([Workspace.event("1")])
    try bill("2013-01", workspace, hour: 1)
    _ = try await workspace.post([Workspace.event("2")])
    let desk = workspace.settlement
    let final = try desk.act(by: "finance", at: Workspace.now) {
      try workspace.billing.finalise(InvoiceKey("hours-1~2013-01"), justRated: true, $0)
    }
    #expect(final.total.description == "10.00")
  }
}
