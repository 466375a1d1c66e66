import Base
import Contracts
import TestSupport
import Testing

/// A labour index as its office published it: late, revised, and on a new base from March on.
struct IndexSeriesTests {
  static let document = """
    {"name":"Labour","places":1,"publications":[\
    {"month":"2013-01","published":"2013-02-25","value":"149.1"},\
    {"month":"2013-01","published":"2013-08-25","value":"149.4"},\
    {"month":"2013-02","published":"2013-03-25","value":"149.6"},\
    {"month":"2013-03","published":"2013-04-25","value":"105.0"},\
    {"month":"2013-04","published":"2013-05-25","value":"105.4"}],\
    "rebasings":[{"from":"2013-03","old":"149.8","new":"105.0"}]}
    """

  static func series() throws -> IndexSeries { try read(document) }

  @Test func writesBackTheDocumentItRead() throws {
    #expect(try Self.series().json.text == Self.document)
    let shuffled: IndexSeries = try read(
      """
      {"places":2,"publications":[{"month":"2013-02","published":"2013-03-25","value":149.6},
       {"month":"2013-01","published":"2013-08-25","value":"149.4"},
       {"published":"2013-02-25","month":"2013-01","value":"149.10"}]}
      """)
    #expect(
      shuffled.json.text == """
        {"places":2,"publications":[\
        {"month":"2013-01","published":"2013-02-25","value":"149.10"},\
        {"month":"2013-01","published":"2013-08-25","value":"149.40"},\
        {"month":"2013-02","published":"2013-03-25","value":"149.60"}]}
        """)
  }

  /// A month, the day on which one asks, and the value with the month it is of.
  @Test(
    arguments: [
      ("2013-01", nil, .first, "149.1 of 2013-01"), ("2013-01", nil, .latest, "149.4 of 2013-01"),
      ("2013-01", "2013-08-24", .latest, "149.1 of 2013-01"),
      ("2013-01", "2013-08-25", .latest, "149.4 of 2013-01"),
      ("2013-01", "2013-08-25", .first, "149.1 of 2013-01"),
      ("2013-02", "2013-03-24", .first, "149.1 of 2013-01"),
      ("2013-02", "2013-03-25", .first, "149.6 of 2013-02"),
      ("2013-09", nil, .first, "105.4 of 2013-04"), ("2012-12", nil, .first, nil),
      ("2013-01", "2013-02-24", .first, nil),
    ] as [(String, String?, IndexRevisions, String?)])
  func aValueIsWhatWasKnown(
    month: String, day: String?, revisions: IndexRevisions, expected: String?
  ) throws {
    let known = try day.map { try Node.date(Node(.string($0))) }
    func reading() throws -> IndexReading {
      try Self.series().reading(BillingMonth(month), revisions, known: known)
    }
    guard let expected else {
      #expect(fault { try reading() }?.code == .missingIndexValue)
      return
    }
    let found = try reading()
    #expect("\(found.published) of \(found.valueMonth)" == expected)
    #expect(found.isProvisional == !expected.hasSuffix(month))
  }

  /// A month, a month on whose base its value is asked for, and that value exactly.
  @Test(arguments: [
    ("2013-02", nil, "149.6"), ("2013-03", nil, "149.8"), ("2013-04", nil, "56389/375"),
    ("2013-04", "2013-02", "56389/375"), ("2013-04", "2013-03", "105.4"),
    ("2013-02", "2013-03", "11220/107"), ("2013-02", "2013-01", "149.6"),
  ])
  func valuesOfTwoBasesAreLinkedExactly(month: String, base: String?, expected: String) throws {
    let reading = try Self.series().reading(
      BillingMonth(month), onBaseOf: base.map { try BillingMonth($0) })
    #expect(try reading.value.description == expected)
  }

  @Test func aMeanIsRoundedToThePlacesOfTheSeries() throws {
    let window = IndexWindow(months: 3, lag: 12)
    let april = try BillingMonth("2014-04")
    #expect(window.months(before: april).map(\.description) == ["2013-02", "2013-03", "2013-04"])
    let mean = try Self.series().mean(window, before: april)
    // (149.6 + 149.8 + 105.4 x 149.8 / 105.0) / 3 = 149.923...
    #expect(mean.value.description == "149.9")
    #expect(mean.exact.description == "168664/1125")
    #expect(!mean.isProvisional)
    let late = try Self.series().mean(window, before: april.next)
    #expect(late.isProvisional)
    #expect(late.readings.map(\.isProvisional) == [false, false, true])
  }

  @Test func publicationsAreAddedAndMayBeSaidAgain() throws {
    let series = try Self.series()
    func publication(_ day: String, _ value: String) throws -> IndexSeries.Publication {
      try .init(
        month: BillingMonth("2013-05"), published: Node.date(Node(.string(day))),
        value: Fixed(value))
    }
    let more = try series.adding([publication("2013-06-25", "105.6")])
    #expect(more.publications.count == 6)
    #expect(try more.adding([publication("2013-06-25", "105.60")]) == more)
    #expect(try more.adding([publication("2013-07-25", "105.7")]).publications.count == 7)
    #expect(
      fault { try more.adding([publication("2013-06-25", "105.7")]) }?.code == .invalidValue)
  }

  static let unsound: [(was: String, becomes: String, expected: [String])] = [
    (#""places":1"#, #""places":10"#, ["invalid_value /places"]),
    ("149.4", "149.41", ["invalid_value /publications"]),
    ("2013-08-25", "2013-02-25", ["invalid_value /publications"]),
    ("2013-08-25", "2013-02-30", ["invalid_value /publications/1/published"]),
    (#""month":"2013-04","#, "", ["missing_field /publications/4/month"]),
    (#""value":"105.4""#, #""value":"-1""#, ["invalid_value /publications/4/value"]),
    (#""new":"105.0""#, #""new":"0""#, ["invalid_value /rebasings"]),
    (
      #""new":"105.0"}]"#, #""new":"105.0"},{"from":"2013-03","old":"1","new":"1"}]"#,
      ["invalid_value /rebasings"]
    ),
  ]

  @Test(arguments: unsound)
  func tellsWhatIsWrong(was: String, becomes: String, expected: [String]) {
    let changed = Self.document.replacing(was, with: becomes)
    #expect(changed != Self.document)
    #expect(faultTexts(of: changed, as: IndexSeries.self) == expected)
  }
}
