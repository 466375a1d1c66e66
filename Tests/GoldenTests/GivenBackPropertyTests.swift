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
    var credited = 0
    try Self.forEachCase { one, name in
      let agreed = Agreed(&one)
      let invoice = try agreed.billed(agreed.fees)
      for complaint in try Self.complaints(about: invoice) {
        Issue.record("\(name): \(complaint)")
      }
      let notes = try Self.notes(on: invoice, &one)
      credited += notes.count
      for complaint in try Self.complaints(about: invoice, notes, agreed, &one) {
        Issue.record("\(name): \(complaint)")
      }
    }
    #expect(credited > Self.cases)
  }

  @Test func noMoreIsInDisputeThanIsOpen() throws {
    var disputed = 0
    try Self.forEachCase { one, name in
      let agreed = Agreed(&one)
      var books = DisputedBooks(try agreed.billed(agreed.fees))
      for _ in 0..<one.number(2...10) {
        let told = try books.act(&one)
        guard let complaint = books.complaint else { continue }
        Issue.record("\(name), \(told): \(complaint)")
        break
      }
      disputed += books.count
    }
    #expect(disputed > Self.cases)
  }

  /// Each case has a seed of its own, and a name that says it.
  private static func forEachCase(
    _ body: (inout SeededRandom, _ name: String) throws -> Void
  ) rethrows {
    var random = SeededRandom(seed: SeededRandom.runSeed)
    for number in 0..<cases {
      let seed = random.next()
      var one = SeededRandom(seed: seed)
      try body(&one, "case \(number), seed \(seed)")
    }
  }

  // MARK: The bill

  private static func complaints(about invoice: IssuedInvoice) throws -> [String] {
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
    on invoice: IssuedInvoice, _ random: inout SeededRandom
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
    about invoice: IssuedInvoice, _ notes: [IssuedCreditNote], _ agreed: Agreed,
    _ random: inout SeededRandom
  ) throws -> [String] {
    var complaints: [String] = []
    let back = notes.reduce(Int128(0)) { $0 + $1.total.amountMinor }
    if notes.contains(where: { $0.total.amountMinor > 0 }) { complaints.append("a note charges") }
    if -back > invoice.total.amountMinor {
      complaints.append("\(-back) went back of \(invoice.total)")
    }
    let known = [invoice.key: notes]
    let unchanged = try InvoiceCorrections(of: invoice, later: [], notes: known)
      .lines(agreed.lines(agreed.fees))
    if !unchanged.isEmpty {
      complaints.append("\(unchanged.count) lines are corrected for nothing")
    }
    let fees = agreed.fees.map { random.chance(60) ? random.number(0...$0) : $0 }
    let again = try InvoiceCorrections(of: invoice, later: [], notes: known).lines(
      agreed.lines(fees))
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

/// What is claimed of a bill and credited, in any order.
private struct DisputedBooks {
  private let invoice: IssuedInvoice
  private var notes: [IssuedCreditNote] = []
  private var disputes: [OpenDispute] = []
  /// How many disputes there were.
  private(set) var count = 0

  init(_ invoice: IssuedInvoice) { self.invoice = invoice }

  private func claims(of disputes: [OpenDispute] = []) throws -> Claims {
    var claims = try Claims(on: invoice, others: [], notes: [invoice.key: notes])
    for dispute in disputes { try claims.add(dispute.claimed, of: dispute.line) }
    return claims
  }

  private var open: Money {
    let minor = notes.reduce(invoice.total.amountMinor) { $0 + $1.total.amountMinor }
    return Money(minor: minor, invoice.currency)
  }

  /// What is wrong.
  var complaint: String? {
    let held = disputes.map(\.held.amountMinor)
    if held.contains(where: { $0 < 0 }) { return "less than nothing is in dispute" }
    let sum = held.reduce(0, +)
    return sum > open.amountMinor ? "\(sum) of \(open) open cents are in dispute" : nil
  }

  /// Does something, or nothing where it may not be done; what it was.
  mutating func act(_ random: inout SeededRandom) throws -> String {
    let line = random.pick(invoice.lines)
    let most = max(1, Int(abs(line.billed.amount.amountMinor)))
    let amount = Fixed(units: Int128(random.number(1...most)), places: 2)
    do {
      switch random.number(0...4) {
      case 0, 1: return try dispute(line.key, random.chance(50) ? amount : nil)
      case 2, 3:
        let isAll = random.chance(10)
        try note(isAll ? nil : [.init(line: line.key, amount: amount)])
        return "a note over \(isAll ? "all" : "\(amount) of \(line.key)")"
      default: return try grant(&random)
      }
    } catch let fault as Fault {
      #expect([.invalidValue, .wrongInvoiceStatus].contains(fault.code), "\(fault)")
      return "nothing"
    }
  }

  private mutating func dispute(_ key: String, _ amount: Fixed?) throws -> String {
    guard !disputes.contains(where: { $0.line == key }) else { return "nothing" }
    let line = try DisputedLine(key, after: claims(of: disputes))
    let claim = try line.claim(amount)
    disputes.append(OpenDispute(line: key, claimed: claim, held: try line.gross(of: claim)))
    count += 1
    return "a dispute of \(key)"
  }

  /// Credits what is claimed; what others claim stays.
  private mutating func grant(_ random: inout SeededRandom) throws -> String {
    guard !disputes.isEmpty else { return "nothing" }
    let place = random.number(0...disputes.count - 1)
    let earlier = Array(disputes[..<place])
    let dispute = disputes.remove(at: place)
    let line = try DisputedLine(dispute.line, after: claims(of: earlier))
    guard let claim = dispute.claimed else { return "nothing" }
    let before = disputes.compactMap(\.claimed)
    try note(line.parts(of: claim), isGrant: true)
    #expect(disputes.compactMap(\.claimed) == before, "of \(dispute.line) others' claims went")
    return "what was claimed of \(dispute.line)"
  }

  private mutating func note(_ parts: [CreditNote.Part]?, isGrant: Bool = false) throws {
    let before = try claims()
    let note = try CreditNote(
      of: invoice, parts: parts, reason: "test", notes: [invoice.key: notes])
    notes.append(try IssuedCreditNote(note.document, in: invoice.currency))
    disputes = try OpenDispute.left(
      of: disputes, by: isGrant ? [] : parts ?? [], before: before, after: claims(), open: open
    ).compactMap(\.self)
  }
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
    let run = MonthRating(try contract(fees), BillingMonth(year: 2026, month: 1)!, zone: .utc)
    return MonthRating.lines(
      try run.rate(UsageTable([UsageRequest: UsageResult]())).lines, evidence: [:])
  }

  func billed(_ fees: [Int]) throws -> IssuedInvoice {
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
    return try IssuedInvoice(
      invoice.document, key: Invoice.key(contract: ContractKey("agreed"), month: month),
      number: InvoiceNumber(series: "INV", sequence: 1), month: month)
  }
}
