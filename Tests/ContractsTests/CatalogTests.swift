import Base
import Contracts
import Testing

struct CatalogTests {
  /// Two customers, a contract each, and two engines, the first of which changes hands in June.
  static func catalog() throws -> Catalog {
    func contract(_ customer: String) throws -> Contract {
      let text = """
        {"customer":"\(customer)","currency":"USD","zone":"UTC","from":"2013-01-01","clauses":[]}
        """
      return try Contract(Node(parsed(text)), key: ContractKey("\(customer)-power"))
    }
    return Catalog(
      customers: try ["9E", "HA"].map { Customer(key: try CustomerKey($0), name: $0) },
      assets: [
        try asset("N2", ("HA-power", "2013-01-01", nil)),
        try asset(
          "N1", ("9E-power", "2013-01-01", "2013-06-01"), ("HA-power", "2013-06-01", "2013-09-01"),
          ("9E-power", "2013-09-01", nil)),
      ],
      contracts: [try contract("9E"), try contract("HA")])
  }

  static func asset(
    _ key: String, _ assignments: (contract: String, from: String, until: String?)...
  ) throws -> Asset {
    let list = assignments.map { assignment in
      let until = assignment.until.map { #","until":"\#($0)T00:00:00Z""# } ?? ""
      return
        #"{"contract":"\#(assignment.contract)","from":"\#(assignment.from)T00:00:00Z"\#(until)}"#
    }
    let text = #"{"assignments":[\#(list.joined(separator: ","))]}"#
    return try Asset(Node(parsed(text)), key: AssetKey(key))
  }

  static func month(_ text: String) throws -> Period { try BillingMonth(text).period(in: .utc) }

  /// A contract, a month, and whose events count then: subject, from, until.
  @Test(arguments: [
    ("9E-power", "2013-03", ["9E 03-01..04-01", "N1 03-01..04-01"]),
    ("HA-power", "2013-03", ["HA 03-01..04-01", "N2 03-01..04-01"]),
    ("9E-power", "2013-07", ["9E 07-01..08-01"]),
    ("HA-power", "2013-07", ["HA 07-01..08-01", "N1 07-01..08-01", "N2 07-01..08-01"]),
    ("9E-power", "2012-12", ["9E 12-01..01-01"]),
  ])
  func anEventCountsTowardsTheContractItsAssetServes(
    contract: String, month: String, expected: [String]
  ) throws {
    let catalog = try Self.catalog()
    let agreed = try #require(catalog.contracts[ContractKey(contract)])
    let stretches = catalog.subjects(of: agreed, in: try Self.month(month))
    #expect(stretches.map { Self.text($0.subject, $0.1) } == expected)
  }

  @Test func anAssetThatChangesHandsWithinThePeriodIsSplit() throws {
    let catalog = try Self.catalog()
    let year = Period(
      start: try Self.month("2013-01").start, end: try Self.month("2013-12").end)
    let first = catalog.subjects(of: catalog.contracts[try ContractKey("9E-power")]!, in: year)
    #expect(
      first.map { Self.text($0.subject, $0.1) }
        == ["9E 01-01..01-01", "N1 01-01..06-01", "N1 09-01..01-01"])
    let second = catalog.subjects(of: catalog.contracts[try ContractKey("HA-power")]!, in: year)
    #expect(
      second.map { Self.text($0.subject, $0.1) }
        == ["HA 01-01..01-01", "N1 06-01..09-01", "N2 01-01..01-01"])
  }

  /// A customer with one engine may call both `9E`: each event still counts once, as the engine's.
  @Test func aSubjectThatNamesAnAssetAndACustomerIsTheAsset() throws {
    let before = try Self.catalog()
    let catalog = Catalog(
      customers: Array(before.customers.values),
      assets: [try Self.asset("9E", ("9E-power", "2013-02-01", nil))],
      contracts: Array(before.contracts.values))
    let contract = try #require(catalog.contracts[ContractKey("9E-power")])
    let stretches = catalog.subjects(of: contract, in: try Self.month("2013-03"))
    #expect(stretches.map { Self.text($0.subject, $0.1) } == ["9E 03-01..04-01"])
    let early = try #require(Instant("2013-01-15T00:00:00Z"))
    #expect(catalog.subjects(of: contract, in: try Self.month("2013-01")).isEmpty)
    #expect(catalog.doubt(aboutSubject: "9E", at: early) == .unassignedSubject)
  }

  static func text(_ subject: String, _ period: Period) -> String {
    func day(_ instant: Instant) -> Substring { instant.description.dropFirst(5).prefix(5) }
    return "\(subject) \(day(period.start))..\(day(period.end))"
  }

  /// The subject of an event, when, and why it would reach no contract; nil where it does.
  @Test(
    arguments: [
      (nil, "2013-03-01", .unknownSubject), ("", "2013-03-01", .unknownSubject),
      ("N9", "2013-03-01", .unknownSubject), ("no key at all", "2013-03-01", .unknownSubject),
      (String(repeating: "x", count: 65), "2013-03-01", .unknownSubject),
      ("N1", "2013-03-01", nil), ("N1", "2012-12-31", .unassignedSubject),
      ("N2", "2012-12-31", .unassignedSubject), ("N2", "2999-01-01", nil),
      ("9E", "2013-03-01", nil), ("9e", "2013-03-01", .unknownSubject),
    ] as [(String?, String, Fault.Code?)])
  func saysWhyAnEventReachesNoContract(
    subject: String?, day: String, doubt: Fault.Code?
  ) throws {
    let instant = try #require(Instant(day + "T00:00:00Z"))
    #expect(try Self.catalog().doubt(aboutSubject: subject, at: instant) == doubt)
  }

  @Test func listsTheContractsOfACustomer() throws {
    let catalog = try Self.catalog()
    #expect(catalog.contracts(of: try CustomerKey("HA")).map(\.key.text) == ["HA-power"])
    #expect(catalog.contracts(of: try CustomerKey("DL")).isEmpty)
  }

  @Test func readingHearsWhatADocumentSpeaksOf() throws {
    func heard<Document: CatalogDocument>(_ text: String, _: Document.Type) throws -> [String] {
      let mentions = ReferenceCollector()
      _ = try? Document(Node(parsed(text), at: "/d", mentions: mentions), key: Key("k"))
      return mentions.list.map { "\($0.kind.noun) \($0.key) \($0.pointer)" }
    }
    let assignments = #"{"contract":"c","from":"2013-01-01T00:00:00Z"},{"contract":"d"}"#
    // Also where a fault makes an end of it.
    #expect(
      try heard(#"{"assignments":[\#(assignments)]}"#, Asset.self) == [
        "contract key c /d/assignments/0/contract", "contract key d /d/assignments/1/contract",
      ])
    #expect(
      try heard(ContractTests.documents[1], Contract.self) == [
        "customer key 9E /d/customer", "meter key engine-time /d/clauses/0/hours",
        "meter key cycles /d/clauses/0/cycles", "meter key derate-time /d/clauses/0/derate/meter",
        "meter key dust-time /d/clauses/0/environment/0/meter",
        "meter key salt-time /d/clauses/0/environment/1/meter",
        "meter key engine-time /d/clauses/1/hours", "meter key cycles /d/clauses/1/cycles",
        "meter key engine-time /d/value/used", "meter key planned-time /d/value/planned",
      ])
    #expect(
      try heard(IndexTermsTests.contract(IndexTermsTests.published), Contract.self).last
        == "index series key labour /d/clauses/0/index/escalation/components/0/series")
  }
}

extension Catalog {
  fileprivate func doubt(aboutSubject subject: String?, at instant: Instant) -> Fault.Code? {
    guard let subject else {
      return doubt(aboutSubject: nil as UnsafeRawBufferPointer?, at: instant)
    }
    return Array(subject.utf8).withUnsafeBytes { doubt(aboutSubject: $0, at: instant) }
  }
}
