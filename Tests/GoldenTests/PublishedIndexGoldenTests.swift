import Base
import Contracts
import Rating
import Testing

/// Domain rule G3 over published series: the same figures, read off what the offices said.
struct PublishedIndexGoldenTests {
  /// The means over 14 to 12 months before each January, by way of three months around them.
  static func series(
    _ key: String, places: Int, _ means: [(year: Int, mean: String)]
  ) throws -> IndexSeries {
    let step = Fixed(units: 3, places: places)
    return try IndexSeries(
      key: IndexSeriesKey(key), places: places,
      publications: try means.flatMap { year, mean in
        let january = BillingMonth(year: year - 1, month: 1)!
        let middle = try Fixed(mean)
        return try (-2...0).map { offset in
          let month = january.advanced(by: offset)
          let units = middle.units + Int128(offset + 1) * step.units
          return IndexSeries.Publication(
            month: month, published: CivilDate(year: year - 1, month: 2, day: 25)!,
            value: try #require(Fixed(units: units, places: places).exactly(places: places)))
        }
      })
  }

  static func terms(catchUp: Bool) throws -> EscalationTerms {
    try EscalationTerms(
      fixedShare: Fixed("0.10"),
      components: [
        .init(
          name: "labour", weight: Fixed("0.55"), base: Fixed("142.3"),
          series: IndexSeriesKey("labour")),
        .init(
          name: "material", weight: Fixed("0.35"), base: Fixed("238.64"),
          series: IndexSeriesKey("material")),
      ], window: IndexWindow(months: 3, lag: 12), floor: Fixed("0"), cap: Fixed("0.04"),
      catchUp: catchUp,
      years: (2014...2016).map { .init(from: CivilDate(year: $0, month: 1, day: 1)!, averages: []) }
    )
  }

  static func book() throws -> IndexSeriesByKey {
    let labour = try series(
      "labour", places: 1, [(2014, "149.7"), (2015, "151.1"), (2016, "151.1")])
    let material = try series(
      "material", places: 2, [(2014, "251.02"), (2015, "249.80"), (2016, "229.10")])
    return [labour.key: labour, material.key: material]
  }

  @Test func theWorkedExample() throws {
    let book = try Self.book()
    let plain = try Escalation(Self.terms(catchUp: false), book)
    let catchUp = try Escalation(Self.terms(catchUp: true), book)
    var rows = [["from", "labour", "material", "F", "E", "E with catch-up"]]
    for (year, other) in zip(plain.years, catchUp.years) {
      let means = year.steps.prefix(2).map { $0.rounded?.description ?? "-" }
      rows.append(
        ["\(year.from)"] + means + ["\(year.formula)", "\(year.factor)", "\(other.factor)"])
    }
    #expect(
      columns(rows) == """
          from        labour  material         F         E  E with catch-up
          2014-01-01   149.7    251.02  1.046759  1.040000         1.040000
          2015-01-01   151.1    249.80  1.050380  1.043598         1.050380
          2016-01-01   151.1    229.10  1.020021  1.043598         1.050380
        """)
  }

  @Test func theDerivationNamesTheMonths() throws {
    let year = try #require(Escalation(Self.terms(catchUp: false), Self.book()).years.first)
    #expect(
      stepsText(Array(year.steps.prefix(2)))
        == """
          149.7   I = round1(mean of the months)
                  2012-11 = 149.4, 2012-12 = 149.7, 2013-01 = 150.0
          251.02  I = round2(mean of the months)
                  2012-11 = 250.99, 2012-12 = 251.02, 2013-01 = 251.05
        """)
    #expect(!year.isProvisional)
  }

  /// From December 2012 on the office publishes on a new base, at half the figures: nothing
  /// changes, and the derivation shows the link.
  @Test func aNewBaseChangesNothing() throws {
    var book = try Self.book()
    let old = try #require(book[IndexSeriesKey("material")])
    let from = try BillingMonth("2012-12")
    let halved = try old.publications.map { publication in
      let value = try (publication.value.ratio / Ratio(2)).rounded(to: 3)
      return IndexSeries.Publication(
        month: publication.month, published: publication.published,
        value: publication.month < from ? publication.value : value)
    }
    book[old.key] = try IndexSeries(
      key: old.key, places: 3, publications: halved,
      rebasings: [.init(from: from, old: Fixed("251.02"), new: Fixed("125.51"))])
    let years = try Escalation(Self.terms(catchUp: false), book).years
    #expect(years.map(\.factor.description) == ["1.040000", "1.043598", "1.043598"])
    let inputs = years[0].steps[1].inputs.map { "\($0.name) = \($0.value)" }
    #expect(
      inputs == ["2012-11 = 250.990", "2012-12 = 125.510 x 2", "2013-01 = 125.525 x 2"])
  }

  /// A year behind the last publication rests on its last value, and so do those after it.
  @Test func whatIsNotYetPublishedIsProvisional() throws {
    var book = try Self.book()
    let labour = try #require(book[IndexSeriesKey("labour")])
    book[labour.key] = try IndexSeries(
      key: labour.key, places: 1, publications: Array(labour.publications.prefix(5)))
    let years = try Escalation(Self.terms(catchUp: false), book).years
    #expect(years.map(\.isProvisional) == [false, true, true])
    #expect(years[1].steps[0].inputs.last?.value == "151.1 of 2013-12, provisional")
    let first = try Escalation(
      Self.terms(catchUp: false), book, through: CivilDate(year: 2014, month: 12, day: 31)!)
    #expect(first.years.map(\.isProvisional) == [false])
  }
}
