import Base
import Contracts
import Metering
import Rating
import Settlement
import TestSupport
import Testing
import Workflow

/// What holds of any bill of fees, coupons, bounds and credit at several taxes, and of whatever is
/// given back of it, over seeded contracts: nothing falls below zero, shares and taxes add up, and
/// no more goes back than came, whichever is first, the note or the correction.
struct GivenBackPropertyTests {
  private static let cases = 1500
  private static let currency = try! Currency("EUR")
  private static let month = BillingMonth(year: 2026, month: 1)!

  @Test func noMoreGoesBackThanCame() throws {
    var random = SeededRandom(seed: SeededRandom.runSeed)
    var credited = 0
    for number in 0..<Self.cases {
      let seed = random.next()
      var one = SeededRandom(seed: seed)
      let agreed = Agreed(&one)
      let invoice = try agreed.billed(agreed.fees)
      for complaint in try Self.complaints(about: invoice) {
        Issue.record("case \(number), seed \(seed): \(complaint)")
      }
      let notes = try Self.notes(on: invoice, &one)
      credited += notes.count
      for complaint in try Self.complaints(about: invoice, notes, agreed, &one) {
        Issue.record("case \(number), seed \(seed): \(complaint)")
      }
    }
    #expect(credited > Self.cases)
  }

  // MARK: The bill

  private static func complaints(about invoice: BilledInvoice) throws -> [String] {
    let lines = invoice.document["lines"]?.elements ?? []
    var left: [String: Int128] = [:]
    var complaints: [String] = []
    for line in lines {
      let (key, amount) = (text(line["key"]), try minor(line["amount"]))
      let shares = line["shares"]?.elements ?? []
      let sum = try shares.reduce(Int128(0)) { try $0 + minor($1["amount"]) }
      if !shares.isEmpty, sum != amount { complaints.append("\(key): its shares are \(sum)") }
      if shares.isEmpty { left[key, default: 0] += amount }
      for share in shares { left[text(share["line"]), default: 0] += try minor(share["amount"]) }
    }
    complaints += left.filter { $0.value < 0 }.map { "\($0.key) falls to \($0.value)" }
    let bases = try (invoice.document["taxes"]?.elements ?? []).reduce(Int128(0)) {
      try $0 + minor($1["base"])
    }
    if try bases != minor(invoice.document["net"]) { complaints.append("\(bases) are taxed") }
    return complaints + (try InvoiceInvariants.complaints(about: invoice.document))
  }

  // MARK: What goes back

  /// Notes on lines at random, some of them on too much; then often one on all that is left.
  private static func notes(
    on invoice: BilledInvoice, _ random: inout SeededRandom
  ) throws -> [IssuedCreditNote] {
    var notes: [IssuedCreditNote] = []
    func issue(_ parts: [CreditNote.Part]?) throws {
      do {
        let note = try CreditNote(
          of: invoice, parts: parts, reason: "test", notes: [invoice.key: notes])
        notes.append(try IssuedCreditNote(note.document, in: currency))
      } catch let fault as Fault {
        #expect([.invalidValue, .wrongInvoiceStatus].contains(fault.code), "\(fault)")
      }
    }
    for _ in 0..<random.number(0...6) {
      let line = random.pick(invoice.lines)
      let most = max(1, Int(abs(line.billed.amount.amountMinor)) * 5 / 4)
      try issue([
        .init(line: line.key, amount: Fixed(units: Int128(random.number(1...most)), places: 2))
      ])
    }
    if random.chance(50) { try issue(nil) }
    return notes
  }

  private static func complaints(
    about invoice: BilledInvoice, _ notes: [IssuedCreditNote], _ agreed: Agreed,
    _ random: inout SeededRandom
  ) throws -> [String] {
    var complaints: [String] = []
    let back = notes.reduce(Int128(0)) { $0 + $1.total.amountMinor }
    if notes.contains(where: { $0.total.amountMinor > 0 }) { complaints.append("a note charges") }
    if -back > invoice.total.amountMinor {
      complaints.append("\(-back) went back of \(invoice.total)")
    }
    let known = [invoice.key: notes]
    let unchanged = try Corrections(of: invoice, later: [], notes: known)
      .lines(agreed.lines(agreed.fees))
    if !unchanged.isEmpty {
      complaints.append("\(unchanged.count) lines are corrected for nothing")
    }
    let fees = agreed.fees.map { random.chance(60) ? random.number(0...$0) : $0 }
    let again = try Corrections(of: invoice, later: [], notes: known).lines(agreed.lines(fees))
    let corrected = again.reduce(Int128(0)) { $0 + $1.rated.amount.amountMinor }
    let net = try minor(invoice.document["net"])
    let noted = try notes.reduce(Int128(0)) { try $0 + minor($1.document["net"]) }
    if net + noted + corrected < 0 {
      complaints.append("\(net) less \(-noted) less \(-corrected) is below zero, fees \(fees)")
    }
    let now = try agreed.lines(fees).reduce(Int128(0)) { $0 + $1.rated.amount.amountMinor }
    if net + noted + corrected > now {
      complaints.append("\(net + noted + corrected) are owed of \(now), fees \(fees)")
    }
    return complaints
  }

