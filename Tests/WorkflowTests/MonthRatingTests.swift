import Base
import Contracts
import Metering
import Rating
import Settlement
import Testing
import Workflow

@Suite struct BillingRunTests {
  private static let zone = ZoneRules(
    name: "Test/Plus1", initialOffsetSeconds: 3600, changes: [])

  private static func contract(_ extra: String = "") throws -> Contract {
    let text = """
      {"customer":"acme","currency":"EUR","zone":"Test/Plus1","from":"2026-01-16",
       "clauses":[{"key":"engines","kind":"severityHours","hours":"time","cycles":"starts",
                   "rate":"180.00","cycleRate":"42.50","index":{"factor":"1.04"}}]\(extra)}
      """
    return try Contract(Node(JSON(parsing: Array(text.utf8))), key: ContractKey("acme-pbh"))
  }

  private static func run(
    _ contract: Contract, _ month: String = "2026-01"
  ) throws -> MonthRating {
    MonthRating(contract, try BillingMonth(month), zone: zone)
  }

  private static func usage(_ run: MonthRating) throws -> UsageTable {
    let time = MeterDefinition(
      key: try MeterKey("time"), eventTypes: ["run"],
      aggregation: .sum(try NumberTerms(value: "/seconds")), unit: .second)
    let starts = MeterDefinition(
      key: try MeterKey("starts"), eventTypes: ["run"], aggregation: .count,
      unit: MeasureUnit("starts"))
    var values: [UsageRequest: MeteredUsage] = [:]
    for request in run.requests {
      let isTime = request.meter == time.key
      values[request] = MeteredUsage(
        isTime ? time : starts, Usage(count: 10, units: isTime ? 36_000 : 10))
    }
    return UsageTable(values)
  }

  /// The whole document of ten hours and ten starts, as it is kept.
  @Test func theDocumentSaysEverything() throws {
    let run = try Self.run(Self.contract())
    let lines = try run.rate(Self.usage(run)).lines
    let evidence = EvidenceBuilder(meter: try MeterKey("starts"), places: 0).finish()
    let invoice = try run.invoice(
      for: Customer(key: try CustomerKey("acme"), name: "Acme"), lines,
      evidence: [Evidence.Basis(evidence.meter): evidence],
      rules: Invoice.Rules(contractVersion: 3, meterVersions: [evidence.meter: 2]))
    let document = invoice.document
    #expect(document["total"] == "2314.00")
    #expect(
      document["period"]?.text == """
        {"start":"2026-01-15T23:00:00Z","end":"2026-01-31T23:00:00Z","zone":"Test/Plus1",\
        "offsets":[{"from":"2026-01-15T23:00:00Z","seconds":3600}]}
        """)
    #expect(document["contract"]?.text == #"{"key":"acme-pbh","version":3}"#)
    #expect(document["meters"]?.text == #"[{"key":"starts","version":2}]"#)
    #expect(
      document["lines"]?.elements?.map { line in
        [line["key"], line["quantity"], line["unit"], line["amount"]]
          .map { $0?.stringValue ?? "-" }.joined(separator: " ")
      } == ["engines/hours 10 h 1872.00", "engines/cycles 10 cycles 442.00"])
    #expect(
      document["lines"]?.elements?.first?["derivation"]?["sentence"]?.stringValue
        == "10.0000 hours at 187.2000 EUR an hour, times a severity of 1.000000, make 1,872.00 EUR."
    )
    // Evidence stands with the line whose meters it is of.
    #expect(document["lines"]?.elements?.last?["evidence"]?.elements?.count == 1)
  }

  @Test func aContractOutOfForceHasNoPeriod() throws {
    for month in ["2025-12", "2026-03"] {
      let contract = try Self.contract(",\"until\":\"2026-02-10\"")
      #expect(try Self.run(contract, month).period.isEmpty)
    }
  }

  /// A meter nobody has defined is a fault, never a zero.
  @Test func aMissingMeterIsAFault() throws {
    let run = try Self.run(Self.contract())
    #expect(throws: Fault(.unknownReference, "there is no meter `time`")) {
      try run.rate(UsageTable())
    }
  }

  @Test func anInvoiceIsNamedByContractAndMonth() throws {
    let key = try Invoice.key(
      contract: ContractKey(String(repeating: "c", count: 64)), month: BillingMonth("2026-01"))
    #expect(key.text.hasSuffix("c~2026-01"))
    #expect(InvoiceNumber(series: "INV", sequence: 7).description == "INV-000007")
    #expect(InvoiceNumber(series: "INV", sequence: 1_234_567).description == "INV-1234567")
  }
}
