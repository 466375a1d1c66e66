import Base
import Contracts
import Metering
import Rating
import Testing
import Workflow

/// The least and the most of a whole document, as a person would check them.
struct DocumentBoundsGoldenTests {
  /// A fee of that amount, and bounds; the contract begins in the middle of April.
  private static func lines(_ fee: String, _ bounds: JSON, of month: String) throws -> [RatedLine] {
    let document: JSON = [
      "customer": "acme", "currency": "EUR", "zone": "UTC", "from": "2026-04-16",
      "clauses": [
        [
          "key": "fee", "kind": "recurringFee", "amount": .string(fee), "every": "month",
          "day": 1, "proration": "none",
        ]
      ],
      "invoicing": bounds,
    ]
    let contract = try Contract(Node(document), key: ContractKey("agreed"))
    let run = MonthRating(contract, try BillingMonth(month), zone: .utc)
    return try run.rate(UsageTable([UsageRequest: UsageResult]())).lines
  }

  @Test func bothBounds() throws {
    let bounds: JSON = ["minimum": "1000.00", "maximum": "1500.00"]
    let april = try Self.lines("420.00", bounds, of: "2026-04")
    let may = try Self.lines("1720.00", bounds, of: "2026-05")
    #expect(
      """
      \(lineText(april[1]))
      \(april[1].derivation.sentence)

      \(lineText(may[2]))
      \(may[2].derivation.sentence)
      """ == """
        Minimum of the document: 1 document, 80.00 EUR
          0.5    share = active seconds / seconds
                 active seconds = 1296000, seconds = 2592000
          500    least = minimum * share
                 minimum = 1000.00, share = 0.5
          80.00  amount = round(max(0, least - sum))
                 least = 500, sum = 420.00
        waterfall
          Minimum of the document  80.00
          line                     80.00
        All lines come to 420.00 EUR and at least 500.00 EUR are due: 80.00 EUR.

        Maximum of the document: 1 document, -220.00 EUR
          -220.00  amount = -round(max(0, sum - most))
                   sum = 1720.00, most = 1500.00
        waterfall
          Maximum of the document  -220.00
          line                     -220.00
        All lines come to 1,720.00 EUR and at most 1500.00 EUR are due: -220.00 EUR.
        """)
    #expect(april.map(\.key) == ["fee/2026-04-16", "document/minimum", "document/maximum"])
    #expect(april.map(\.stage) == [.usage, .minimum, .cap])
  }

  @Test(
    "Never below the least, never above the most",
    arguments: [
      ("0.00", "1000.00"), ("999.99", "1000.00"), ("1000.00", "1000.00"), ("1000.01", "1000.01"),
      ("1500.00", "1500.00"), ("1500.01", "1500.00"),
    ])
  func within(fee: String, total: String) throws {
    let lines = try Self.lines(fee, ["minimum": "1000", "maximum": "1500"], of: "2026-05")
    let sum = try lines.reduce(Money.zero(Currency("EUR"))) { try $0 + $1.amount }
    #expect(sum.description == total)
  }

  /// What was paid before pays what comes of the bounds.
  @Test func prepaidCreditComesBehind() throws {
    let document: JSON = [
      "customer": "acme", "currency": "EUR", "zone": "UTC", "from": "2026-04-01",
      "clauses": [
        [
          "key": "credit", "kind": "prepaidCredit",
          "grants": [["name": "welcome", "amount": "70.00", "from": "2026-04"]],
        ],
        ["key": "fee", "kind": "flatFee", "amount": "10.00"],
      ],
      "invoicing": ["minimum": "100.00"],
    ]
    let contract = try Contract(Node(document), key: ContractKey("agreed"))
    let run = MonthRating(contract, try BillingMonth("2026-04"), zone: .utc)
    #expect(
      try run.rate(UsageTable([UsageRequest: UsageResult]())).lines.map { "\($0.key) \($0.amount)" }
        == [
          "fee 10.00", "document/minimum 90.00", "credit -70.00",
        ])
  }

  @Test(
    "What cannot be agreed",
    arguments: [
      (#"{"minimum":"2","maximum":"1"}"#, "/invoicing/maximum"),
      (#"{"minimum":"-1"}"#, "/invoicing/minimum"),
    ])
  func refused(bounds: String, pointer: String) throws {
    let bounds = try JSON(parsing: Array(bounds.utf8))
    let faults = #expect(throws: Faults.self) { _ = try Self.lines("1", bounds, of: "2026-05") }
    #expect(faults?.list.map(\.pointer) == [pointer])
  }

  @Test func aClauseMayNotTakeTheName() throws {
    let document: JSON = [
      "customer": "acme", "currency": "EUR", "zone": "UTC", "from": "2026-04-01",
      "clauses": [["key": "document", "kind": "flatFee", "amount": "1.00"]],
    ]
    let faults = #expect(throws: Faults.self) {
      _ = try Contract(Node(document), key: ContractKey("agreed"))
    }
    #expect(faults?.list.map(\.pointer) == ["/clauses/0/key"])
  }
}