  private static func text(_ json: JSON?) -> String { json?.stringValue ?? "" }

  private static func minor(_ json: JSON?) throws -> Int128 { try Fixed(text(json)).units }
}

/// Some fees at three taxes, and clauses that take off, add and pay.
private struct Agreed {
  /// In cents.
  let fees: [Int]
  private let others: [JSON]
  private let bounds: JSON

  private static let taxes = ["t20": "0.20", "t10": "0.10", "t7": "0.07"]

  init(_ random: inout SeededRandom) {
    fees = (0..<random.number(1...4)).map { _ in random.chance(10) ? 0 : random.number(0...20_000) }
    let keys = fees.indices.map { "fee\($0)" }
    others = (0..<random.number(0...4)).map { Agreed.clause("c\($0)", keys, &random) }
    bounds = .object([
      "minimum": random.chance(20) ? Agreed.amount(0...20_000, &random) : nil,
      "maximum": random.chance(20) ? Agreed.amount(20_000...40_000, &random) : nil,
    ])
  }

  private static func amount(_ cents: ClosedRange<Int>, _ random: inout SeededRandom) -> JSON {
    .decimal(Fixed(units: Int128(random.number(cents)), places: 2))
  }

  private static func clause(
    _ key: String, _ fees: [String], _ random: inout SeededRandom
  ) -> JSON {
    let named = fees.filter { _ in random.chance(50) }
    let clauses: JSON? =
      named.isEmpty || random.chance(40) ? nil : .array(named.map(JSON.string))
    let bought = random.chance(40)
    let members: [String: JSON?] =
      switch random.number(0...4) {
      case 0:
        [
          "kind": "discount",
          "coupons": [
            [
              "name": "coupon",
              random.chance(50) ? "percent" : "amount": amount(0...10_000, &random),
            ]
          ],
        ]
      case 1: ["kind": "maximumSpend", "amount": amount(0...30_000, &random)]
      case 2: ["kind": "minimumCommitment", "amount": amount(0...30_000, &random)]
      default:
        [
          "kind": "prepaidCredit",
          "grants": [
            .object([
              "name": "g", "amount": amount(0...20_000, &random), "from": "2026-01",
              "bought": bought ? "2026-01" : nil,
            ])
          ],
        ]
      }
    return .object(
      [.init("key", .string(key))]
        + members.sorted { $0.key < $1.key }.compactMap { name, value in
          value.map { JSON.Member(name, $0) }
        } + (clauses.map { [.init("clauses", $0)] } ?? []))
  }

  private func contract(_ fees: [Int]) throws -> Contract {
    let list = fees.enumerated().map { place, cents -> JSON in
      [
        "key": .string("fee\(place)"), "kind": "flatFee",
        "amount": .decimal(Fixed(units: Int128(cents), places: 2)),
      ]
    }
    let named = fees.indices.dropFirst().map { place -> JSON in
      ["tax": .string(["t10", "t7"][place % 2]), "clauses": [.string("fee\(place)")]]
    }
    // Two of one tax are one entry.
    let grouped = ["t10", "t7"].compactMap { tax -> JSON? in
      let clauses = named.filter { $0["tax"]?.stringValue == tax }
        .flatMap { $0["clauses"]?.elements ?? [] }
      return clauses.isEmpty ? nil : ["tax": .string(tax), "clauses": .array(clauses)]
    }
    let document: JSON = [
      "customer": "acme", "currency": "EUR", "zone": "UTC", "from": "2026-01-01",
      "clauses": .array(list + others), "invoicing": bounds,
      "taxes": .array([["tax": "t20"]] + grouped),
    ]
    return try Contract(Node(document), key: ContractKey("agreed"))
  }

  func lines(_ fees: [Int]) throws -> [InvoiceLine] {
    let run = BillingRun(try contract(fees), BillingMonth(year: 2026, month: 1)!, zone: .utc)
    return BillingRun.lines(
      try run.rate(UsageTable([UsageRequest: UsageAnswer]())).lines, evidence: [:])
  }

  func billed(_ fees: [Int]) throws -> BilledInvoice {
    var taxes: [TaxKey: Tax] = [:]
    for (name, rate) in Self.taxes {
      let key = try TaxKey(name)
      let document: JSON = [
        "name": .string(name), "category": "S",
        "rates": [["from": "2020-01-01", "rate": .string(rate)]],
      ]
      taxes[key] = try Tax(Node(document), key: key)
    }
    let month = BillingMonth(year: 2026, month: 1)!
    let invoice = try Invoice(
      contract: try contract(fees),
      customer: try Customer(Node(["name": "Acme"]), key: CustomerKey("acme")), month: month,
      period: month.period(in: .utc), zone: .utc,
      rules: .init(contractVersion: 1, meterVersions: [:]), lines: try lines(fees), taxes: taxes)
    return try BilledInvoice(
      invoice.document, key: Invoice.key(contract: ContractKey("agreed"), month: month),
      number: InvoiceNumber(series: "INV", sequence: 1), month: month)
  }
}
