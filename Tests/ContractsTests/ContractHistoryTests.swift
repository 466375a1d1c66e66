import Base
import Contracts
import Testing

/// Which version of a contract holds when.
struct ContractHistoryTests {
  /// A contract from the middle of January, with a note to tell its versions by.
  static func version(
    _ note: String, effective: String? = nil, zone: String = "UTC", customer: String = "acme"
  ) throws -> Contract {
    let day = effective.map { #","effective":"\#($0)""# } ?? ""
    return try read(
      """
      {"customer":"\(customer)","currency":"EUR","zone":"\(zone)","from":"2013-01-16",
       "clauses":[],"note":"\(note)"\(day)}
      """)
  }

  static func history(_ versions: Contract...) -> ContractHistory {
    var history = ContractHistory(versions[0])
    for version in versions.dropFirst() { history.append(version) }
    return history
  }

  /// The first, one from March on, one from June on, and one that corrects all from April on.
  @Test(arguments: [
    ("2013-01", "a", "a", "a"), ("2013-02", "a", "a", "a"), ("2013-03", "b", "b", "b"),
    ("2013-04", "b", "b", "d"), ("2013-05", "b", "b", "d"), ("2013-06", "b", "c", "d"),
    ("2014-06", "b", "c", "d"), ("2012-06", "a", "a", "a"),
  ])
  func theNewestVersionThatHasTakenEffectHolds(
    month: String, two: String, three: String, four: String
  ) throws {
    let versions = [
      try Self.version("a"), try Self.version("b", effective: "2013-03-01"),
      try Self.version("c", effective: "2013-06-01"),
      try Self.version("d", effective: "2013-04-01"),
    ]
    for (count, expected) in [(1, "a"), (2, two), (3, three), (4, four)] {
      var history = ContractHistory(versions[0])
      for version in versions[1..<count] { history.append(version) }
      let found = try #require(history.inForce(in: BillingMonth(month)).first).version
      #expect(found.contract.note == expected, "\(count) versions")
      #expect(found.contract == versions[found.number - 1])
    }
  }

  @Test func aClauseThatIsGoneKeepsItsTax() throws {
    func version(_ clauses: [String], _ taxes: String, from day: String) throws -> Contract {
      let list = clauses.map { #"{"key":"\#($0)","kind":"flatFee","amount":"1.00"}"# }
        .joined(separator: ",")
      return try read(
        """
        {"customer":"acme","currency":"EUR","zone":"UTC","from":"2013-01-16","effective":"\(day)",
         "clauses":[\(list)],"taxes":[\(taxes)]}
        """)
    }
    let high = #"{"tax":"high"}"#
    let first = try version(
      ["fee", "rent"], #"{"tax":"low","clauses":["fee"]},\#(high)"#, from: "2013-01-16")
    let second = try version(
      ["more"], #"{"tax":"zero","clauses":["more"]}"#, from: "2013-02-10")
    let newest = Self.history(first, second).newest
    #expect(newest.tax(on: "fee")?.text == "low" && newest.namesTax(on: "fee"))
    #expect(newest.tax(on: "rent")?.text == "high" && !newest.namesTax(on: "rent"))
    #expect(newest.tax(on: "more")?.text == "zero" && newest.tax(on: nil) == nil)
    #expect(newest.saysTheSame(as: second))
    let third = try version(["fee"], high, from: "2013-03-10")
    #expect(Self.history(first, second, third).newest.tax(on: "fee")?.text == "high")
  }

  @Test func aVersionForTheWholeTimeReplacesAll() throws {
    let history = Self.history(
      try Self.version("a"), try Self.version("b", effective: "2013-03-01"), try Self.version("c"))
    for month in ["2013-01", "2013-02", "2013-03"] {
      #expect(history.inForce(in: try BillingMonth(month)).first?.contract.note == "c")
    }
  }

  /// Versions that take over within a month, by the days from which they hold.
  @Test(arguments: [
    ([], "a from 16"),
    (["2013-01-20"], "a from 16, b from 20"),
    // The one that came last holds from its day on, whatever was agreed for later days before.
    (["2013-01-25", "2013-01-20"], "a from 16, c from 20"),
    (["2013-01-20", "2013-01-25"], "a from 16, b from 20, c from 25"),
    (["2013-01-20", "2013-01-16"], "c from 16"),
    (["2013-02-01"], "a from 16"),
  ])
  func versionsTakeOverWithinAMonth(days: [String], expected: String) throws {
    var history = ContractHistory(try Self.version("a"))
    for (note, day) in zip(["b", "c"], days) {
      history.append(try Self.version(note, effective: day))
    }
    let stretches = history.inForce(in: try BillingMonth("2013-01"))
    let text = stretches.map { "\($0.contract.note ?? "") from \($0.from.day)" }
    #expect(text.joined(separator: ", ") == expected)
  }

  @Test func beforeTheFirstVersionTakesEffectNoneHolds() throws {
    let history = Self.history(try Self.version("a", effective: "2013-03-01"))
    #expect(history.inForce(in: try BillingMonth("2013-02")).isEmpty)
    #expect(history.inForce(in: try BillingMonth("2013-03")).map(\.version.number) == [1])
  }

  /// For asking what would have been: one version throughout, under its own number.
  @Test func oneVersionMayBeHeld() throws {
    var catalog = Catalog()
    for (note, day) in [("a", nil), ("b", "2013-03-01"), ("c", "2013-06-01")] {
      catalog.put(try Self.version(note, effective: day))
    }
    let key = try ContractKey("k")
    try catalog.hold(2, of: key)
    for month in ["2013-01", "2013-04", "2014-01"] {
      let held = catalog.histories[key]?.inForce(in: try BillingMonth(month)) ?? []
      #expect(held.map(\.contract.note) == ["b"])
      #expect(held.map(\.version.number) == [2])
    }
    #expect(throws: Fault.self) { try catalog.hold(9, of: key) }
    #expect(throws: Fault.self) { try catalog.hold(1, of: ContractKey("other")) }
  }

  @Test func aLaterVersionKeepsCustomerAndCalendar() throws {
    let history = Self.history(try Self.version("a"))
    let other = try Self.version(
      "b", effective: "2013-03-01", zone: "Europe/Berlin", customer: "bird")
    #expect(history.faults(of: other).map(\.pointer) == ["/customer", "/zone"])
    #expect(history.faults(of: try Self.version("b", effective: "2013-03-01")).isEmpty)
    // One that holds from the start leaves nothing of the one before.
    #expect(history.faults(of: try Self.version("b", zone: "Europe/Berlin")).isEmpty)
  }

  private static func ending(_ day: String?, effective: String? = nil) throws -> Contract {
    let until = day.map { #","until":"\#($0)""# } ?? ""
    let from = effective.map { #","effective":"\#($0)""# } ?? ""
    return try read(
      """
      {"customer":"acme","currency":"EUR","zone":"UTC","from":"2013-01-16",
       "clauses":[],"note":"a"\(until)\(from)}
      """)
  }

  @Test func theEndIsWhatTheNewestVersionSays() throws {
    var history = ContractHistory(try Self.version("a"))
    history.append(try Self.ending("2013-05-16", effective: "2013-04-01"))
    #expect(
      try history.inForce(in: BillingMonth("2013-02"))[0].contract.until?.description
        == "2013-05-16")
    history.append(try Self.ending(nil, effective: "2013-05-16"))
    #expect(history.versions.allSatisfy { $0.contract.until == nil })
  }

  @Test func aVersionThatTakesEffectAsItEndsHoldsOnNoDay() throws {
    let history = Self.history(
      try Self.version("a"), try Self.ending("2013-03-10", effective: "2013-03-10"))
    #expect(try history.inForce(in: BillingMonth("2013-03")).map(\.version.number) == [1])
  }

  /// January to March are final.
  @Test(
    arguments: [
      (nil, nil, nil), ("2013-04-01", nil, nil), ("2013-03-31", nil, "/until"),
      ("2013-06-01", "2013-02-10", nil), ("2013-06-01", "2013-06-01", nil),
    ] as [(String?, String?, String?)])
  func nothingButTheEndMayChangeWhatIsFinal(
    until: String?, effective: String?, pointer: String?
  ) throws {
    let closed = ContractHistory.Closed(
      invoice: "INV-000003", end: CivilDate(year: 2013, month: 4, day: 1)!)
    let history = Self.history(try Self.version("a"))
    let next = try Self.ending(until, effective: effective)
    #expect(history.faults(of: next, closed: closed).map(\.pointer) == [pointer].compactMap { $0 })
    let other = try Self.version("b", effective: effective)
    let isLate = effective == "2013-06-01"
    #expect(
      history.faults(of: other, closed: closed).map(\.pointer) == (isLate ? [] : ["/effective"]))
  }
}
